package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.RestoredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups can be read, and nothing is signed from them unless they are shown to be the newest. */
final class BackupCommandTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.add = async () => { await System.files.writeFile('/counter', 'x' + ++n); return n }
      """;

  @TempDir private static Path kept;
  @TempDir private Path temp;
  private Glass glass;
  private Path dir;
  private Path backup;

  @BeforeAll
  static void keepALog() throws Exception {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    Path whole = Files.createDirectories(kept.resolve("whole"));
    Identity.ofSeed(seed).save(whole.resolve("host.key"));
    goOn(Glass.of(kept.resolve("home")), whole);
  }

  @BeforeEach
  void copyIt() throws IOException {
    glass = Glass.of(temp.resolve("home"));
    dir = temp.resolve("host");
    backup = temp.resolve("backup");
    try (Stream<Path> walk = Files.walk(kept.resolve("whole"))) {
      for (Path path : walk.toList()) {
        Path to = dir.resolve(kept.resolve("whole").relativize(path).toString());
        Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void goOn(Glass glass, Path where) throws Exception {
    try (TestHost host = TestHost.start(where, SCRIPT)) {
      glass.call(host, "client.add()");
    }
  }

  private Glass.Ran run(int code, String... arguments) {
    Glass.Ran ran = glass.run(arguments);
    assertEquals(code, ran.code(), ran.out() + ran.err());
    return ran;
  }

  private Path taken() {
    run(0, "backup", dir.toString(), backup.toString());
    return backup;
  }

  private void assertSignsNothing(Path where) throws IOException {
    byte[] before = Files.readAllBytes(where.resolve("checkpoint"));
    RestoredException refused =
        assertThrows(RestoredException.class, () -> TestHost.start(where, SCRIPT).close());
    assertTrue(refused.getMessage().startsWith(where + " is from a backup"), refused.getMessage());
    assertTrue(refused.getMessage().contains("glass restore --newest"), refused.getMessage());
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(where.resolve("checkpoint"))));
  }

  @Test
  void aBackupIsWholeAndCanBeReadAndSignsNothing() throws Exception {
    Glass.Ran ran = run(0, "backup", dir.toString(), backup.toString());
    assertTrue(ran.out().contains("\nChecked: 2 entries, root "), ran.out());
    assertTrue(ran.out().contains("The signing key is in it"), ran.out());
    assertFalse(Identity.isReadableByOthers(backup.resolve("host.key")));
    run(0, "fsck", backup.toString());
    assertTrue(run(0, "verify", backup.toString()).out().contains("Call log verified."));
    run(0, "export", backup.toString(), temp.resolve("out").toString());
    assertSignsNothing(backup);
  }

  @Test
  void theKeyCanBeLeftOut() {
    run(0, "backup", dir.toString(), backup.toString(), "--without-key");
    assertFalse(Files.exists(backup.resolve("host.key")));
  }

  @Test
  void aHostThatRunsIsNotCopied() throws Exception {
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      Glass.Ran ran = run(3, "backup", dir.toString(), backup.toString());
      assertTrue(ran.err().contains("is already open"), ran.err());
    }
    assertFalse(Files.exists(backup));
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Files.createDirectories(backup);
    Files.writeString(backup.resolve("mine"), "x");
    Glass.Ran ran = run(3, "backup", dir.toString(), backup.toString());
    assertTrue(ran.err().contains("is not empty"), ran.err());
    assertEquals(3, glass.run("backup", temp.toString(), temp.resolve("b").toString()).code());
  }

  @Test
  void whatIsRestoredSignsNothing() throws Exception {
    Path restored = temp.resolve("restored");
    Glass.Ran ran = run(0, "restore", taken().toString(), restored.toString());
    assertTrue(ran.out().contains("It is marked"), ran.out());
    assertSignsNothing(restored);
  }

  @Test
  void theNewestCheckpointLetsItGoOn() throws Exception {
    Path newest = temp.resolve("newest");
    Files.copy(dir.resolve("checkpoint"), newest);
    Path restored = temp.resolve("restored");
    Glass.Ran ran =
        run(0, "restore", taken().toString(), restored.toString(), "--newest", newest.toString());
    assertTrue(ran.out().contains("a host may go on from here"), ran.out());
    assertTrue(ran.out().contains("If its key has signed a newer one"), ran.out());
    goOn(glass, restored);
    run(0, "verify", restored.toString());
    // The backup stays one.
    assertSignsNothing(backup);
  }

  @Test
  void anOlderBackupDoesNotGoOn() throws Exception {
    taken();
    goOn(glass, dir);
    Path restored = temp.resolve("restored");
    Glass.Ran ran =
        run(1, "restore", backup.toString(), restored.toString(), "--newest", dir.toString());
    assertTrue(ran.err().contains("is of 3 entries, and the backup has 2"), ran.err());
    assertSignsNothing(restored);
  }

  @Test
  void anOlderCheckpointAndAnotherLogsAreNoProof() throws Exception {
    Path older = temp.resolve("older");
    Files.copy(dir.resolve("checkpoint"), older);
    goOn(glass, dir);
    taken();
    Glass.Ran ran = run(1, "restore", backup.toString(), at("a"), "--newest", older.toString());
    assertTrue(ran.err().contains("name the newest one"), ran.err());
    Path other = temp.resolve("other");
    goOn(glass, other);
    ran = run(1, "restore", backup.toString(), at("b"), "--newest", other.toString());
    assertTrue(ran.err().contains("is no checkpoint of this log"), ran.err());
    run(3, "restore", backup.toString(), at("c"), "--newest", temp.resolve("none").toString());
    assertFalse(Files.exists(temp.resolve("c")));
    assertSignsNothing(temp.resolve("a"));
    assertSignsNothing(temp.resolve("b"));
  }

  private String at(String name) {
    return temp.resolve(name).toString();
  }

  @Test
  void aDamagedBackupIsToldAndMarked() throws Exception {
    Files.write(taken().resolve("treehead"), new byte[1024]);
    Glass.Ran ran = run(1, "restore", backup.toString(), at("a"), "--newest", backup.toString());
    assertTrue(ran.err().contains("The copy is damaged: glass fsck " + at("a")), ran.err());
    assertTrue(Files.exists(temp.resolve("a").resolve("restored")));
  }
}
