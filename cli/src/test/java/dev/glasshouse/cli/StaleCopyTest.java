package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that are behind what their reader has seen accuse nobody; a host that is behind does. */
final class StaleCopyTest {
  private static final String SCRIPT = "let n = 0\nexports.a = () => ++n\n";

  @TempDir private Path temp;
  private TestHost host;
  private Glass glass;
  private Path copy;

  /** A host of three entries, all of which were seen, and a copy of two. */
  @BeforeEach
  void start() throws Exception {
    glass = Glass.of(temp.resolve("home"));
    copy = temp.resolve("copy");
    host = TestHost.start(temp.resolve("host"), SCRIPT);
    call();
    assertEquals(0, glass.run("export", host.at(), copy.toString()).code());
    call();
    assertEquals(0, glass.run("verify", host.at()).code());
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void call() {
    assertEquals(0, glass.run("repl", host.at(), "-e", "client.a()").code());
  }

  private void assertStale(Glass.Ran ran) {
    String said = ran.out() + ran.err();
    assertEquals(3, ran.code(), said);
    assertTrue(said.contains("Could not finish: "), said);
    assertTrue(
        said.contains(
            " is a copy of 2 entries, and a newer checkpoint of 3 entries is known: bring the copy"
                + " up to date, or ask the log's host"),
        said);
    assertFalse(said.contains("rolled back"), said);
    assertFalse(Files.exists(glass.home().resolve("evidence")), "nothing is held against anybody");
  }

  private void assertStale(String place) {
    assertStale(glass.run("verify", place));
    assertStale(glass.run("verify", place, "--level", "receipt"));
    assertStale(glass.run("files", place, "ls"));
    assertStale(glass.run("receipt", place, "1", "-o", temp.resolve("receipt").toString()));
    assertFalse(Files.exists(temp.resolve("receipt")));
  }

  private static byte[] read(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aDirectoryIsBehindUntilItIsBroughtUpToDate() {
    assertStale(copy.toString());
    String newer = temp.resolve("newer").toString();
    assertEquals(0, glass.run("export", host.at(), newer).code());
    assertStale(glass.run("mirror", copy.toString(), newer));
    assertEquals(0, glass.run("mirror", host.at(), copy.toString()).code());
    Glass.Ran ran = glass.run("verify", copy.toString());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertEquals(0, glass.run("mirror", copy.toString(), newer).code());
  }

  @Test
  void aWebServerWithFilesIsACopyToo() throws Exception {
    try (FrontServer web = FrontServer.of((path, body) -> read(copy.resolve(path.substring(1))))) {
      assertStale("http://" + web.at());
      Files.delete(copy.resolve("files.root"));
      assertStale("http://" + web.at() + "/");
    }
  }

  @Test
  void aHostIsNoCopyHoweverItIsNamed() throws Exception {
    try (FrontServer rolledBack = FrontServer.before(host, ForgedLog.of(host).prefix(2))) {
      for (String place : new String[] {rolledBack.at(), "http://" + rolledBack.at()}) {
        Glass.Ran ran = glass.run("verify", place);
        assertEquals(1, ran.code(), ran.out() + ran.err());
        assertTrue(ran.out().contains("NOT VERIFIED: the log was rolled back."), ran.out());
        Glass.Ran files = glass.run("files", place, "ls");
        assertEquals(1, files.code(), files.err());
        assertTrue(files.err().contains("has rolled back its log"), files.err());
      }
    }
  }

  @Test
  void aBackupOfAHostsDirectoryIsACopy() throws Exception {
    host.close();
    Path backup = temp.resolve("backup");
    try (Stream<Path> files = Files.walk(temp.resolve("host"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, backup.resolve(temp.resolve("host").relativize(file)));
      }
    }
    host = TestHost.start(temp.resolve("host"), SCRIPT);
    call();
    assertEquals(0, glass.run("verify", host.at()).code());
    Glass.Ran ran = glass.run("verify", backup.toString());
    assertEquals(3, ran.code(), ran.out());
    assertTrue(ran.out().contains(backup + " is a copy of "), ran.out());
  }

  @Test
  void aForkIsAForkWhereverItIsFound() throws Exception {
    Path forked = temp.resolve("forked");
    ForgedLog fork =
        ForgedLog.of(host).lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));
    try (FrontServer front = FrontServer.before(host, fork)) {
      Glass stranger = Glass.of(temp.resolve("stranger"));
      Glass.Ran exported = stranger.run("export", front.at(), forked.toString());
      assertEquals(0, exported.code(), exported.err());
    }
    Glass.Ran ran = glass.run("verify", forked.toString(), "--level", "hashes");
    assertEquals(4, ran.code(), ran.out());
    assertTrue(ran.out().contains("NOT VERIFIED: the log was forked."), ran.out());
  }
}
