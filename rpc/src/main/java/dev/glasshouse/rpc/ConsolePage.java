package dev.glasshouse.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page that browsers get, with which people look at a host: call, read the log and the files,
 * audit. The build makes it of {@code js/console}. Clients that are no browsers never meet it.
 */
final class ConsolePage {
  /** Below it lies all that the page consists of, by names that change with the content. */
  private static final String FOLDER = "/console/";

  // What an audit in the page replays in is what this host runs: it is not there twice.
  private static final Pattern INTERPRETER = Pattern.compile("quickjs-[A-Za-z0-9_-]+\\.wasm");
  private static final Pattern BOOTSTRAP = Pattern.compile("bootstrap-[A-Za-z0-9_-]+\\.txt");
  private static final String GUEST = "/dev/glasshouse/vm/sandbox/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");

  /**
   * Nothing inline, nothing of anybody else. WebAssembly is for audits; images are shown from
   * memory, after they were verified.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src"
          + " 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action"
          + " 'none'; frame-ancestors 'none'";

  private static final String PLACE = "name=\"glasshouse-served-by\" content=\"\"";

  private final String servedBy;

  // By name and encoding. There are few, and none is large.
  private final Map<String, HttpAnswer> made = new ConcurrentHashMap<>();

  private ConsolePage(String servedBy) {
    this.servedBy = servedBy;
  }

  /** As a host serves it: a host that lies could serve another. */
  static ConsolePage ofHost() {
    return new ConsolePage("host");
  }

  /**
   * As it is served on the machine of the person who looks at it.
   *
   * @param host whom it asks, as people write it
   */
  static ConsolePage ofUser(String host) {
    return new ConsolePage("user " + FileListing.escape(host));
  }

  /** Whether {@link #get} answers: the page where a browser asks for {@code /}, and its parts. */
  boolean covers(Asked asked) {
    return asked.path().startsWith(FOLDER)
        || (asked.path().equals("/") && asked.wantsPage() && !asked.wantsJson());
  }

  /** Answers a GET of what is covered. */
  HttpAnswer get(Asked asked) {
    boolean isPage = asked.path().equals("/");
    String name = isPage ? "index.html" : asked.path().substring(FOLDER.length());
    if (!NAME.matcher(name).matches()) {
      return HttpAnswer.notFound("there is nothing at " + asked.path());
    }
    String key = isPage + " " + asked.takesGzip() + " " + name;
    HttpAnswer kept = made.get(key);
    if (kept != null) {
      return kept;
    }
    HttpAnswer answer = isPage ? page(name) : part(name);
    if (answer.status() == 200) {
      answer = asked.takesGzip() ? gzipped(answer) : answer;
      made.put(key, answer);
    }
    return answer;
  }

  private static HttpAnswer gzipped(HttpAnswer answer) {
    byte[] compressed = Publication.gzip(answer.body());
    return new HttpAnswer(answer.status(), compressed, answer.headers())
        .with("content-encoding", "gzip");
  }

  private HttpAnswer page(String name) {
    byte[] bytes = read("page/" + name);
    if (bytes == null) {
      return HttpAnswer.notFound("this build has no page for browsers");
    }
    String html = new String(bytes, StandardCharsets.UTF_8);
    String told = html.replace(PLACE, PLACE.replace("\"\"", "\"" + servedBy + "\""));
    return secured(told.getBytes(StandardCharsets.UTF_8), MediaTypes.of(name))
        .cached("no-cache")
        .with("vary", "accept, accept-encoding");
  }

  private static HttpAnswer part(String name) {
    byte[] bytes = read(place(name));
    return bytes == null
        ? HttpAnswer.notFound("the page has no part " + name)
        : secured(bytes, MediaTypes.of(name))
            .cached(Publication.FOREVER)
            .with("vary", "accept-encoding");
  }

  private static String place(String part) {
    if (INTERPRETER.matcher(part).matches()) {
      return GUEST + "quickjs.wasm";
    }
    return BOOTSTRAP.matcher(part).matches() ? GUEST + "guest.js" : "page/console/" + part;
  }

  // A worker has the policy that its own script comes with.
  private static HttpAnswer secured(byte[] bytes, String type) {
    return HttpAnswer.ok(bytes, type)
        .with("content-security-policy", POLICY)
        .with("referrer-policy", "no-referrer");
  }

  private static byte[] read(String name) {
    try (InputStream in = ConsolePage.class.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
