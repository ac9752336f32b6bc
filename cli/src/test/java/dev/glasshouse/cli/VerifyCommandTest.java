package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyCommandTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.increment = async () => { await System.files.writeFile('/counter', ++n); return n }
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.random = () => Math.random()
      """;

  @TempDir private Path temp;
  private Glass glass;
  private Path dir;

  @BeforeEach
  void prepare() {
    glass = Glass.of(temp.resolve("home"));
    dir = temp.resolve("host");
  }

  private void call(TestHost host, String text) {
    Glass.Ran ran = glass.run("repl", host.at(), "-e", text);
    assertEquals(0, ran.code(), ran.err());
  }

  // Of a file "counter" with the byte "1", as printf '1' | sha256sum and the like compute it.
  private static final String ONE_COUNTER = "0UaO+T5Rz4xZSd4bHhukVgAo3B4bHRkTzVF5l68PbF0=";

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static Map<?, ?> json(Path file) throws IOException {
    return (Map<?, ?>) CanonicalJson.parse(Files.readAllBytes(file), Integer.MAX_VALUE);
  }

  @Test
  void anHonestHostIsVerified() throws Exception {
    Path json = temp.resolve("report.json");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.increment()");
      call(host, "client.random()");
      Glass.Ran ran =
          glass.run("verify", host.at(), "--log", host.log(), "--json", json.toString());
      assertEquals(
          """
          Log %s
          Call log verified.
          Output files verified.

          Checked:        3 entries, 2 signatures, 2 calls replayed, 1 file of 1 byte
          Files:          h1:%s
          Taken on trust: 0 oracle answers, 1 random seed, 3 entry times, the order of calls before they were logged
          """
              .formatted(host.log(), ONE_COUNTER),
          ran.out());
      assertEquals(0, ran.code());
      assertEquals("", ran.err());
      assertEquals("verified", json(json).get("verdict"));
      assertTrue(Files.exists(temp.resolve("home/logs/" + host.log() + "/checkpoint")));
    }
  }

  @Test
  void aDebugHostIsCalledOne() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT, true)) {
      assertEquals(0, glass.run("repl", host.at(), "-u", "bob", "-e", "client.increment()").code());
      Glass.Ran ran = glass.run("verify", host.at());
      assertEquals(0, ran.code());
      assertTrue(
          ran.out()
              .contains("1 unsigned call: this is a debug host, its callers are not authenticated"),
          ran.out());
    }
  }

  @Test
  void theFilesMayBeNamed() throws Exception {
    Path mine = Files.createDirectory(temp.resolve("mine"));
    Files.writeString(mine.resolve("counter"), "1");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.increment()");
      assertEquals(0, glass.run("verify", host.at(), "--files", mine.toString()).code());
      String root = LocalFiles.root(mine).hex();
      assertEquals(0, glass.run("verify", host.at(), "--files", root).code());
      Files.writeString(mine.resolve("counter"), "2");
      Glass.Ran ran = glass.run("verify", host.at(), "--files", mine.toString());
      assertEquals(1, ran.code());
      assertTrue(
          ran.out().contains("NOT VERIFIED: the published files are not those of the log."),
          ran.out());
      assertTrue(ran.out().contains("  expected  archive root " + LocalFiles.root(mine)));
      assertTrue(ran.out().contains("  actual    archive root " + root));
      Files.createSymbolicLink(mine.resolve("link"), mine);
      assertEquals(2, glass.run("verify", host.at(), "--files", mine.toString()).code());
    }
  }

  @Test
  void anotherLogThanAskedForIsAFinding() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      Glass.Ran ran = glass.run("verify", host.at(), "--log", "ab".repeat(32));
      assertEquals(1, ran.code());
      assertTrue(ran.out().contains("NOT VERIFIED: another log than expected."), ran.out());
      assertTrue(ran.out().contains("  expected  log " + "ab".repeat(32)), ran.out());
      assertTrue(ran.out().contains("  actual    log " + host.log()), ran.out());
    }
  }

  @Test
  void aForkedLogIsCaught() throws Exception {
    Path other = temp.resolve("other");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.increment()");
    }
    copy(dir, other);
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.increment()");
      assertEquals(0, glass.run("verify", host.at()).code());
    }
    Path evidence = temp.resolve("evidence.json");
    try (TestHost host = TestHost.start(other, SCRIPT)) {
      Glass.Ran shorter = glass.run("verify", host.at(), "--evidence", evidence.toString());
      assertEquals(1, shorter.code());
      assertTrue(shorter.out().contains("NOT VERIFIED: the log was rolled back."), shorter.out());
      assertTrue(shorter.out().contains("  expected  at least 3 entries"), shorter.out());
      assertTrue(shorter.out().contains("  actual    2 entries"), shorter.out());
      Glass.Ran judged = glass.run("verify", "--evidence", evidence.toString());
      assertEquals(3, judged.code(), judged.out());
      assertTrue(judged.out().startsWith("NOT PROVED: "), judged.out());

      Glass.Ran caught = glass.run("repl", host.at(), "-e", "1");
      assertEquals(1, caught.code());
      assertTrue(caught.err().startsWith("the host has rolled back its log"), caught.err());

      // A stranger makes the log as long, and longer, with other calls.
      Glass stranger = Glass.of(temp.resolve("stranger"));
      for (int i = 0; i < 2; i++) {
        assertEquals(0, stranger.run("repl", host.at(), "-e", "client.random()").code());
        Glass.Ran forked = glass.run("verify", host.at(), "--evidence", evidence.toString());
        assertEquals(4, forked.code(), forked.out());
        assertTrue(forked.out().contains("NOT VERIFIED: the log was forked."), forked.out());
        assertTrue(forked.out().contains("  at entry  2\n"), forked.out());
        Glass.Ran proved = stranger.run("verify", "--evidence", evidence.toString());
        assertEquals(4, proved.code(), proved.out());
        assertTrue(proved.out().startsWith("PROVED: "), proved.out());
        assertTrue(proved.out().contains("Log:    " + host.log()), proved.out());
      }
      assertEquals(0, stranger.run("verify", host.at()).code());
      caught = glass.run("repl", host.at(), "-e", "1");
      assertTrue(caught.err().startsWith("the host has forked its log"), caught.err());
    }
  }

  @Test
  void filesThatAreNotThoseOfTheLogAreNamed() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.increment()");
      try (FrontServer liar =
          FrontServer.before(
              host,
              (path, original) ->
                  path.equals("/files/counter")
                      ? "7".getBytes(StandardCharsets.UTF_8)
                      : original)) {
        Glass.Ran ran = glass.run("verify", liar.at());
        assertEquals(1, ran.code());
        assertTrue(
            ran.out().contains("NOT VERIFIED: the published files are not those of the log."),
            ran.out());
        assertTrue(ran.out().contains("  expected  /counter of 1 bytes with SHA-256"), ran.out());
        assertTrue(ran.out().contains("  actual    /counter of 1 bytes with SHA-256"), ran.out());
      }
    }
  }

  @Test
  void aFindingCannotSteerTheTerminal() throws Exception {
    String listing = "{\"entries\":[{\"name\":\"x\\u001b[2J\\nCall log verified.\u009b\"}]}";
    try (TestHost host = TestHost.start(dir, SCRIPT);
        FrontServer liar =
            FrontServer.before(
                host,
                (path, original) ->
                    path.equals("/files/") ? listing.getBytes(StandardCharsets.UTF_8) : original)) {
      Glass.Ran ran = glass.run("verify", liar.at());
      assertEquals(1, ran.code());
      assertTrue(
          ran.out().contains("  actual    / with [x\ufffd[2J\ufffdCall log verified.\ufffd]\n"),
          ran.out());
    }
  }

  @Test
  void aChangedEntryIsCaught() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      call(host, "client.put('/a', 'b')");
      try (FrontServer liar =
          FrontServer.before(
              host,
              (path, original) ->
                  path.startsWith("/tile/entries")
                      ? new String(original, StandardCharsets.ISO_8859_1)
                          .replace("/a\\\\\\\",\\\\\\\"b", "/a\\\\\\\",\\\\\\\"c")
                          .replace("/a\\\",\\\"b", "/a\\\",\\\"c")
                          .getBytes(StandardCharsets.ISO_8859_1)
                      : original)) {
        Glass.Ran ran = glass.run("verify", liar.at());
        assertEquals(1, ran.code(), ran.out());
        assertTrue(ran.out().contains("  at entry  1"), ran.out());
      }
    }
  }

  @Test
  void whatIsNoHostIsNoFinding() throws IOException {
    for (String body : new String[] {"<html>\u001b[2J", ""}) {
      try (FrontServer server =
          FrontServer.of((path, original) -> body.getBytes(StandardCharsets.UTF_8))) {
        Glass.Ran ran = glass.run("verify", server.at());
        assertEquals(3, ran.code(), ran.out());
        assertTrue(
            ran.out().startsWith("Could not finish: " + server.at() + " publishes no call log: "),
            ran.out());
        assertFalse(ran.out().contains("\u001b"), ran.out());
      }
    }
    try (FrontServer empty = FrontServer.of((path, original) -> null)) {
      Glass.Ran ran = glass.run("verify", empty.at());
      assertEquals(3, ran.code());
      assertTrue(
          ran.out().startsWith("Could not finish: " + empty.at() + " does not have /checkpoint"),
          ran.out());
    }
    Glass.Ran none = glass.run("verify", "localhost:1");
    assertEquals(3, none.code());
    assertTrue(none.out().contains("Is the host running?"), none.out());
  }

  @Test
  void aHostThatWithholdsIsNoFinding() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT);
        FrontServer silent =
            FrontServer.before(
                host, (path, original) -> path.startsWith("/blob/") ? null : original)) {
      Glass.Ran ran = glass.run("verify", silent.at());
      assertEquals(3, ran.code(), ran.out());
      assertTrue(ran.out().contains("Could not finish: "), ran.out());
    }
  }

  @Test
  void aReportThatCannotBeWrittenIsUnfinishedUnlessTheHostIsCaught() throws Exception {
    Path nowhere = temp.resolve("none/report.json");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      Glass.Ran ran = glass.run("verify", host.at(), "--json", nowhere.toString());
      assertEquals(3, ran.code());
      assertEquals(nowhere + ": no such file or directory\n", ran.err());
      assertTrue(ran.out().contains("Call log verified."), ran.out());
      Glass.Ran caught =
          glass.run("verify", host.at(), "--log", "ab".repeat(32), "--json", nowhere.toString());
      assertEquals(1, caught.code());
      assertEquals(nowhere + ": no such file or directory\n", caught.err());
    }
  }

  @Test
  void aDamagedKeptCheckpointStopsTheAudit() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      assertEquals(0, glass.run("verify", host.at()).code());
      Path kept = temp.resolve("home/logs/" + host.log() + "/checkpoint");
      Files.writeString(kept, "damaged");
      Glass.Ran ran = glass.run("verify", host.at());
      assertEquals(3, ran.code());
      assertTrue(
          ran.err().startsWith("the audit failed: the kept checkpoint " + kept + " is damaged"),
          ran.err());
    }
  }
}
