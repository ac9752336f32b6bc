package dev.glasshouse.cli;

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

/** The real command in a process of its own, which ends with this. */
final class GlassProcess implements AutoCloseable {
  private static final int SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final Path err;

  private GlassProcess(Process process, Path err) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.err = err;
  }

  /**
   * Starts {@code glass}.
   *
   * @param dir where it is started; the home of its user is {@code host-home} there
   */
  static GlassProcess start(Path dir, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for some seconds.
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-XX:+UseSerialGC");
    line.add("-cp");
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(arguments));
    Path err = Files.createTempFile(dir, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(dir.toFile()).redirectError(err.toFile());
    builder.environment().put("GLASSHOUSE_HOME", dir.resolve("host-home").toString());
    return new GlassProcess(builder.start(), err);
  }

  /** The next line that it prints; null if it has ended. */
  String line() throws IOException {
    return out.readLine();
  }

  /** The lines that it prints, up to one that begins so; fails if it ends before. */
  List<String> linesTo(String last) throws IOException {
    List<String> said = new ArrayList<>();
    while (said.isEmpty() || !said.get(said.size() - 1).startsWith(last)) {
      String next = line();
      assertNotNull(next, () -> "it ended: " + said + err());
      said.add(next);
    }
    return said;
  }

  /** What it has written to standard error so far. */
  String err() {
    try {
      return Files.readString(err);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Asks it to end, by SIGTERM. */
  void terminate() {
    // The process itself would also close what it prints.
    boolean unused = process.toHandle().destroy();
  }

  /** Ends it at once, by SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    int unused = ended();
  }

  /** Whether it ends within so many milliseconds. */
  boolean endsIn(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Its exit code, once it has ended; fails if it does not. */
  int ended() throws InterruptedException {
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> "it does not end: " + err());
    return process.exitValue();
  }

  /** Asks it to end, and gives its exit code. */
  int stop() throws InterruptedException {
    terminate();
    return ended();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
