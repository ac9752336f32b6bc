package dev.glasshouse.calllog.witness;

import static dev.glasshouse.calllog.witness.CosignatureTest.identity;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MlDsaIdentity;
import dev.glasshouse.calllog.MlDsaKey;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** C2SP tlog-cosignature, the ML-DSA-44 form. */
final class MlDsaCosignatureTest {
  private static final String NAME = "witness.example.com/pq";
  private static final String ORIGIN = "example.com/log";
  private static final Hash ROOT = Hash.of("root");
  private static final String TEXT = new Checkpoint(ORIGIN, new TreeHead(258, ROOT)).text();
  private static final long TIME = 1_700_000_000;
  private static final MlDsaIdentity WITNESS = mlDsa(1);
  private static final WitnessKey KEY = new WitnessKey(NAME, WITNESS.publicKey());

  private static MlDsaIdentity mlDsa(int number) {
    byte[] seed = new byte[MlDsaIdentity.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return MlDsaIdentity.ofSeed(seed);
  }

  @Test
  void signsTheStructureOfTheSpecification() {
    // subtree/v1\n\0, then name, time, origin, start, end and hash, as RFC 8446 writes them.
    ByteBuffer expected = ByteBuffer.allocate(12 + 1 + NAME.length() + 8 + 1 + 15 + 8 + 8 + 32);
    expected.put(new byte[] {'s', 'u', 'b', 't', 'r', 'e', 'e', '/', 'v', '1', '\n', 0});
    expected.put((byte) NAME.length()).put(NAME.getBytes(StandardCharsets.UTF_8));
    expected.putInt(0).putInt(1_700_000_000);
    expected.put((byte) 15).put(ORIGIN.getBytes(StandardCharsets.UTF_8));
    expected.putLong(0).put(new byte[] {0, 0, 0, 0, 0, 0, 1, 2}).put(ROOT.bytes());
    assertFalse(expected.hasRemaining());
    assertArrayEquals(expected.array(), Cosignature.message(KEY, TEXT, TIME));
    Cosignature signed = Cosignature.sign(NAME, WITNESS, TEXT, TIME);
    byte[] bytes = signed.line().bytes();
    assertEquals(8 + 2420, bytes.length);
    assertEquals(TIME, ByteBuffer.wrap(bytes).getLong());
    byte[] signature = Arrays.copyOfRange(bytes, 8, bytes.length);
    assertTrue(WITNESS.publicKey().verify(expected.array(), signature));
  }

  @Test
  void anOriginFitsIntoTheStructure() {
    String text = "o".repeat(255) + "\n258\n" + ROOT.base64() + "\n";
    Cosignature signed = Cosignature.sign(NAME, WITNESS, text, TIME);
    assertEquals(TIME, Cosignature.verify(KEY, text, signed.line()).time());
    assertThrows(MalformedException.class, () -> Cosignature.sign(NAME, WITNESS, "o" + text, TIME));
  }

  @Test
  void aKeyIsReadBackAndIsNotOneOfEd25519() {
    String vkey = KEY.format();
    WitnessKey parsed = WitnessKey.parse(vkey);
    assertEquals(KEY, parsed);
    // The base64 has pluses of its own.
    int second = vkey.indexOf('+', vkey.indexOf('+') + 1);
    byte[] typed = Base64.getDecoder().decode(vkey.substring(second + 1));
    assertEquals(1313, typed.length);
    assertEquals(6, typed[0]);
    byte[] named = (NAME + "\n").getBytes(StandardCharsets.UTF_8);
    assertEquals(ByteBuffer.wrap(Hash.of(named, typed).bytes()).getInt(), KEY.id());
    typed[0] = 4;
    refused(NAME + "+00000000+" + Base64.getEncoder().encodeToString(typed));
    typed[0] = 6;
    refused(NAME + "+00000000+" + Base64.getEncoder().encodeToString(typed));
    refused(NAME + "+00000000+" + Base64.getEncoder().encodeToString(Arrays.copyOf(typed, 33)));
    refused(vkey + "A");
    refused("x" + vkey);
  }

  private static void refused(String vkey) {
    assertThrows(MalformedException.class, () -> WitnessKey.parse(vkey), vkey);
  }

  @Test
  void aCosignatureHoldsForItsNameTreeTimeAndKeyOnly() {
    NoteSignature line = Cosignature.sign(NAME, WITNESS, TEXT, TIME).line();
    NoteSignature read = NoteSignature.parse(line.format());
    Cosignature verified = Cosignature.verify(KEY, TEXT, read);
    assertEquals(TIME, verified.time());
    assertEquals(KEY, verified.witness());
    // Extension lines are not what it speaks of.
    assertEquals(TIME, Cosignature.verify(KEY, TEXT + "an extension\n", read).time());

    refused(KEY, TEXT.replace("258", "259"), line.bytes());
    refused(KEY, TEXT.replace("log", "lob"), line.bytes());
    refused(KEY, new Checkpoint(ORIGIN, new TreeHead(258, Hash.of("x"))).text(), line.bytes());
    refused(new WitnessKey(NAME, mlDsa(2).publicKey()), TEXT, line.bytes());
    refused(new WitnessKey(NAME + "2", WITNESS.publicKey()), TEXT, line.bytes());
    refused(new WitnessKey(NAME, identity(1).publicKey()), TEXT, line.bytes());
    refused(KEY, "no checkpoint\n", line.bytes());
    refused(KEY, "x".repeat(256) + TEXT.substring(ORIGIN.length()), line.bytes());
    for (int at : new int[] {7, 8, 1000, 2427}) {
      byte[] changed = line.bytes();
      changed[at] ^= 1;
      refused(KEY, TEXT, changed);
    }
    refused(KEY, TEXT, Arrays.copyOf(line.bytes(), 2427));
    refused(KEY, TEXT, Arrays.copyOf(line.bytes(), 2429));
    refused(KEY, TEXT, Arrays.copyOf(line.bytes(), Cosignature.BYTES));
  }

  // With the key's own id, so that the signature alone decides.
  private static void refused(WitnessKey key, String text, byte[] signature) {
    NoteSignature line = new NoteSignature(key.name(), key.id(), signature);
    assertThrows(UnverifiedException.class, () -> Cosignature.verify(key, text, line));
  }

  @Test
  void aWitnessSaysWhen() {
    for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThrows(
          IllegalArgumentException.class, () -> Cosignature.sign(NAME, WITNESS, TEXT, time));
      byte[] signature = WITNESS.sign(Cosignature.message(KEY, TEXT, time));
      ByteBuffer timed = ByteBuffer.allocate(Cosignature.ML_DSA_BYTES).putLong(time);
      refused(KEY, TEXT, timed.put(signature).array());
    }
  }

  @Test
  void aPolicyTakesBothAlgorithms() {
    String policy =
        "witness old "
            + new WitnessKey("example.com/w1", identity(1).publicKey()).format()
            + "\nwitness new "
            + KEY.format()
            + "\ngroup g NEEDED old new\nquorum g\n";
    Policy both = Policy.parse(policy.replace("NEEDED", "all").getBytes(StandardCharsets.UTF_8));
    Policy any = Policy.parse(policy.replace("NEEDED", "any").getBytes(StandardCharsets.UTF_8));
    NoteSignature log = NoteSignature.sign(ORIGIN, identity(9), TEXT);
    NoteSignature old = Cosignature.sign("example.com/w1", identity(1), TEXT, TIME + 5).line();
    NoteSignature young = Cosignature.sign(NAME, WITNESS, TEXT, TIME).line();
    Note cosigned = read(new Note(TEXT, List.of(log, old, young)));
    Quorum quorum = both.quorum(cosigned, ORIGIN);
    assertTrue(quorum.isMet());
    assertEquals(TIME, quorum.oldest().orElseThrow());
    assertEquals(TIME + 5, quorum.newest().orElseThrow());
    Note half = read(new Note(TEXT, List.of(log, young)));
    assertFalse(both.quorum(half, ORIGIN).isMet());
    assertTrue(any.quorum(half, ORIGIN).isMet());
    byte[] changed = young.bytes();
    changed[100] ^= 1;
    NoteSignature forged = new NoteSignature(NAME, young.keyId(), changed);
    Note bad = read(new Note(TEXT, List.of(log, old, forged)));
    assertThrows(UnverifiedException.class, () -> any.quorum(bad, ORIGIN));
    String twice =
        policy.replace("NEEDED", "any")
            + "witness again "
            + new WitnessKey("other.example", WITNESS.publicKey()).format()
            + "\n";
    MalformedException refused =
        assertThrows(
            MalformedException.class, () -> Policy.parse(twice.getBytes(StandardCharsets.UTF_8)));
    assertTrue(refused.getMessage().contains("listed already"), refused.getMessage());
  }

  private static Note read(Note note) {
    return Note.parse(note.format(), Note.MAX_BYTES);
  }

  @Test
  void thereIsRoomForAsManyAsAPolicyMayName() {
    List<NoteSignature> lines = new ArrayList<>();
    lines.add(NoteSignature.sign(ORIGIN, identity(9), TEXT));
    StringBuilder policy = new StringBuilder();
    byte[] signature = new byte[Cosignature.ML_DSA_BYTES];
    for (int i = 0; i < Policy.MAX_WITNESSES; i++) {
      lines.add(new NoteSignature("witness.example.com/number-" + i, i, signature));
      byte[] key = new byte[MlDsaKey.BYTES];
      key[0] = (byte) i;
      policy
          .append("witness w" + i + " ")
          .append(new WitnessKey("witness.example.com/number-" + i, MlDsaKey.ofBytes(key)).format())
          .append('\n');
    }
    Note note = new Note(TEXT, lines);
    assertEquals(note, read(note));
    AddCheckpoint submission =
        new AddCheckpoint(7, Collections.nCopies(Proofs.MAX_HASHES, ROOT), note);
    assertEquals(submission, AddCheckpoint.parse(submission.format()));
    byte[] file = policy.append("quorum none\n").toString().getBytes(StandardCharsets.UTF_8);
    assertEquals(Policy.MAX_WITNESSES, Policy.parse(file).witnesses().size());
  }
}
