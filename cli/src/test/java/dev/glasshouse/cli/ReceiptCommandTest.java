package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.TlogProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code glass receipt}: saved from a host, and checked by a user who has only the files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReceiptCommandTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.increment = () => ++n
      exports.echo = (text) => text
      """;

  private static final int INDEX = 2;

  private Path temp;
  private TestHost host;
  private Glass glass;
  private Glass.Ran saved;
  private Path original;
  private NoteKey key;
  private Path file;
  private int copies;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    glass = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    call(host, "client.increment()");
    call(host, "client.increment()");
    call(host, "client.echo('x'.repeat(3000))");
    call(host, "client.increment()");
    original = dir.resolve("original");
    saved = save(INDEX, original);
    key = new NoteKey(host.module().log().genesis().origin(), host.module().log().genesis().host());
  }

  @AfterAll
  void stop() {
    host.close();
  }

  /** Each test has the files to itself. */
  @BeforeEach
  void copy() throws IOException {
    file = temp.resolve("copy" + copies++);
    for (String suffix : List.of("", ".entry", ".genesis")) {
      Files.copy(Path.of(original + suffix), Path.of(file + suffix));
    }
  }

  private void call(TestHost at, String text) {
    Glass.Ran ran = glass.run("repl", at.at(), "-e", text);
    assertEquals(0, ran.code(), ran.err());
  }

  private Glass.Ran save(long index, Path target) {
    return glass.run("receipt", host.at(), String.valueOf(index), "-o", target.toString());
  }

  // By somebody who has never met the host.
  private Glass.Ran check(String... more) {
    String[] line =
        Arrays.copyOf(new String[] {"receipt", "--check", file.toString()}, 3 + more.length);
    System.arraycopy(more, 0, line, 3, more.length);
    return Glass.of(temp.resolve("nobody")).run(line);
  }

  private void assertContradicted(String why, Glass.Ran ran) {
    assertNotProved(1, why, ran);
  }

  // The line ends with the name of a file that proves it.
  private void assertCaught(String why, Glass.Ran ran) {
    assertNotProved(4, why, ran);
    String line = ran.out().strip();
    Path evidence = Path.of(line.substring(line.indexOf("--evidence ") + 11));
    assertEquals(4, EvidenceFiles.judge(evidence, null, new PrintWriter(new StringWriter())));
  }

  private void assertNotProved(int code, String why, Glass.Ran ran) {
    assertEquals(code, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("NOT PROVED: "), ran.out());
    assertTrue(ran.out().contains(why), ran.out());
    assertEquals(1, ran.out().lines().count(), ran.out());
    assertEquals("", ran.err());
  }

  private static void assertUnfinished(String why, Glass.Ran ran) {
    assertEquals(3, ran.code(), ran.out() + ran.err());
    assertTrue(ran.err().contains(why), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("", ran.out());
  }

  private static void edit(Path path, String from, String to) throws IOException {
    String text = Files.readString(path);
    assertTrue(text.contains(from), text);
    Files.writeString(path, text.replaceFirst(Pattern.quote(from), to));
  }

  @Test
  void anHonestReceiptIsProvedByItsFilesAlone() throws Exception {
    assertEquals(0, saved.code(), saved.err());
    assertEquals("Saved in " + original + "\n", saved.err());
    CallEntry entry = (CallEntry) host.module().log().entry(INDEX);
    TlogProof proof = TlogProof.parse(Files.readAllBytes(file), TlogProof.MAX_BYTES);
    String root = Checkpoint.parse(proof.checkpoint().text()).head().root().hex();
    Glass.Ran ran = check("--log", host.log());
    assertEquals(
        """
        Log %s
        Receipt proved.

        Entry:      2
                    %s  %s  increment() -> 2
        Checkpoint: 5 entries, root %s
        Signed by:  %s
        Proved:     this entry is in the tree that the log's key signed
                    its caller signed the request, for this log
        Not proved: that the outcome is right: glass verify executes the log again
                    its time, and what came from outside: they are the host's word
                    that everybody was shown this tree
        """
            .formatted(
                host.log(),
                Instant.ofEpochMilli(entry.time()),
                entry.caller().id(),
                root,
                key.format()),
        ran.out());
    assertEquals(0, ran.code());
    assertEquals("", ran.err());
    assertFalse(Files.exists(Path.of(original + ".blobs")), "no long texts");
    assertFalse(Files.exists(temp.resolve("nobody")), "a check leaves nothing behind");
  }

  @Test
  void withoutAPinTheLogIsOnlyNamed() {
    Glass.Ran ran = check();
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("Log " + host.log() + "\n"), ran.out());
    assertTrue(ran.out().contains("Not proved: that this is the log that you mean"), ran.out());
  }

  @Test
  void aKeyStandsForTheGenesisEntry() throws IOException {
    Files.delete(Path.of(file + ".genesis"));
    assertUnfinished(".genesis: no such file", check());
    Glass.Ran ran = check("--key", key.format());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("Log of " + key.name() + "\n"), ran.out());
    NoteKey other = new NoteKey(key.name(), Identity.ofSeed(new byte[32]).publicKey());
    assertContradicted("the checkpoint is not signed by", check("--key", other.format()));
    NoteKey elsewhere = new NoteKey("glasshouse/other", key.key());
    assertContradicted("the checkpoint is not signed by", check("--key", elsewhere.format()));
  }

  @Test
  void anotherLogIsNotProved() {
    assertContradicted(
        "the receipt is of log " + host.log() + ", not of " + "ab".repeat(32) + " as you asked for",
        check("--log", "ab".repeat(32)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // line of the file, what becomes of it, what is said
        "1 | index 1 | the entry is not at index 2 of the signed tree",
        "1 | index 3 | the entry is not at index 2 of the signed tree",
        "1 | index 5 | the entry is not at index 2 of the signed tree",
        "2 | ~ | the entry is not at index 2 of the signed tree",
        "3 | ~ | the entry is not at index 2 of the signed tree",
        "4 | ~ | the entry is not at index 2 of the signed tree",
        "6 | ~ | the checkpoint is not signed by",
        "7 | 4 | the checkpoint is not signed by",
        "7 | 6 | the checkpoint is not signed by",
        "8 | ~ | the checkpoint is not signed by",
        "10 | ~ | the checkpoint is not signed by",
      })
  void eachLineOfTheProofCounts(int line, String edit, String why) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    assertEquals(11, lines.size(), lines.toString());
    lines.set(line, edit.equals("~") ? swapped(lines.get(line)) : edit);
    Files.writeString(file, String.join("\n", lines) + "\n");
    String said = why.replace("index 2", "index " + lines.get(1).substring(6));
    assertContradicted(said, check());
    assertContradicted(said, check("--log", host.log()));
    assertContradicted(said, check("--key", key.format()));
  }

  // One letter is another, late enough in a signature to be behind the key's id.
  private static String swapped(String line) {
    int at = line.length() - 20;
    return line.substring(0, at) + (line.charAt(at) == 'A' ? 'B' : 'A') + line.substring(at + 1);
  }

  @Test
  void eachByteOfTheEntryCounts() throws IOException {
    byte[] entry = Files.readAllBytes(Path.of(file + ".entry"));
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      byte[] changed = entry.clone();
      int at = random.nextInt(entry.length);
      changed[at] ^= (byte) (1 << random.nextInt(7));
      Files.write(Path.of(file + ".entry"), changed);
      assertContradicted("the entry is not at index 2 of the signed tree", check());
    }
    Files.copy(
        Path.of(original + ".genesis"),
        Path.of(file + ".entry"),
        StandardCopyOption.REPLACE_EXISTING);
    assertContradicted("the entry is not at index 2 of the signed tree", check());
    Files.write(Path.of(file + ".entry"), new byte[0]);
    assertContradicted("the entry is not at index 2 of the signed tree", check());
    Files.delete(Path.of(file + ".entry"));
    assertUnfinished(".entry: no such file", check());
  }

  @Test
  void aChangedGenesisEntryIsAnotherLog() throws IOException {
    Path genesis = Path.of(file + ".genesis");
    edit(genesis, "\"watchdog\":10000", "\"watchdog\":10001");
    assertContradicted("not of " + host.log(), check("--log", host.log()));
    // Nothing is pinned, but the caller signed for a log.
    assertContradicted("the call is signed for log " + host.log(), check());
    edit(genesis, "\"v\":1", "\"v\": 1");
    assertUnfinished("Could not finish: ", check());
  }

  @Test
  void noPartOfAReceiptIsAReceipt() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 1 + length / 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertUnfinished("Could not finish: ", check());
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertUnfinished("Could not finish: ", check());
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertUnfinished("Could not finish: ", check());
    Files.delete(file);
    assertUnfinished("no such file", check());
    Files.createDirectory(file);
    assertUnfinished("Could not finish: ", check());
  }

  @ParameterizedTest
  @CsvSource({"''", ".entry", ".genesis"})
  void hugeFilesAreNotRead(String suffix) throws IOException {
    try (RandomAccessFile huge = new RandomAccessFile(file + suffix, "rw")) {
      huge.setLength(1L << 40);
    }
    assertUnfinished("bytes", check());
  }

  @Test
  void longTextsStandBesideTheReceipt() throws Exception {
    file = temp.resolve("long");
    assertEquals(0, save(3, file).code());
    Glass.Ran ran = check("--log", host.log());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("  echo(\"xxx"), ran.out());
    Path blobs = Path.of(file + ".blobs");
    List<Path> texts;
    try (Stream<Path> list = Files.list(blobs)) {
      texts = list.toList();
    }
    assertEquals(2, texts.size(), "the request and the result");
    for (Path text : texts) {
      byte[] bytes = Files.readAllBytes(text);
      assertEquals(Hash.of(bytes).hex(), text.getFileName().toString());
      Files.write(text, Arrays.copyOf(bytes, bytes.length - 1));
      assertContradicted("that have another hash", check());
      Files.delete(text);
      assertUnfinished("blob " + text.getFileName() + " is missing", check());
      Files.write(text, bytes);
    }
    assertEquals(0, check().code());
  }

  @Test
  void everyEntryHasAReceipt() {
    file = temp.resolve("genesis");
    assertEquals(0, save(0, file).code());
    Glass.Ran ran = check();
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("  genesis of " + key.name()), ran.out());
    assertFalse(ran.out().contains("caller"), ran.out());
    assertUnfinished("the log has no entry 5: its last is 4", save(5, file));
  }

  @Test
  void aFileThatNobodyNamedIsNotOverwritten() throws IOException {
    Path named = Path.of(host.log().substring(0, 16) + "-1.tlog-proof");
    try {
      Glass.Ran ran = glass.run("receipt", host.at(), "1", "--log", host.log());
      assertEquals(0, ran.code(), ran.err());
      assertEquals("Saved in " + named + "\n", ran.err());
      assertUnfinished("is in the way: it exists already", glass.run("receipt", host.at(), "1"));
    } finally {
      for (String suffix : List.of("", ".entry", ".genesis")) {
        Files.deleteIfExists(Path.of(named + suffix));
      }
    }
    assertUnfinished("", glass.run("receipt", host.at(), "1", "-o", named + "/no/such/dir"));
  }

  @Test
  void callersOfADebugHostAreNotProved() throws Exception {
    file = temp.resolve("debug");
    try (TestHost debug = TestHost.start(temp.resolve("debughost"), SCRIPT, true)) {
      assertEquals(
          0, glass.run("repl", debug.at(), "-u", "bob", "-e", "client.increment()").code());
      assertEquals(0, glass.run("receipt", debug.at(), "1", "-o", file.toString()).code());
    }
    Glass.Ran ran = check();
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("  bob  increment() -> 1"), ran.out());
    assertTrue(ran.out().contains("who called: a debug host takes"), ran.out());
    assertFalse(ran.out().contains("signed the request"), ran.out());
  }

  @Test
  void aHostThatLiesIsCaught() throws Exception {
    assertContradicted(
        " serves log " + host.log() + ", not",
        glass.run("receipt", host.at(), "1", "--log", "ab".repeat(32)));
    assertNotSaved(
        "entry 0 as the host gives it is not in the tree",
        (path, body) ->
            path.startsWith("/tile/entries/")
                ? replace(body, "\"watchdog\":10000", "\"watchdog\":10001")
                : body);
    assertNotSaved(
        "entry 2 as the host gives it is not in the tree",
        (path, body) ->
            path.startsWith("/tile/entries/") ? replace(body, "\"seq\":2", "\"seq\":7") : body);
    assertNotSaved(
        "as the host gives it is not in the tree",
        (path, body) -> path.startsWith("/tile/0/") ? new byte[body.length] : body);
    assertNotSaved(
        "the checkpoint is not signed by",
        (path, body) -> path.equals("/checkpoint") ? replace(body, "\n5\n", "\n4\n") : body);
    try (FrontServer page =
        FrontServer.of((path, body) -> "<html>".getBytes(StandardCharsets.UTF_8))) {
      assertUnfinished("Could not finish: ", glass.run("receipt", page.at(), "1"));
    }
    assertUnfinished("Is the host running?", glass.run("receipt", "localhost:1", "1"));
  }

  private void assertNotSaved(String why, FrontServer.Body lie) throws IOException {
    Path target = temp.resolve("lie");
    try (FrontServer liar = FrontServer.before(host, lie)) {
      assertContradicted(
          why, glass.run("receipt", liar.at(), String.valueOf(INDEX), "-o", target.toString()));
    }
    assertFalse(Files.exists(target), "nothing is saved");
  }

  private static byte[] replace(byte[] body, String from, String to) {
    return new String(body, StandardCharsets.ISO_8859_1)
        .replace(from, to)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aForkedLogIsCaught() throws Exception {
    Path one = temp.resolve("one");
    Path other = temp.resolve("other");
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      call(first, "client.increment()");
    }
    try (Stream<Path> walk = Files.walk(one)) {
      for (Path path : walk.toList()) {
        Files.copy(path, other.resolve(one.relativize(path).toString()));
      }
    }
    Glass stranger = Glass.of(temp.resolve("stranger"));
    file = temp.resolve("forked");
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      call(first, "client.increment()");
      assertEquals(0, glass.run("receipt", first.at(), "2", "-o", file.toString()).code());
    }
    try (TestHost second = TestHost.start(other, SCRIPT)) {
      assertContradicted(
          "the host has rolled back its log", glass.run("receipt", second.at(), "1"));
      for (int size = 3; size <= 4; size++) {
        assertEquals(0, stranger.run("repl", second.at(), "-e", "client.echo(1)").code());
        assertCaught(
            size == 3 ? "the host has signed two logs of the same size" : "has forked its log",
            glass.run("receipt", second.at(), "1"));
        // The receipt of one history, before somebody who has seen the other.
        Glass.Ran ran = stranger.run("receipt", "--check", file.toString());
        if (size == 3) {
          assertCaught("the host has signed two logs of 3 entries", ran);
        } else {
          assertEquals(0, ran.code(), ran.out());
          assertTrue(
              ran.out().contains("that the checkpoint of 4 entries that you have kept is of"),
              ran.out());
        }
      }
    }
    Glass.Ran ran = glass.run("receipt", "--check", file.toString());
    assertTrue(ran.out().contains("the one of the checkpoint that you have kept"), ran.out());
  }

  @Test
  void aLogThatGrewIsConsistentAndKept() throws Exception {
    file = temp.resolve("grown");
    Glass stranger = Glass.of(temp.resolve("another"));
    Path dir = temp.resolve("growing");
    try (TestHost growing = TestHost.start(dir, SCRIPT)) {
      Path kept = temp.resolve("home/logs/" + growing.log() + "/checkpoint");
      for (int size = 2; size <= 6; size++) {
        assertEquals(0, stranger.run("repl", growing.at(), "-e", "client.increment()").code());
        Glass.Ran ran = glass.run("receipt", growing.at(), "1", "-o", file.toString());
        assertEquals(0, ran.code(), ran.out() + ran.err());
        assertTrue(ran.out().contains("Checkpoint: " + size + " entries"), ran.out());
        assertTrue(Files.readString(kept).contains("\n" + size + "\n"), "kept");
        assertEquals(0, check().code());
      }
    }
  }

  @Test
  void aDamagedKeptCheckpointIsNotForgotten() throws IOException {
    Path logs = temp.resolve("damaged/logs/" + host.log());
    Files.createDirectories(logs);
    Files.writeString(logs.resolve("checkpoint"), "?");
    Glass damaged = Glass.of(temp.resolve("damaged"));
    assertUnfinished("is damaged", damaged.run("receipt", "--check", file.toString()));
    assertUnfinished("is damaged", damaged.run("receipt", host.at(), "1"));
  }
}
