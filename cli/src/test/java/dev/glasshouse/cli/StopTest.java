package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private Process process;

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Starts a debug host, and gives where it serves. */
  private String exec(String... flags) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "exec",
                "counter.js",
                "--debug",
                "-p",
                "0"));
    line.addAll(Arrays.asList(flags));
    process =
        new ProcessBuilder(line)
            .directory(temp.toFile())
            .redirectError(temp.resolve("err").toFile())
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = out.readLine();
    assertNotNull(first, () -> "it does not serve: " + read("err"));
    return first.substring("Serving at ".length());
  }

  private String read(String file) {
    try {
      return Files.readString(temp.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
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

  private void stop() {
    process.destroy();
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
    stop();
    await(at, "/ready", answer -> answer.statusCode() == 503);
    // One that follows at once is taken for an echo of the first.
    do {
      stop();
    } while (!process.waitFor(100, TimeUnit.MILLISECONDS));
    assertEquals(ENDED_BY_SIGTERM, process.exitValue());
    assertTrue(read("err").contains("Stopped at once"), read("err"));

    at = exec("--fuel", "100000000", "--stop-seconds", "1");
    assertEquals("2\n", glass.run("repl", at, "-e", "client.a()").out(), "nothing is lost");
    occupy(at);
    stop();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it does not stop");
    assertEquals(1, process.exitValue());
    assertTrue(read("err").contains("Not all was finished in 1 s"), read("err"));
    assertEquals(
        3,
        glass.run("log", temp.resolve("counter").toString()).out().lines().count(),
        "genesis, 1, 2");
  }
}
