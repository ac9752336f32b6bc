package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real command in a process of its own, killed and stopped as people and machines do it. */
@Timeout(120)
final class ProcessTest {
  @TempDir private Path temp;
  private GlassProcess process;

  @AfterEach
  void end() {
    if (process != null) {
      process.close();
    }
  }

  /** Starts {@code glass exec counter.js} where it is, and answers what it says first. */
  private List<String> exec() throws IOException {
    process = GlassProcess.start(temp, "exec", "counter.js", "-p", "0");
    return process.linesTo("Call log: ");
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
    process.kill();
    assertNotEquals(0, process.ended());

    List<String> second = exec();
    assertEquals(first.get(4), second.get(4), "the same log");
    assertEquals("2\n", glass.run("repl", at(second), "-e", "client.a()").out());
    Glass.Ran verified = glass.run("verify", at(second));
    assertEquals(0, verified.code(), verified.out());
    assertEquals(0, process.stop(), () -> process.err());

    Path dir = temp.resolve("counter");
    assertEquals(
        4,
        glass.run("log", dir.toString()).out().lines().count(),
        "the directory is free: genesis, two calls and the image of the stop");
  }
}
