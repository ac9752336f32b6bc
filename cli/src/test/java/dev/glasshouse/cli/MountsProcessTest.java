package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass exec} of two scripts on one port, as a process of its own. */
@Timeout(120)
final class MountsProcessTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path temp;
  private GlassProcess process;
  private Glass glass;

  @BeforeEach
  void write() throws IOException {
    glass = Glass.of(temp.resolve("home"));
    Files.writeString(
        temp.resolve("album.js"),
        """
        exports.add = (name, text) => System.files.writeFile('/' + name, text)
        exports.spin = () => { for (;;) {} }
        """);
    Files.writeString(
        temp.resolve("counter.js"),
        "let n = 0\nexports.a = () => { console.log('counted'); return ++n }");
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.close();
    }
  }

  /** Starts a host of both, and gives what it says first: a line for each of its files and logs. */
  private List<String> exec(String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of("exec", "album=album.js", "counter=counter.js", "--dir", "logs", "-p", "0"));
    line.addAll(List.of(more));
    process = GlassProcess.start(temp, line.toArray(String[]::new));
    List<String> said = new ArrayList<>(process.linesTo("Call log: "));
    said.addAll(process.linesTo("Call log: "));
    return said;
  }

  private void stop() throws InterruptedException {
    assertEquals(0, process.stop());
  }

  private static String get(String at, String path) throws Exception {
    URI uri = URI.create("http://" + at + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private String evaluate(String at, String expression) {
    Glass.Ran ran = glass.run("repl", at, "-e", expression);
    assertEquals(0, ran.code(), ran.err());
    return ran.out();
  }

  private void assertVerified(String what) {
    Glass.Ran ran = glass.run("verify", what);
    assertEquals(0, ran.code(), ran.out());
    assertTrue(ran.out().contains("Call log verified.\nOutput files verified.\n"), ran.out());
  }

  @Test
  void twoScriptsAreServedAndBothGoOnAfterARestart() throws Exception {
    List<String> said = exec();
    String at = Serving.at(said.get(0));
    String logs = temp.toRealPath().resolve("logs").toString();
    assertEquals("", said.get(1));
    assertEquals("Serving /album/ from directory " + logs + "/album", said.get(2));
    assertEquals("Files:    http://" + at + "/album/files/", said.get(3));
    assertTrue(said.get(4).matches("Call log: [0-9a-f]{64}"), said.get(4));
    assertEquals("Serving /counter/ from directory " + logs + "/counter", said.get(6));
    assertTrue(said.get(8).matches("Call log: [0-9a-f]{64}"), said.get(8));
    assertNotEquals(said.get(4), said.get(8));

    evaluate(at + "/album", "client.add('a', 'hello')");
    assertEquals("1\n", evaluate(at + "/counter/", "client.a()"));
    assertEquals("2\n", evaluate("ws://" + at + "/counter", "client.a()"));
    assertEquals("hello", glass.run("files", at + "/album", "cat", "/a").out());
    assertEquals("hello", get(at, "/album/files/a"));
    assertEquals(3, glass.run("log", at + "/counter").out().lines().count());
    Path receipt = temp.resolve("receipt");
    String log = said.get(8).substring("Call log: ".length());
    assertEquals(0, glass.run("receipt", at + "/counter", "1", "-o", receipt.toString()).code());
    assertEquals(0, glass.run("receipt", "--check", receipt.toString(), "--log", log).code());
    Path copy = temp.resolve("copy");
    assertEquals(0, glass.run("mirror", at + "/album", copy.toString()).code());
    assertVerified(copy.toString());
    assertVerified(at + "/album");
    assertVerified("http://" + at + "/counter/");
    assertEquals(0, glass.run("verify", at + "/counter", "--log", log).code());

    String metrics = get(at, "/metrics");
    for (String line :
        List.of(
            "glasshouse_calls_total{module=\"album\",outcome=\"ok\"} 1.0",
            "glasshouse_calls_total{module=\"counter\",outcome=\"ok\"} 2.0",
            "glasshouse_ready{module=\"album\"} 1.0",
            "glasshouse_ready{module=\"counter\"} 1.0")) {
      assertTrue(metrics.contains("\n" + line + "\n"), line + " is not in " + metrics);
    }
    assertTrue(get(at, "/").contains("\n/counter/\n"));
    String where = "; this host serves /album/, /counter/";
    Glass.Ran lost = glass.run("repl", at, "-e", "client.a()");
    assertEquals(1, lost.code());
    assertTrue(lost.err().contains("no module is at /" + where), lost.err());
    Glass.Ran nothing = glass.run("verify", at);
    assertEquals(3, nothing.code());
    assertTrue(nothing.out().contains("no module is at /checkpoint" + where), nothing.out());
    assertEquals(3, glass.run("files", at + "/albun", "ls").code());

    stop();
    assertTrue(process.err().contains(" console/counter: counted\n"), process.err());
    assertVerified(logs + "/counter");
    List<String> again = exec();
    assertEquals(said.get(4), again.get(4));
    assertEquals(said.get(8), again.get(8));
    at = Serving.at(again.get(0));
    assertEquals("3\n", evaluate(at + "/counter", "client.a()"));
    assertEquals("hello", get(at, "/album/files/a"));
    stop();
  }

  @Test
  void oneThatDoesNotEndKeepsNoneFromEnding() throws Exception {
    String at = Serving.at(exec("--debug", "--fuel", "100000000").get(0));
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create("ws://" + at + "/album/"), new WebSocket.Listener() {})
            .join();
    socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"spin\"}", true).join();
    String begun = "(?s).*lock_wait_seconds_count\\{module=\"album\"} 1\\b.*";
    await(at, "/metrics", begun);
    assertEquals("1\n", glass.run("repl", at + "/counter", "-u", "bob", "-e", "client.a()").out());
    process.terminate();
    // The other one's image is of a clean stop, and can be read while the first is waited for.
    await(at, "/counter/health", ".*\"size\":3,.*");
    assertTrue(get(at, "/album/health").contains("\"size\":1,"));
    // A signal that follows at once is taken for an echo of the first.
    do {
      process.terminate();
    } while (!process.endsIn(100));
    assertEquals(128 + 15, process.ended());
    String logs = temp.resolve("logs").toString();
    assertEquals(1, glass.run("log", logs + "/album").out().lines().count(), "nothing was logged");
    assertVerified(logs + "/counter");
  }

  /** Asks until the answer is as it should be; the test's timeout ends it. */
  private static void await(String at, String path, String wanted) throws Exception {
    while (!get(at, path).matches(wanted)) {
      Thread.onSpinWait();
    }
  }

  private Glass.Ran refused(int code, String... line) {
    List<String> all = new ArrayList<>(List.of("exec", "-p", "0"));
    all.addAll(List.of(line));
    Glass.Ran ran = glass.run(all.toArray(String[]::new));
    assertEquals(code, ran.code(), ran.err());
    return ran;
  }

  @Test
  void whatCannotBeServedIsNamed() throws Exception {
    String album = "album=" + temp.resolve("album.js");
    String dir = temp.resolve("logs").toString();
    Glass.Ran unnamed = refused(2, album, temp.resolve("counter.js").toString(), "--dir", dir);
    assertTrue(unnamed.err().startsWith("several scripts have names"), unnamed.err());
    Glass.Ran title = refused(2, album, "--title", "A", "--dir", dir);
    assertTrue(title.err().startsWith("--title is for a script without"), title.err());
    Glass.Ran missing = refused(1, album, "b=" + temp.resolve("b.js"), "--dir", dir);
    assertEquals(
        "cannot serve b: cannot read the script " + temp.resolve("b.js") + ": no such file\n",
        missing.err());
    assertFalse(Files.exists(temp.resolve("logs")), "nothing was made");

    Files.writeString(temp.resolve("b.js"), "exports.a = 1\n  nothing.here()\n");
    Glass.Ran broken = refused(1, album, "b=" + temp.resolve("b.js"), "--dir", dir);
    String place = "(?s)cannot serve b: b.js:2:\\d+\n  nothing.here\\(\\)\n.*ReferenceError: .*";
    assertTrue(broken.err().matches(place), broken.err());
    assertEquals("", broken.out());

    // The first one has begun a log, and was closed: it can be served.
    Serving.run(
        glass,
        announced -> assertTrue(announced.contains("Serving /album/ from"), announced),
        "exec",
        album,
        "-p",
        "0",
        "--dir",
        dir);
    Path treehead = temp.resolve("logs").resolve("album").resolve("treehead");
    Files.writeString(treehead, "damaged");
    String counter = "counter=" + temp.resolve("counter.js");
    Glass.Ran damaged = refused(1, counter, album, "--dir", dir);
    assertTrue(damaged.err().startsWith("cannot serve album: "), damaged.err());
    assertTrue(damaged.err().contains(treehead.toString()), damaged.err());
    String own = temp.resolve("logs").resolve("album").toString();
    Glass.Ran inside = refused(1, counter, "--dir", own);
    assertTrue(
        inside.err().startsWith("cannot serve counter: " + own + " holds the log of one module"),
        inside.err());
  }

  @Test
  void foldersAndPublicUrl() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("app"));
    Files.writeString(folder.resolve("index.js"), "exports.a = () => 5");
    Serving.run(
        glass,
        announced -> {
          String at = Serving.at(announced);
          assertTrue(announced.contains("https://example.org/x/one/files/\n"), announced);
          assertTrue(Files.isDirectory(temp.resolve("one-host").resolve("log")), announced);
          assertEquals("5\n", evaluate(at + "/one", "client.a()"));
        },
        "exec",
        "one=" + folder,
        "-p",
        "0",
        "--public-url",
        "https://example.org/x/");
    // By default a script is kept here under its name, which may be a folder's place.
    Glass.Ran same =
        refused(1, "one=" + folder, "two=" + folder, "--dir", folder.resolve("in").toString());
    assertTrue(same.err().startsWith("cannot serve one: "), same.err());
    assertTrue(same.err().contains(" is inside the module's folder"), same.err());
  }
}
