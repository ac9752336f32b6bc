package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is not signed on is offered to readers by {@code glass serve}. */
@Timeout(120)
final class ServeProcessTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.add = async () => { await System.files.writeFile('/counter', 'x' + ++n); return n }
      """;

  @TempDir private Path temp;
  private Glass glass;

  @BeforeEach
  void begin() {
    glass = Glass.of(temp.resolve("home"));
  }

  private Glass.Ran run(int code, String... arguments) {
    Glass.Ran ran = glass.run(arguments);
    assertEquals(code, ran.code(), ran.out() + ran.err());
    return ran;
  }

  @Test
  void aBackupIsReadByOthersAndNotSignedOn() throws Exception {
    Path dir = Files.createDirectories(temp.resolve("host"));
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    Identity.ofSeed(seed).save(dir.resolve("host.key"));
    String log;
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      glass.call(host, "client.add()", "client.add()");
      log = host.log();
    }
    Path backup = temp.resolve("backup");
    run(0, "backup", dir.toString(), backup.toString());
    byte[] checkpoint = Files.readAllBytes(backup.resolve("checkpoint"));
    Path script = Files.writeString(temp.resolve("test.js"), SCRIPT);
    Glass other = Glass.of(temp.resolve("other-home"));
    Glass.Ran exec = run(1, "exec", script.toString(), "--dir", backup.toString(), "-p", "0");
    assertTrue(exec.err().contains("glass serve offers it to others"), exec.err());

    try (GlassProcess serving = GlassProcess.start(temp, "serve", "backup", "-p", "0")) {
      List<String> said = serving.linesTo("Call log: ");
      String url = Serving.at(said.get(0));
      assertTrue(url.startsWith("http://localhost:"), url);
      assertEquals(
          "Serving a copy from " + temp.toRealPath().resolve("backup") + ", to be read only",
          said.get(1));
      assertEquals("Entries:  3", said.get(3));
      assertEquals("Files:    " + url + "/files/", said.get(4));
      assertEquals("Call log: " + log, said.get(5));

      String at = url.substring("http://".length());
      for (String place : List.of(at, url)) {
        Glass.Ran verified = other.run("verify", place, "--log", log);
        assertEquals(0, verified.code(), verified.out() + verified.err());
        assertTrue(
            verified.out().contains("Call log verified.\nOutput files verified.\n"),
            verified.out());
        assertEquals("x2", other.run("files", place, "cat", "/counter").out());
      }
      Path receipt = temp.resolve("receipt");
      assertEquals(0, other.run("receipt", at, "2", "-o", receipt.toString()).code());
      assertEquals(0, other.run("receipt", "--check", receipt.toString(), "--log", log).code());
      Glass.Ran call = other.run("repl", at, "-e", "client.add()");
      assertEquals(1, call.code());
      assertTrue(call.err().contains("403: this is a copy of a log"), call.err());
      Glass.Ran taken = other.run("serve", backup.toString(), "-p", at.substring(10));
      assertEquals(1, taken.code());
      assertTrue(taken.err().contains("choose one with --port"), taken.err());
      assertEquals(0, serving.stop());
    }
    assertArrayEquals(checkpoint, Files.readAllBytes(backup.resolve("checkpoint")));
    run(0, "fsck", backup.toString());
  }

  // Whoever has seen a newer state is told that a copy is behind, and of a host that it went back.
  @Test
  void anOlderCopyIsACopyByItsUrlAndAHostByItsName() throws Exception {
    Path dir = temp.resolve("host");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      glass.call(host, "client.add()");
    }
    Path backup = temp.resolve("backup");
    run(0, "backup", dir.toString(), backup.toString());
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      glass.call(host, "client.add()");
    }
    Serving.run(
        glass,
        announced -> {
          String url = Serving.at(announced);
          Glass.Ran copy = run(3, "verify", url);
          assertTrue(copy.out().contains(url + " is a copy of 2 entries, and a newer"), copy.out());
          Glass.Ran host = run(1, "verify", url.substring("http://".length()));
          assertTrue(host.out().contains("at least 3 entries"), host.out());
        },
        "serve",
        backup.toString(),
        "-p",
        "0");
  }

  @Test
  void whatHoldsNoLogIsNotServed() throws Exception {
    Glass.Ran empty = run(1, "serve", temp.toString(), "-p", "0");
    assertEquals(temp + " is a directory, but holds no log\n", empty.err());
    String none = temp.resolve("none").toString();
    assertEquals(none + " is not a directory that is there\n", run(1, "serve", none).err());
    assertTrue(run(2, "serve", "x", "-p", "70000").err().startsWith("--port is a number"));
    assertTrue(run(2, "serve", "x", "--tls-key", "k").err().startsWith("--tls-cert and --tls-key"));
    Path dir = temp.resolve("host");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      glass.call(host, "client.add()");
      Glass.Ran open = run(1, "serve", dir.toString(), "-p", "0");
      assertTrue(open.err().contains("is already open"), open.err());
    }
  }
}
