package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private Glass.Ran serve(Serving.Meanwhile meanwhile, String... line) throws Exception {
    return Serving.run(glass, meanwhile, line);
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
    List<String> log = glass.run("log", dir.toString()).out().lines().toList();
    assertEquals(3, log.size());
    assertTrue(log.get(2).contains("  image, heap root "), log.get(2));
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
    Path empty = Files.createDirectories(temp.resolve("empty"));
    Glass.Ran folder = exec(empty);
    assertEquals(1, folder.code());
    assertTrue(folder.err().startsWith(empty + " has no index.js; name the file"), folder.err());
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
  void aFolderIsServed() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("app"));
    Files.writeString(folder.resolve("package.json"), "{\"main\":\"main.js\"}");
    Files.writeString(folder.resolve("main.js"), "exports.a = () => require('./part').b");
    Files.writeString(folder.resolve("part.js"), "exports.b = 5");
    Glass.Ran ran =
        serve(
            announced -> {
              String at = announced.lines().findFirst().orElseThrow().substring(11);
              assertEquals("5\n", glass.run("repl", at, "-e", "client.a()").out());
            },
            "exec",
            folder.toString(),
            "-p",
            "0");
    assertEquals(0, ran.code(), ran.err());
    Path home = temp.toRealPath().resolve("app-host");
    assertTrue(ran.out().contains("Serving directory " + home + "\n"), ran.out());
    Files.writeString(folder.resolve("part.js"), "exports.b = 6");
    Glass.Ran changed = glass.run("exec", folder.toString(), "-p", "0");
    assertTrue(changed.err().contains("which has part.js with SHA-256"), changed.err());
    for (Path inside : List.of(folder, folder.resolve("data"), folder.resolve("a/../b/c"))) {
      dir = inside;
      Glass.Ran refused = exec(folder);
      assertEquals(1, refused.code());
      assertTrue(refused.err().contains(" is inside the module's folder"), refused.err());
    }
    assertFalse(Files.exists(folder.resolve("data")));
  }

  @Test
  void limitsAreTheLogs() throws Exception {
    String[] limits = {
      "--fuel=50",
      "--heap=16m",
      "--stack=512k",
      "--max-request=100k",
      "--max-result=1024",
      "--max-file=2M",
      "--max-written=1g",
      "--wait=0s",
      "--watchdog=500ms"
    };
    String[] line = {"exec", script.toString(), "-p", "0", "--dir", dir.toString()};
    String[] all =
        java.util.stream.Stream.of(line, limits)
            .flatMap(java.util.Arrays::stream)
            .toArray(String[]::new);
    assertEquals(0, serve(announced -> {}, all).code());
    String genesis = glass.run("log", dir.toString(), "--json").out().lines().toList().get(0);
    assertTrue(
        genesis.contains(
            "\"limits\":{\"file\":2097152,\"fuel\":50,\"heap\":16777216,\"request\":102400,"
                + "\"result\":1024,\"stack\":524288,\"wait\":0,\"watchdog\":500,"
                + "\"written\":1073741824}"),
        genesis);
    // What is not given stays as the log has it.
    assertEquals(0, serve(announced -> {}, line).code());
    Glass.Ran other = exec(script, "--fuel=51");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("runs under other limits"), other.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fuel=0 | the limit fuel must be from 1 to ",
        "--heap=3m | the limit heap must be from 4194304 to ",
        "--stack=1m | the limit stack must be from 65536 to 900000",
        "--heap=64x | \"64x\" is no size such as 900k, 64m or 1g",
        "--heap=-1 | \"-1\" is no size",
        "--max-file=9999999999999999 | is no size",
        "--max-written=2g | the limit written must be",
        "--watchdog=99ms | the limit watchdog must be from 100 to 600000",
        "--wait=10 | \"10\" is no duration such as 500ms, 10s or 2m",
        "--wait=11m | the limit wait must be from 0 to 600000",
        "--image-entries=-1 | --image-entries and --image-seconds are counts",
        "--engine=v9 | no engine is called v9; there are v8 and endive",
      })
  void whatCannotBeIsWrongUsage(String flag, String message) {
    Glass.Ran ran = exec(script, flag);
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertFalse(Files.exists(dir));
  }

  @Test
  void aLogWithTimersImagesAndAbortsIsVerified() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("timers.js"),
            """
            let n = 0
            exports.n = () => n
            exports.sleep = (ms) => new Promise((go) => setTimeout(() => go(++n), ms))
            exports.later = (ms) => { setTimeout(() => { n += 10 }, ms) }
            exports.hang = () => Array(1000).fill(2n ** 1000000n).join()
            """);
    String[] line = {
      "exec",
      file.toString(),
      "-p",
      "0",
      "--dir",
      dir.toString(),
      "--watchdog",
      "100ms",
      "--image-entries",
      "3"
    };
    serve(
        announced -> {
          String at = announced.lines().findFirst().orElseThrow().substring(11);
          assertEquals("1\n", glass.run("repl", at, "-e", "client.sleep(20)").out());
          glass.run("repl", at, "-e", "client.later(1)");
          Glass.Ran hung = glass.run("repl", at, "-e", "client.hang()");
          assertEquals(1, hung.code());
          assertTrue(hung.err().startsWith("AbortedError: the host's watchdog"), hung.err());
        },
        line);
    serve(
        announced -> {
          String at = announced.lines().findFirst().orElseThrow().substring(11);
          assertEquals("11\n", glass.run("repl", at, "-e", "client.n()").out());
          Glass.Ran verified = glass.run("verify", at);
          assertEquals(0, verified.code(), verified.out());
        },
        line);
    String log = glass.run("log", dir.toString()).out();
    for (String kind : List.of("  timer -> ", "hang() -> ended by", "  image, heap root ")) {
      assertTrue(log.contains(kind), log);
    }
  }

  @Test
  void anEngineCanBeChosen() throws Exception {
    Glass.Ran ran =
        serve(
            announced -> {
              String at = announced.lines().findFirst().orElseThrow().substring(11);
              assertEquals("1\n", glass.run("repl", at, "-e", "client.a()").out());
              assertEquals(0, glass.run("verify", at, "--engine", "v8").code());
            },
            "exec",
            script.toString(),
            "-p",
            "0",
            "--engine",
            "endive",
            "--dir",
            dir.toString());
    assertEquals(0, ran.code(), ran.err());
  }

  @Test
  void trainingLeavesTheHomeAlone() throws IOException {
    OutputStream none = OutputStream.nullOutputStream();
    Streams streams = new Streams(none, none, () -> false, () -> false);
    assertEquals(0, Main.run(new Home(temp.resolve("school")), streams, "train", dir.toString()));
    assertFalse(Files.exists(glass.home()));
  }
}
