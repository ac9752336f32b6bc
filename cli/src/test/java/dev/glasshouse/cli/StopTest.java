package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host whose module does not come to an end, and those who want it to stop. */
@Timeout(120)
final class StopTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int ENDED_BY_SIGTERM = 128 + 15;

  @TempDir private Path temp;
  private GlassProcess process;

  @AfterEach
  void end() {
    if (process != null) {
      process.close();
    }
  }

  /** Starts a debug host, and gives where it serves. */
  private String exec(String... flags) throws IOException {
    List<String> line = new ArrayList<>(List.of("exec", "counter.js", "--debug", "-p", "0"));
    line.addAll(Arrays.asList(flags));
    process = GlassProcess.start(temp, line.toArray(String[]::new));
    return Serving.at(process.linesTo("Serving at ").get(0));
  }

  /** Asks until the answer is as it should be; the test's timeout ends it. */
  private static void await(String at, String path, Predicate<HttpResponse<String>> wanted)
      throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + at + path)).build();
    while (!wanted.test(HTTP.send(request, BodyHandlers.ofString()))) {
      Thread.onSpinWait();
    }
  }

  /** Has the module begin a call that takes hours. */
  private static void occupy(String at) throws Exception {
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create("ws://" + at + "/"), new WebSocket.Listener() {})
            .join();
    socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"spin\"}", true).join();
    String begun = "(?s).*lock_wait_seconds_count\\S+ 2\\b.*";
    await(at, "/metrics", answer -> answer.body().matches(begun));
  }

  @Test
  void endsAtTheSecondSignalOrWhenTimeIsUp() throws Exception {
    Files.writeString(
        temp.resolve("counter.js"),
        "let n = 0\nexports.a = () => ++n\nexports.spin = () => { for (;;) {} }");
    Glass glass = Glass.of(temp.resolve("home"));

    String at = exec("--fuel", "100000000");
    assertEquals("1\n", glass.run("repl", at, "-e", "client.a()").out());
    occupy(at);
    process.terminate();
    await(at, "/ready", answer -> answer.statusCode() == 503);
    // One that follows at once is taken for an echo of the first.
    do {
      process.terminate();
    } while (!process.endsIn(100));
    assertEquals(ENDED_BY_SIGTERM, process.ended());
    assertTrue(process.err().contains("Stopped at once"), process.err());

    at = exec("--fuel", "100000000", "--stop-seconds", "1");
    assertEquals("2\n", glass.run("repl", at, "-e", "client.a()").out(), "nothing is lost");
    occupy(at);
    assertEquals(1, process.stop());
    assertTrue(process.err().contains("Not all was finished in 1 s"), process.err());
    assertEquals(
        3,
        glass.run("log", temp.resolve("counter").toString()).out().lines().count(),
        "genesis, 1, 2");
  }
}
