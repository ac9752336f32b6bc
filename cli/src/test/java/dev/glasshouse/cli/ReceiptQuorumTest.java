package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass receipt --policy}: of a log that two witnesses cosign, both of a test's making. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReceiptQuorumTest {
  private static final long TIME = 1_800_000_000;
  private static final String SEEN = "2027-01-15T08:00:00Z";

  private TestHost host;
  private Path temp;
  private Path file;
  private Path policy;
  private byte[] shown;
  private int tests;

  private static Identity identity(int seed) {
    byte[] bytes = new byte[Identity.SEED_BYTES];
    Arrays.fill(bytes, (byte) seed);
    return Identity.ofSeed(bytes);
  }

  /** Four entries, of which the witnesses are asked to cosign three. */
  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    host = TestHost.start(dir.resolve("host"), "let n = 0\nexports.a = () => ++n\n");
    for (int i = 0; i < 3; i++) {
      Glass.of(dir.resolve("caller")).call(host, "client.a()");
    }
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    file = temp.resolve("receipt" + tests++);
    policy = policy("quorum alice\n");
    shown = cosigned(3, 1);
  }

  private Path policy(String quorum) throws IOException {
    StringBuilder text = new StringBuilder();
    String[] names = {"", "alice", "bob"};
    for (int i = 1; i <= 2; i++) {
      WitnessKey key = new WitnessKey("example.com/" + i, identity(i).publicKey());
      text.append("witness ").append(names[i]).append(' ').append(key.format()).append('\n');
    }
    return Files.writeString(temp.resolve("policy" + tests), text + quorum);
  }

  private byte[] cosigned(int size, int... witnesses) {
    Hash root = host.module().log().rootAt(size);
    return cosigned(new TreeHead(size, root), witnesses);
  }

  private byte[] cosigned(TreeHead head, int... witnesses) {
    String origin = host.module().log().genesis().origin();
    Note note = SignedCheckpoint.sign(origin, head, identity(7)).note();
    List<NoteSignature> lines = new ArrayList<>(note.signatures());
    for (int each : witnesses) {
      String name = "example.com/" + each;
      lines.add(Cosignature.sign(name, identity(each), note.text(), TIME + each - 1).line());
    }
    return new Note(note.text(), lines).format();
  }

  private Glass.Ran save(int index, String... more) throws IOException {
    try (FrontServer front =
        FrontServer.before(host, (path, body) -> path.equals("/cosigned") ? shown : body)) {
      return run(
          Stream.of("receipt", front.at(), String.valueOf(index), "-o", file.toString()), more);
    }
  }

  private Glass.Ran saveWithPolicy(int index) throws IOException {
    return save(index, "--policy", policy.toString());
  }

  // By somebody who has never met the host.
  private Glass.Ran check(String... more) {
    return run(Stream.of("receipt", "--check", file.toString()), more);
  }

  private Glass.Ran checkWithPolicy() {
    return check("--policy", policy.toString());
  }

  private Glass.Ran run(Stream<String> line, String... more) {
    return Glass.of(temp.resolve("nobody"))
        .run(Stream.concat(line, Stream.of(more)).toArray(String[]::new));
  }

  private static void assertUndecided(String why, Glass.Ran ran) {
    assertEquals(3, ran.code(), ran.out() + ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains(why), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
  }

  @Test
  void aQuorumIsProvedOfflineWithItsTime() throws Exception {
    Glass.Ran saved = saveWithPolicy(2);
    assertEquals(0, saved.code(), saved.out() + saved.err());
    TlogProof proof = TlogProof.parse(Files.readAllBytes(file), TlogProof.MAX_BYTES);
    assertEquals(2, proof.checkpoint().signatures().size());
    Glass.Ran ran = checkWithPolicy();
    assertEquals(0, ran.code(), ran.out() + ran.err());
    String out = ran.out();
    assertTrue(out.contains("\nCheckpoint: 3 entries, root "), out);
    assertTrue(out.contains("\nWitnesses:  alice " + SEEN + "\n"), out);
    assertTrue(out.contains("quorum of witnesses has seen the tree, the last of them at"), out);
    assertTrue(out.contains("that those who do not ask for these witnesses were shown"), out);
    assertTrue(saved.out().contains("\nWitnesses:  alice " + SEEN + "\n"), saved.out());

    Glass.Ran plain = check();
    assertEquals(0, plain.code(), plain.out() + plain.err());
    assertFalse(plain.out().contains("itness"), plain.out());
    assertTrue(plain.out().contains("that everybody was shown this tree"), plain.out());
  }

  @Test
  void withoutAPolicyAReceiptIsOfTheNewestCheckpoint() throws Exception {
    Glass.Ran saved = save(2);
    assertEquals(0, saved.code(), saved.out() + saved.err());
    assertTrue(saved.out().contains("\nCheckpoint: 4 entries"), saved.out());
    assertEquals(0, check().code());
    assertUndecided(
        "the quorum of witnesses is not met for the tree of 4 entries: no cosignatures",
        checkWithPolicy());
  }

  @Test
  void aQuorumThatIsNotMetIsNoReceipt() throws Exception {
    assertUndecided("has cosigned 3 entries, and not yet entry 3", saveWithPolicy(3));
    policy = policy("group both all alice bob\nquorum both\n");
    assertUndecided("not met for the tree of 4 entries: no cosignatures", saveWithPolicy(2));
    shown = cosigned(4, 1);
    assertUndecided("not met for the tree of 4 entries: alice " + SEEN, saveWithPolicy(2));
    shown = null;
    assertUndecided("no cosignatures", saveWithPolicy(2));
    shown = "<html>not here</html>".getBytes(StandardCharsets.UTF_8);
    assertUndecided("no cosignatures", saveWithPolicy(2));
    assertFalse(Files.exists(file), "nothing is saved");

    shown = cosigned(3, 1, 2);
    assertEquals(0, saveWithPolicy(2).code());
    Glass.Ran ran = checkWithPolicy();
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("alice " + SEEN + ", bob 2027-01-15T08:00:01Z\n"), ran.out());
    assertTrue(ran.out().contains("the last of them at 2027-01-15T08:00:01Z"), ran.out());
    // Each line of a saved receipt can be taken out.
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    String bob = lines.remove(lines.size() - 1);
    Files.writeString(file, String.join("\n", lines) + "\n");
    assertUndecided("not met for the tree of 3 entries: alice " + SEEN, checkWithPolicy());
    assertEquals(0, check().code(), "the log's own signature holds");
    lines.set(lines.size() - 1, bob);
    Files.writeString(file, String.join("\n", lines) + "\n");
    assertUndecided("not met for the tree of 3 entries: bob ", checkWithPolicy());
  }

  @Test
  void aCosignatureThatDoesNotHoldIsNoProof() throws Exception {
    assertEquals(0, saveWithPolicy(2).code());
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    String line = lines.remove(lines.size() - 1);
    int at = line.length() - 20;
    char other = line.charAt(at) == 'A' ? 'B' : 'A';
    lines.add(line.substring(0, at) + other + line.substring(at + 1));
    Files.writeString(file, String.join("\n", lines) + "\n");
    Glass.Ran ran = checkWithPolicy();
    assertEquals(1, ran.code(), ran.err());
    assertEquals("NOT PROVED: the cosignature of example.com/1 does not hold\n", ran.out());
    assertEquals(0, check().code(), "nobody asked for it");
  }

  @Test
  void aPolicyOfOtherLogsSaysNothing() throws Exception {
    assertEquals(0, saveWithPolicy(2).code());
    String key = new NoteKey("other", identity(9).publicKey()).format();
    policy = policy("log " + key + "\nquorum alice\n");
    assertUndecided("the policy names the logs that it is for, and not ", checkWithPolicy());
    assertUndecided("the policy names the logs that it is for, and not ", saveWithPolicy(2));
    policy = policy("quorum none\n");
    Glass.Ran ran = checkWithPolicy();
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("\nWitnesses:  alice (does not count) " + SEEN), ran.out());
    assertTrue(ran.out().contains("that everybody was shown this tree"), ran.out());
    assertEquals(2, check("--policy", temp.resolve("none").toString()).code());
  }

  @Test
  void aCopyHasTheTreeThatWasCosigned() throws Exception {
    Path out = temp.resolve("out");
    try (FrontServer front =
        FrontServer.before(host, (path, body) -> path.equals("/cosigned") ? shown : body)) {
      assertEquals(0, run(Stream.of("export", front.at(), out.toString())).code());
    }
    String[] line = {"receipt", out.toString(), "1", "-o", file.toString()};
    Glass.Ran saved = run(Stream.of(line), "--policy", policy.toString());
    assertEquals(0, saved.code(), saved.out() + saved.err());
    Glass.Ran ran = checkWithPolicy();
    assertTrue(ran.out().contains("\nCheckpoint: 3 entries, root "), ran.out() + ran.err());
  }

  @Test
  void whatIsCosignedMustBeOfTheSameLog() throws Exception {
    shown = cosigned(new TreeHead(3, Hash.of("another history")), 1);
    Glass.Ran ran = saveWithPolicy(2);
    assertEquals(4, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("NOT PROVED: the host has forked its log"), ran.out());
    assertFalse(Files.exists(file), "nothing is saved");
  }
}
