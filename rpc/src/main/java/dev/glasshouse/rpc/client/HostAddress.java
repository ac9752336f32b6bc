package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a module is: {@code HOST[:PORT]} for a host's only one, {@code HOST:PORT/NAME} for one of
 * several, or a URL by ws, wss, http or https, in which any path may stand: a server before the
 * host then passes on what comes below it.
 *
 * @param secure whether it speaks TLS
 * @param host name or address, an IPv6 address in brackets
 * @param path empty, or segments that each begin with a slash
 */
public record HostAddress(boolean secure, String host, int port, String path) {
  /** The port of a host that is named without one, and not by a URL. */
  public static final int DEFAULT_PORT = 5555;

  private static final int MAX_PORT = 65_535;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final String PATH = "(/[^/?#]+)+";

  /** A host without TLS, at the root. */
  public HostAddress(String host, int port) {
    this(false, host, port, "");
  }

  /** Parses what a person types. */
  public static HostAddress parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean secure = lower.startsWith("wss://") || lower.startsWith("https://");
    boolean isUrl = secure || lower.startsWith("ws://") || lower.startsWith("http://");
    String rest = isUrl ? text.substring(text.indexOf("://") + 3) : text;
    String path = "";
    int slash = rest.indexOf('/');
    if (slash >= 0) {
      path = rest.substring(slash).replaceFirst("/$", "");
      rest = rest.substring(0, slash);
    }
    // Without a port it would as well be the path of a file.
    boolean mayHavePath = isUrl || rest.matches(".*:[0-9]+");
    try {
      URI uri = new URI("ws://" + rest + path).parseServerAuthority();
      boolean isPort = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= MAX_PORT);
      if (uri.getHost() == null
          || uri.getUserInfo() != null
          || !uri.getAuthority().equals(rest)
          || !isPort
          || !(path.isEmpty() || (mayHavePath && path.matches(PATH)))) {
        throw new MalformedException(wrong(text));
      }
      int standard = secure ? HTTPS_PORT : isUrl ? HTTP_PORT : DEFAULT_PORT;
      return new HostAddress(
          secure, uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort(), path);
    } catch (URISyntaxException e) {
      throw new MalformedException(wrong(text), e);
    }
  }

  private static String wrong(String text) {
    return "\""
        + text
        + "\" is no host; write HOST, HOST:PORT[/NAME] or https://HOST[:PORT][/PATH]";
  }

  /** The URL of the WebSocket for calls. */
  public URI webSocket() {
    return URI.create((secure ? "wss://" : "ws://") + host + ":" + port + path + "/");
  }

  /** The URL of what is published at a path. */
  public URI http(String below) {
    return URI.create((secure ? "https://" : "http://") + host + ":" + port + path + below);
  }

  /** The URL that people write, without a slash at its end. */
  public String url() {
    boolean isStandard = port == (secure ? HTTPS_PORT : HTTP_PORT);
    return (secure ? "https://" : "http://") + host + (isStandard ? "" : ":" + port) + path;
  }

  /** {@code HOST:PORT}; with TLS or a path, the URL. Parses to the same address. */
  @Override
  public String toString() {
    return secure || !path.isEmpty() ? url() : host + ":" + port;
  }
}
