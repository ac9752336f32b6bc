package dev.glasshouse.calllog.witness;

import static dev.glasshouse.calllog.witness.CosignatureTest.identity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** C2SP tlog-policy: the file, and what it says of a note. */
final class PolicyTest {
  private static final String ORIGIN = "example.com/log";
  private static final String TEXT =
      new Checkpoint(ORIGIN, new TreeHead(7, Hash.of("root"))).text();
  private static final String LOG = new NoteKey(ORIGIN, identity(99).publicKey()).format();

  /** The example of the specification, with keys 1 to 6. */
  private static final String EXAMPLE =
      """
      log LOG

      witness X1 W1
      witness X2 W2
      witness X3 W3
      group X-witnesses 2 X1 X2 X3

      witness Y1 W4
      witness Y2 W5
      witness Y3 W6
      group Y-witnesses any Y1 Y2 Y3

      group X-and-Y all X-witnesses Y-witnesses
      quorum X-and-Y
      """;

  private static String name(int number) {
    return "example.com/w" + number;
  }

  private static byte[] file(String text) {
    String filled = text.replace("LOG", LOG);
    for (int i = 9; i > 0; i--) {
      WitnessKey key = new WitnessKey(name(i), identity(i).publicKey());
      filled = filled.replace(" W" + i, " " + key.format());
    }
    return filled.getBytes(StandardCharsets.UTF_8);
  }

  private static Policy policy(String text) {
    return Policy.parse(file(text));
  }

  private static NoteSignature cosigned(int number, long time) {
    return Cosignature.sign(name(number), identity(number), TEXT, time).line();
  }

  private static Note note(NoteSignature... lines) {
    List<NoteSignature> all = new ArrayList<>();
    all.add(NoteSignature.sign(ORIGIN, identity(99), TEXT));
    all.addAll(Arrays.asList(lines));
    return new Note(TEXT, all);
  }

  private static Note cosignedBy(int... numbers) {
    return note(
        Arrays.stream(numbers)
            .mapToObj(number -> cosigned(number, 1000 + number))
            .toArray(NoteSignature[]::new));
  }

  @Test
  void theExampleOfTheSpecification() {
    Policy policy = policy(EXAMPLE);
    assertEquals(6, policy.witnesses().size());
    assertEquals("X1", policy.witnesses().get(0).name());
    assertEquals(Optional.empty(), policy.witnesses().get(0).url());
    assertEquals(1, policy.logs(ORIGIN).size());
    assertEquals(List.of(), policy.logs("example.com/other"));
    assertTrue(policy.wantsCosignatures());
    for (int[] met : new int[][] {{1, 2, 4}, {2, 3, 6}, {1, 3, 5}, {1, 2, 3, 4, 5, 6}}) {
      assertTrue(policy.quorum(cosignedBy(met), ORIGIN).isMet(), Arrays.toString(met));
    }
    for (int[] not : new int[][] {{}, {1, 2, 3}, {1, 4}, {4, 5, 6}, {1, 4, 5, 6}}) {
      assertFalse(policy.quorum(cosignedBy(not), ORIGIN).isMet(), Arrays.toString(not));
    }
  }

  @Test
  void everySetOfWitnessesAgreesWithCounting() {
    Policy policy = policy(EXAMPLE);
    for (int set = 0; set < 64; set++) {
      int chosen = set;
      int[] numbers =
          IntStream.rangeClosed(1, 6).filter(i -> (chosen >> (i - 1) & 1) == 1).toArray();
      boolean expected = Integer.bitCount(set & 7) >= 2 && (set & 56) != 0;
      Quorum quorum = policy.quorum(cosignedBy(numbers), ORIGIN);
      assertEquals(expected, quorum.isMet(), Arrays.toString(numbers));
      assertEquals(numbers.length, quorum.cosigned().size());
    }
  }

  @Test
  void timesAreThoseOfTheWitnessesThatCount() {
    Policy policy = policy("witness a W1\nwitness b W2\nwitness c W3\ngroup g any a b\nquorum g\n");
    Quorum quorum =
        policy.quorum(
            note(cosigned(1, 50), cosigned(2, 70), cosigned(2, 60), cosigned(3, 1)), ORIGIN);
    assertEquals(OptionalLong.of(50), quorum.oldest());
    assertEquals(OptionalLong.of(70), quorum.newest());
    assertEquals(
        List.of("a 50 true", "b 70 true", "c 1 false"),
        quorum.cosigned().stream()
            .map(each -> each.witness().name() + " " + each.time() + " " + each.counts())
            .toList());
    Quorum none = policy.quorum(note(cosigned(3, 1)), ORIGIN);
    assertFalse(none.isMet());
    assertEquals(OptionalLong.empty(), none.oldest());
    assertEquals(OptionalLong.empty(), none.newest());
  }

  @Test
  void unknownSignaturesArePassedOverAndKnownOnesMustHold() {
    Policy policy = policy("witness a W1\nquorum a\n");
    NoteSignature good = cosigned(1, 5);
    NoteSignature forged = new NoteSignature(name(1), good.keyId(), cosigned(2, 5).bytes());
    NoteSignature otherId = new NoteSignature(name(1), 7, new byte[72]);
    NoteSignature otherName = new NoteSignature("example.com/x", good.keyId(), new byte[3]);
    assertTrue(policy.quorum(note(otherId, good, otherName, cosigned(2, 5)), ORIGIN).isMet());
    for (NoteSignature[] lines : new NoteSignature[][] {{forged}, {good, forged}, {forged, good}}) {
      assertThrows(UnverifiedException.class, () -> policy.quorum(note(lines), ORIGIN));
    }
    NoteSignature shorter = new NoteSignature(name(1), good.keyId(), new byte[64]);
    assertThrows(UnverifiedException.class, () -> policy.quorum(note(good, shorter), ORIGIN));
    assertThrows(UnverifiedException.class, () -> policy.quorum(note(good), "example.com/lo"));
    assertThrows(UnverifiedException.class, () -> policy.quorum(note(good), ORIGIN + "2"));
  }

  @Test
  void sixtyFourWitnessesCountUnderOneNote() {
    StringBuilder file = new StringBuilder();
    StringBuilder members = new StringBuilder("group all all");
    List<NoteSignature> lines = new ArrayList<>();
    for (int i = 1; i <= Policy.MAX_WITNESSES; i++) {
      file.append("witness w" + i + " ")
          .append(new WitnessKey(name(i), identity(i).publicKey()).format())
          .append('\n');
      members.append(" w" + i);
      lines.add(cosigned(i, i));
    }
    Policy policy = policy(file.toString() + members + "\nquorum all\n");
    Note note = note(lines.toArray(NoteSignature[]::new));
    Note parsed = Note.parse(note.format(), Note.MAX_BYTES);
    assertTrue(policy.quorum(parsed, ORIGIN).isMet());
    lines.remove(40);
    assertFalse(policy.quorum(note(lines.toArray(NoteSignature[]::new)), ORIGIN).isMet());
    String one = new WitnessKey(name(65), identity(65).publicKey()).format();
    assertRefused(file + "witness more " + one + "\nquorum none\n", 65, "at most 64 witnesses");
  }

  @Test
  void logsHaveALimit() {
    StringBuilder file = new StringBuilder();
    for (int i = 1; i <= Policy.MAX_LOGS + 1; i++) {
      if (i > Policy.MAX_LOGS) {
        assertEquals(Policy.MAX_LOGS, policy(file + "quorum none\n").logs().size());
      }
      Identity key = Identity.ofSeed(Hash.of("log " + i).bytes());
      file.append("log " + new NoteKey("n", key.publicKey()).format() + "\n");
    }
    assertRefused(file + "quorum none\n", Policy.MAX_LOGS + 1, "at most 1024 logs");
  }

  @Test
  void groupsMayNestToTheirLimit() {
    StringBuilder file = new StringBuilder("witness g0 W1\n");
    for (int i = 1; i <= Policy.MAX_GROUPS; i++) {
      file.append("group g" + i + " 1 g" + (i - 1) + "\n");
    }
    Policy policy = policy(file + "quorum g64\n");
    assertTrue(policy.quorum(cosignedBy(1), ORIGIN).isMet());
    assertFalse(policy.quorum(cosignedBy(2), ORIGIN).isMet());
    assertRefused(file + "group g65 1 g64\nquorum g65\n", 66, "at most 64 groups");
  }

  @Test
  void namesAreOctetsAndLinesMayBeIndentedAndCommented() {
    String text =
        " \t# \u00fcmlaut comment\n\n \t \n\tlog \t LOG\thttps://example.com/\u00fc \n"
            + "witness \u212a W1 http://127.0.0.1:1/x\nwitness K W2\nquorum \u212a";
    Policy policy = policy(text);
    assertEquals(Optional.of("https://example.com/\u00fc"), policy.logs().get(0).url());
    assertEquals("\u212a", policy.witnesses().get(0).name());
    assertEquals(Optional.of("http://127.0.0.1:1/x"), policy.witnesses().get(0).url());
    assertTrue(policy.quorum(cosignedBy(1), ORIGIN).isMet());
    assertFalse(policy.quorum(cosignedBy(2), ORIGIN).isMet(), "K is not the Kelvin sign");
    byte[] octets = file("witness NAME W1\nquorum NAME\n".replace("NAME", "\u00e9"));
    String latin = new String(octets, StandardCharsets.UTF_8);
    assertTrue(
        Policy.parse(latin.getBytes(StandardCharsets.ISO_8859_1)).wantsCosignatures(),
        "a name need not be UTF-8");
    String address = "log LOG http://\u00e9\nquorum none\n".replace("LOG", LOG);
    assertThrows(
        MalformedException.class,
        () -> Policy.parse(address.getBytes(StandardCharsets.ISO_8859_1)),
        "an address must be UTF-8");
    for (String any : new String[] {"http://\ufffd", "http://\ufeff", "http://\ud83d\ude00"}) {
      Policy written = policy("log LOG URL\nquorum none\n".replace("URL", any));
      assertEquals(Optional.of(any), written.logs().get(0).url(), "a character like any other");
    }
  }

  @Test
  void aQuorumIsReachableOverWitnessesWithAddresses() {
    assertTrue(policy("quorum none\n").isReachable());
    assertFalse(policy("witness a W1\nquorum a\n").isReachable());
    String two = "witness a W1 http://x\nwitness b W2\ngroup g any a b\ngroup h all g\n";
    assertTrue(policy(two + "quorum h\n").isReachable());
    assertTrue(policy(two + "quorum a\n").isReachable());
    assertFalse(policy(two + "quorum b\n").isReachable());
  }

  @Test
  void noneWantsNothing() {
    Policy policy = policy("quorum none\n");
    assertFalse(policy.wantsCosignatures());
    assertTrue(policy.quorum(cosignedBy(1), ORIGIN).isMet());
    assertTrue(policy.allows("anything", identity(1).publicKey()), "it names no logs");
    assertTrue(Policy.NONE.quorum(cosignedBy(), ORIGIN).isMet());
    Policy named = policy("log LOG\nquorum none\n");
    assertTrue(named.allows(ORIGIN, identity(99).publicKey()));
    assertFalse(named.allows(ORIGIN, identity(98).publicKey()));
    assertFalse(named.allows("example.com/other", identity(99).publicKey()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "logs LOG; 1; a line starts with",
        "log; 1; a log is written as",
        "log LOG a b; 1; a log is written as",
        "log W1; 1; not an Ed25519 verifier key",
        "log LOG|log LOG; 2; is listed already",
        "witness a; 1; a witness is written as",
        "witness a W1 u v; 1; a witness is written as",
        "witness a LOG; 1; not the key of a witness",
        "witness a garbage; 1; NAME+HEX8+BASE64",
        "witness none W1; 1; is no name",
        "witness a W1|witness b W1; 2; is listed already",
        "witness a W1|witness a W2; 2; is defined already",
        "witness a W1|group a any a; 2; is defined already",
        "group g any; 1; a group is written as",
        "group g any b; 1; is no witness or group",
        "group g any none; 1; is no witness or group",
        "group g any g; 1; is no witness or group",
        "witness a W1|group none any a; 2; is no name",
        "witness a W1|group g 0 a; 2; a number from 1 to 1",
        "witness a W1|group g 2 a; 2; a number from 1 to 1",
        "witness a W1|group g 01 a; 2; a number from 1 to 1",
        "witness a W1|group g +1 a; 2; a number from 1 to 1",
        "witness a W1|group g 99999999999 a; 2; a number from 1 to 1",
        "witness a W1|group g most a; 2; a number from 1 to 1",
        "witness a W1|group g any a a; 2; is a member of a group already",
        "witness a W1|group g any a|group h any a; 3; is a member of a group already",
        "quorum; 1; a quorum is written as",
        "quorum a; 1; is no witness or group",
        "quorum none|quorum none; 2; this is the second",
        "quorum none none; 1; a quorum is written as",
        "quorum a|witness a W1; 1; is no witness or group",
        "witness\u00a0a W1; 1; a line starts with",
        "quorum\u000bnone; 1; a control character",
        "quorum none\u007f; 1; a control character",
      })
  void otherFilesAreRefusedWithTheirLine(String text, int line, String why) {
    assertRefused(text.replace('|', '\n') + "\nquorum none\n", line, why);
  }

  @Test
  void carriageReturnsAndMissingQuorumsAreRefused() {
    assertRefused("# a\r\nquorum none\r\n", 1, "carriage return");
    String message =
        assertThrows(MalformedException.class, () -> policy("witness a W1\n")).getMessage();
    assertTrue(message.contains("one line \"quorum"), message);
    String large = "quorum none" + "\n".repeat(Policy.MAX_BYTES - 11);
    assertFalse(policy(large).wantsCosignatures());
    assertThrows(MalformedException.class, () -> policy(large + "\n"));
  }

  @Test
  void noFileBreaksTheParser() {
    long seed = 4711;
    Random random = new Random(seed);
    byte[] good = file(EXAMPLE);
    for (int i = 0; i < 2000; i++) {
      byte[] changed = good.clone();
      for (int j = 0; j <= i % 4; j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
      try {
        Policy policy = Policy.parse(i % 2 == 0 ? changed : cut);
        assertTrue(policy.witnesses().size() <= 6, "seed " + seed + ", round " + i);
      } catch (MalformedException e) {
        assertFalse(e.getMessage().isEmpty(), "seed " + seed + ", round " + i);
      }
    }
  }

  private static void assertRefused(String text, int line, String why) {
    String message = assertThrows(MalformedException.class, () -> policy(text), text).getMessage();
    assertTrue(message.startsWith("line " + line + ": "), message);
    assertTrue(message.contains(why), message);
  }
}
