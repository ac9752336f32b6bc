package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ExecCommandTest {
  @TempDir private Path temp;
  private Glass glass;
  private Path script;
  private Path dir;

  @BeforeEach
  void prepare() throws IOException {
    glass = Glass.of(temp.resolve("home"));
    script = Files.writeString(temp.resolve("counter.js"), "let n = 0\nexports.a = () => ++n");
    dir = temp.resolve("dir");
  }

  private Glass.Ran exec(Path file, String... more) {
    String[] line = new String[6 + more.length];
    String[] begin = {"exec", file.toString(), "-p", "0", "--dir", dir.toString()};
    System.arraycopy(begin, 0, line, 0, begin.length);
    System.arraycopy(more, 0, line, begin.length, more.length);
    return glass.run(line);
  }

  private Glass.Ran execSource(String name, String source) throws IOException {
    return exec(Files.writeString(temp.resolve(name), source));
  }

  /** Runs until it serves and {@code meanwhile} is done, then asks it to end. */
  private Glass.Ran serve(Meanwhile meanwhile, String... line) throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Announced out = new Announced(serving);
    FutureTask<Integer> task =
        new FutureTask<>(() -> Main.run(new Home(glass.home()), glass.streams(out, err), line));
    Thread thread = new Thread(task, "exec");
    thread.start();
    try {
      assertTrue(serving.await(30, TimeUnit.SECONDS), () -> "does not serve: " + err);
      meanwhile.run(out.toString(StandardCharsets.UTF_8));
    } finally {
      thread.interrupt();
    }
    return new Glass.Ran(
        task.get(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private interface Meanwhile {
    void run(String announced) throws Exception;
  }

  /** Tells when a host has said everything that it says first. */
  private static final class Announced extends ByteArrayOutputStream {
    private final CountDownLatch complete;

    Announced(CountDownLatch complete) {
      this.complete = complete;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      if (toString(StandardCharsets.UTF_8).matches("(?s).*Call log: [0-9a-f]{64}\n.*")) {
        complete.countDown();
      }
    }
  }

  @Test
  void saysWhatItServesAndStopsCleanly() throws Exception {
    Glass.Ran ran =
        serve(
            announced -> {
              String at = announced.lines().findFirst().orElseThrow().substring(11);
              assertEquals("1\n", glass.run("repl", at, "-e", "client.a()").out());
            },
            "exec",
            script.toString(),
            "-p",
            "0",
            "--dir",
            dir.toString());
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertTrue(lines.get(0).matches("Serving at localhost:\\d+"), lines.get(0));
    String at = lines.get(0).substring(11);
    assertEquals("Serving directory " + dir, lines.get(1));
    assertEquals("", lines.get(2));
    assertEquals("Files:    http://" + at + "/files/", lines.get(3));
    assertTrue(lines.get(4).startsWith("Call log: "), lines.get(4));
    assertEquals(5, lines.size());
    assertEquals(1, glass.run("log", at).code(), "it still serves");
    assertEquals(2, glass.run("log", dir.toString()).out().lines().count());
  }

  @Test
  void aDebugHostSaysSo() throws Exception {
    Glass.Ran ran =
        serve(
            announced -> {},
            "exec",
            script.toString(),
            "--debug",
            "--bind",
            "::1",
            "-p",
            "0",
            "--dir",
            dir.toString());
    assertTrue(ran.out().startsWith("Serving at [::1]:"), ran.out());
    assertTrue(ran.out().endsWith("callers are taken at their word.\n"), ran.out());
    Glass.Ran other = exec(script);
    assertEquals(1, other.code());
    assertTrue(other.err().contains("was started with --debug"), other.err());
  }

  @Test
  void aRunningHostsDirectoryAndPortAreItsOwn() throws Exception {
    serve(
        announced -> {
          Glass.Ran again = exec(script);
          assertEquals(1, again.code());
          assertEquals(1, again.err().lines().count(), again.err());
          assertTrue(again.err().contains("already open, here or in another process"), again.err());
        },
        "exec",
        script.toString(),
        "-p",
        "0",
        "--dir",
        dir.toString());
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Glass.Ran ran = glass.run("exec", script.toString(), "-p", port, "--dir", dir.toString());
      assertEquals(1, ran.code());
      assertEquals("", ran.out());
      assertTrue(ran.err().startsWith("cannot listen on 127.0.0.1:" + port), ran.err());
      assertTrue(ran.err().strip().endsWith("choose one with --port"), ran.err());
    }
  }

  @Test
  void anotherScriptsDirectoryIsLeftAlone() throws Exception {
    serve(announced -> {}, "exec", script.toString(), "-p", "0", "--dir", dir.toString());
    Glass.Ran ran = execSource("other.js", "exports.b = 1");
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith(dir + " holds the log of another script: counter.js"));
    assertTrue(ran.err().contains("Nothing was changed. Use --dir"), ran.err());
    Files.delete(dir.resolve("host.key"));
    Glass.Ran keyless = exec(script);
    assertEquals(1, keyless.code());
    assertTrue(keyless.err().startsWith(dir + " holds a log but no host.key"), keyless.err());
    assertFalse(Files.exists(dir.resolve("host.key")));
  }

  @Test
  void anErrorAtLoadShowsItsPlace() throws IOException {
    Glass.Ran syntax = execSource("broken.js", "exports.a = 1\nexports.b = (\n");
    assertEquals(1, syntax.code());
    assertTrue(
        syntax.err().matches("(?s)broken.js:\\d+:\\d+\n.*\n *\\^\n\nSyntaxError: .*"),
        syntax.err());
    Glass.Ran thrown = execSource("throws.js", "exports.a = 1\n  nothing.here()\n");
    assertEquals(1, thrown.code());
    assertTrue(
        thrown
            .err()
            .matches("(?s)throws.js:2:\\d+\n  nothing.here\\(\\)\n *\\^\n\nReferenceError: .*"),
        thrown.err());
    Glass.Ran hostile = execSource("hostile.js", "throw new Error('\\u001b[2J')");
    assertTrue(hostile.err().contains("Error: \ufffd[2J"), hostile.err());
  }

  @Test
  void whatIsNoScriptIsASentence() throws IOException {
    assertEquals(
        new Glass.Ran(1, "", "\"" + temp + "\" is a directory; name the script's file in it\n"),
        exec(temp));
    Path binary = Files.write(temp.resolve("binary.js"), new byte[] {(byte) 0xff});
    assertEquals(
        new Glass.Ran(1, "", "the script " + binary + " is not UTF-8 text\n"), exec(binary));
    Path nameless = Files.writeString(temp.resolve(".js"), "");
    assertEquals(
        new Glass.Ran(1, "", nameless + " gives the directory no name; name one with --dir\n"),
        glass.run("exec", nameless.toString()));
  }

  @Test
  void aDirectoryThatCannotBeIsASentence() throws IOException {
    dir = script;
    assertEquals(
        new Glass.Ran(
            1,
            "",
            script + " is a file, and log and files need a directory; name another with --dir\n"),
        exec(script));
    dir = script.resolve("below");
    Glass.Ran ran = exec(script);
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("cannot keep a log in " + dir + " ("), ran.err());
  }

  @Test
  void aKeyThatOthersCanReadIsWarnedOf() throws Exception {
    Path key = temp.resolve("key");
    Identity.generate(new SecureRandom()).save(key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Glass.Ran ran =
        serve(
            announced -> {},
            "exec",
            script.toString(),
            "--identity",
            key.toString(),
            "-p",
            "0",
            "--dir",
            dir.toString());
    assertTrue(ran.err().startsWith("Warning: others can read the key " + key), ran.err());
    assertFalse(Files.exists(dir.resolve("host.key")));
  }

  @Test
  void wrongFuelIsWrongUsage() {
    Glass.Ran ran = exec(script, "--fuel", "0");
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().startsWith("--fuel: "), ran.err());
  }

  @Test
  void trainingLeavesTheHomeAlone() throws IOException {
    OutputStream none = OutputStream.nullOutputStream();
    Streams streams = new Streams(none, none, () -> false, () -> false);
    assertEquals(0, Main.run(new Home(temp.resolve("school")), streams, "train", dir.toString()));
    assertFalse(Files.exists(glass.home()));
  }
}
