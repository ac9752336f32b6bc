package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code glass files --proof}, and {@code --check} by a user who has only the files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesProofTest {
  private static final String SCRIPT =
      """
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.mkdir = (path) => System.files.mkdir(path)
      """;

  private static final long SEED = 20261122;

  private Path temp;
  private TestHost host;
  private Glass glass;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    glass = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    glass.call(
        host,
        "client.mkdir('/d')",
        "client.put('/d/one', 'one')",
        "client.put('/two', '" + "2".repeat(3000) + "')");
  }

  @AfterAll
  void stop() {
    host.close();
  }

  private Path save(int code, String action, String path, String... more) {
    Path file = temp.resolve("proof-" + Hash.of(action + path).hex().substring(0, 8));
    String[] line = {"files", host.at(), action, path, "--proof", file.toString()};
    String[] all = Arrays.copyOf(line, line.length + more.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    Glass.Ran ran = glass.run(all);
    assertEquals(code, ran.code(), ran.err());
    assertTrue(ran.err().startsWith("Saved the proof in " + file), ran.err());
    return file;
  }

  private Glass.Ran check(Path file, String... more) {
    String[] line = {"files", "--check", file.toString()};
    String[] all = Arrays.copyOf(line, line.length + more.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    return Glass.of(temp.resolve("stranger")).run(all);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ls, /, 'Path:       /: a directory, with nothing in it but 2 entries'",
    "0, ls, /d, 'Path:       /d: a directory, with nothing in it but 1 entry'",
    "0, ls, /two, 'Path:       /two: a file'",
    "0, cat, /two, 'Path:       /two: a file'",
    "5, ls, /none, 'Path:       /none: nothing is there'",
    "5, cat, /d/none, 'Path:       /d/none: nothing is there'",
  })
  void isProvedOffline(int code, String action, String path, String line) throws IOException {
    Path file = save(code, action, path);
    Glass.Ran ran = check(file, "--log", host.log());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains(line + "\n"), ran.out());
    boolean lists = line.contains("nothing in it") && !path.equals("/");
    assertEquals(path + (lists ? "/\n" : "\n"), Files.readString(Path.of(file + ".path")));
    assertTrue(ran.out().startsWith("Log " + host.log() + "\nFiles proved.\n"), ran.out());
    // It is a receipt of the entry, too.
    assertEquals(0, Glass.of(temp).run("receipt", "--check", file.toString()).code());
  }

  @Test
  void aFileIsListedUnderItsWholePath() {
    AskedPath asked = AskedPath.parse("/d/one");
    ArchiveValue.FileRef one = new ArchiveValue.FileRef(Hash.of("one"), 3);
    ProvedPath alone = new ProvedPath(asked, Optional.of(one), Optional.empty());
    assertEquals("d/one", alone.name(alone.entries().get(0)));
    ArchiveEntry below = new ArchiveEntry(ArchiveKey.parse("d/one"), one);
    ProvedPath listed =
        new ProvedPath(
            AskedPath.parse("/d/"),
            Optional.of(new ArchiveValue.Directory()),
            Optional.of(List.of(below)));
    assertEquals("one", listed.name(listed.entries().get(0)));
  }

  @Test
  void aWholeDirectoryHasNoProof() {
    Path file = temp.resolve("none");
    Glass.Ran ran = glass.run("files", host.at(), "cat", "/d", "--proof", file.toString());
    assertEquals(2, ran.code(), ran.err());
    assertFalse(Files.exists(file));
  }

  @Test
  void whatIsInADirectoryIsSaidOnlyIfItWasAsked() throws IOException {
    Path file = save(0, "ls", "/d");
    assertTrue(check(file).out().contains("with nothing in it but 1 entry"));
    Files.writeString(Path.of(file + ".path"), "/d\n");
    assertFalse(check(file).out().contains("with nothing in it"));
  }

  @Test
  void ofAnEarlierEntry() {
    Path file = save(0, "ls", "/", "--at", "2");
    Glass.Ran ran = check(file);
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("with nothing in it but 1 entry\n"), ran.out());
    assertTrue(ran.out().contains("Entry:      2, "), ran.out());
    assertTrue(ran.out().contains("that this is the log that you mean"), ran.out());
  }

  @Test
  void contentIsCompared() throws IOException {
    Path file = save(0, "cat", "/d/one");
    Path one = Files.writeString(temp.resolve("one"), "one");
    assertEquals(0, check(file, "--content", one.toString()).code());
    Files.writeString(one, "two");
    Glass.Ran ran = check(file, "--content", one.toString());
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("NOT PROVED: " + one + " is not the file"), ran.err());
  }

  @Test
  void ofAnotherPathOrLogProvesNothing() throws IOException {
    Path file = save(0, "cat", "/d/one");
    Files.writeString(Path.of(file + ".path"), "/none\n");
    assertEquals(1, check(file).code());
    Files.writeString(Path.of(file + ".path"), "/two\n");
    assertEquals(1, check(file).code());
    for (String none : new String[] {"two\n", "/two", "/a/../b\n", "/a\n/b\n", "", "/\u0001\n"}) {
      Files.writeString(Path.of(file + ".path"), none);
      assertEquals(3, check(file).code(), none);
    }
    String endless = "/" + "d/".repeat(5000) + "\n";
    Files.writeString(Path.of(file + ".path"), endless);
    assertTrue(check(file).err().contains(".path has more than "));
    Files.writeString(Path.of(file + ".path"), "/d/one\n");
    assertEquals(0, check(file).code());
    Glass.Ran ran = check(file, "--log", "ab".repeat(32));
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("the receipt is of log "), ran.err());
  }

  @Test
  void noBitOfItMayChange() throws IOException {
    Path file = save(0, "ls", "/d");
    Random random = new Random(SEED);
    for (String suffix : new String[] {".archive", "", ".entry", ".genesis"}) {
      Path part = Path.of(file + suffix);
      byte[] bytes = Files.readAllBytes(part);
      for (int i = 0; i < 40; i++) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        changed[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(part, changed);
        int code = check(file).code();
        assertTrue(code == 1 || code == 3, "seed " + SEED + ", " + suffix + " at " + at);
      }
      Files.write(part, bytes);
    }
    assertEquals(0, check(file).code());
  }

  @Test
  void aPartThatIsMissingIsNoLie() throws IOException {
    Path file = save(0, "ls", "/d");
    Files.delete(Path.of(file + ".archive"));
    Glass.Ran ran = check(file);
    assertEquals(3, ran.code());
    assertEquals("Could not finish: " + file + ".archive: no such file or directory\n", ran.err());
  }
}
