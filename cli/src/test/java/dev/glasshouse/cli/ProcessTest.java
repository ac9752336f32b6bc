package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real command in a process of its own, killed and stopped as people and machines do it. */
@Timeout(120)
final class ProcessTest {
  @TempDir private Path temp;
  private Process process;

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Starts {@code glass exec counter.js} where it is, and answers what it says first. */
  private List<String> exec() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "exec",
                "counter.js",
                "-p",
                "0")
            .directory(temp.toFile())
            .redirectError(temp.resolve("err").toFile());
    builder.environment().put("GLASSHOUSE_HOME", temp.resolve("host-home").toString());
    process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    while (said.isEmpty() || !said.get(said.size() - 1).startsWith("Call log: ")) {
      String line = out.readLine();
      assertNotNull(line, () -> "it ended: " + said + read(temp.resolve("err")));
      said.add(line);
    }
    return said;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String at(List<String> said) {
    return said.get(0).substring("Serving at ".length());
  }

  @Test
  void survivesAKillAndStopsCleanly() throws Exception {
    Files.writeString(temp.resolve("counter.js"), "let n = 0\nexports.a = () => ++n");
    Glass glass = Glass.of(temp.resolve("home"));

    List<String> first = exec();
    assertEquals("Serving directory " + temp.toRealPath().resolve("counter"), first.get(1));
    assertEquals("1\n", glass.run("repl", at(first), "-e", "client.a()").out());
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertNotEquals(0, process.exitValue());

    List<String> second = exec();
    assertEquals(first.get(4), second.get(4), "the same log");
    assertEquals("2\n", glass.run("repl", at(second), "-e", "client.a()").out());
    Glass.Ran verified = glass.run("verify", at(second));
    assertEquals(0, verified.code(), verified.out());
    process.destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it does not stop");
    assertEquals(0, process.exitValue(), () -> read(temp.resolve("err")));

    Path dir = temp.resolve("counter");
    assertEquals(
        4,
        glass.run("log", dir.toString()).out().lines().count(),
        "the directory is free: genesis, two calls and the image of the stop");
  }
}
