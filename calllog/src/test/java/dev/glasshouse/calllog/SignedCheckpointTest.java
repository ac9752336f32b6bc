package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedCheckpointTest {
  private static final String ORIGIN = "example.com/log";
  private static final Identity HOST = Identity.ofSeed(new byte[32]);
  private static final PublicKey KEY = HOST.publicKey();

  private static final Identity OTHER =
      Identity.ofSeed("somebody else's seed, 32 bytes..".getBytes(StandardCharsets.US_ASCII));

  private static final GrownTree TREE = new GrownTree(70);
  private static final SignedCheckpoint SIGNED =
      SignedCheckpoint.sign(ORIGIN, TREE.edge.head(), HOST);

  @Test
  void whatWasSignedVerifies() {
    SignedCheckpoint verified = SignedCheckpoint.verify(SIGNED.format(), ORIGIN, KEY);
    assertEquals(SIGNED, verified);
    assertEquals(TREE.head(70), verified.head());
    assertEquals(ORIGIN, verified.checkpoint().origin());
  }

  @Test
  void cosignaturesOfUnknownKeysAreKeptAndPassedOver() {
    List<NoteSignature> lines = new ArrayList<>(SIGNED.note().signatures());
    lines.add(0, new NoteSignature("witness.example", 7, new byte[72]));
    Note cosigned = new Note(SIGNED.note().text(), lines);
    SignedCheckpoint verified = SignedCheckpoint.verify(cosigned.format(), ORIGIN, KEY);
    assertArrayEquals(cosigned.format(), verified.format());
    assertNotEquals(SIGNED, verified);
    Object note = SIGNED.note();
    assertNotEquals(SIGNED, note);
  }

  @Test
  void anotherKeyLogOrTextIsRefused() {
    byte[] bytes = SIGNED.format();
    refuse(() -> SignedCheckpoint.verify(bytes, ORIGIN, OTHER.publicKey()));
    refuse(() -> SignedCheckpoint.verify(bytes, "example.com/log2", KEY));
    String larger = new String(bytes, StandardCharsets.UTF_8).replace("\n70\n", "\n71\n");
    refuse(() -> SignedCheckpoint.verify(larger.getBytes(StandardCharsets.UTF_8), ORIGIN, KEY));
  }

  @Test
  void aCheckpointOfAnotherLogUnderThisLogsNameIsRefused() {
    String text = new Checkpoint("example.com/log2", TREE.edge.head()).text();
    Note note = new Note(text, List.of(NoteSignature.sign(ORIGIN, HOST, text)));
    refuse(() -> SignedCheckpoint.verify(note, ORIGIN, KEY));
  }

  @Test
  void signedTextThatIsNoCheckpointIsMalformed() {
    String text = SIGNED.note().text() + "extension\n";
    Note note = new Note(text, List.of(NoteSignature.sign(ORIGIN, HOST, text)));
    assertThrows(
        MalformedException.class, () -> SignedCheckpoint.verify(note.format(), ORIGIN, KEY));
  }

  @Test
  void proofFilesAreReadBackAndVerify() {
    for (int index = 0; index < 70; index++) {
      TlogProof proof = new TlogProof(index, Proofs.inclusion(index, 70, TREE), SIGNED.note());
      TlogProof parsed = TlogProof.parse(proof.format(), TlogProof.MAX_BYTES);
      assertEquals(proof, parsed);
      assertEquals(SIGNED, parsed.verify(TREE.leaves.get(index), ORIGIN, KEY));
      refuse(() -> parsed.verify(Hash.ZERO, ORIGIN, KEY));
      Hash leaf = TREE.leaves.get(index);
      refuse(() -> parsed.verify(leaf, "example.com/log2", KEY));
      refuse(() -> parsed.verify(leaf, ORIGIN, OTHER.publicKey()));
    }
  }

  @Test
  void proofFilesLookAsSpecified() {
    TlogProof proof = new TlogProof(68, Proofs.inclusion(68, 70, TREE), SIGNED.note());
    String file = new String(proof.format(), StandardCharsets.UTF_8);
    String checkpoint = new String(SIGNED.format(), StandardCharsets.UTF_8);
    String sibling = TREE.leaves.get(69).base64();
    assertTrue(file.startsWith("c2sp.org/tlog-proof@v1\nindex 68\n" + sibling + "\n"), file);
    assertTrue(file.endsWith("=\n\n" + checkpoint), file);
  }

  @Test
  void aTreeOfOneHasAProofWithoutHashes() {
    SignedCheckpoint signed = SignedCheckpoint.sign(ORIGIN, TREE.head(1), HOST);
    TlogProof proof = new TlogProof(0, List.of(), signed.note());
    TlogProof parsed = TlogProof.parse(proof.format(), TlogProof.MAX_BYTES);
    assertEquals(signed, parsed.verify(TREE.leaves.get(0), ORIGIN, KEY));
  }

  @ParameterizedTest
  @CsvSource({
    "@v1, @v2",
    "c2sp, C2SP",
    "@v1|index, @v1|extra AAAA|index",
    "@v1|index, @v1||index",
    "index 68, index 068",
    "index 68, index +68",
    "index 68, index  68",
    "index 68, index 9223372036854775808",
    "index 68|, ''",
    "index 68|, index 68\r|",
    "index 68|, index 68||",
    "index 68|, index 68|AAAA|",
    "=|, =\r|",
    "=||, =|||",
    "=||, =|"
  })
  void otherProofFilesAreRefused(String from, String to) {
    TlogProof proof = new TlogProof(68, Proofs.inclusion(68, 70, TREE), SIGNED.note());
    String file = new String(proof.format(), StandardCharsets.UTF_8);
    String changed = file.replace(from.replace('|', '\n'), to.replace('|', '\n'));
    byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
    assertTrue(!changed.equals(file), "the test changes something");
    assertThrows(MalformedException.class, () -> TlogProof.parse(bytes, TlogProof.MAX_BYTES));
  }

  @Test
  void proofFilesHaveLimits() {
    List<Hash> most = Collections.nCopies(63, Hash.ZERO);
    TlogProof longest = new TlogProof(Long.MAX_VALUE, most, SIGNED.note());
    byte[] bytes = longest.format();
    assertEquals(longest, TlogProof.parse(bytes, bytes.length));
    assertThrows(MalformedException.class, () -> TlogProof.parse(bytes, bytes.length - 1));
    List<Hash> tooMany = Collections.nCopies(64, Hash.ZERO);
    assertThrows(MalformedException.class, () -> new TlogProof(0, tooMany, SIGNED.note()));
    String file = new String(bytes, StandardCharsets.UTF_8);
    String hash = Hash.ZERO.base64() + "\n";
    byte[] oneMore = file.replaceFirst(hash, hash + hash).getBytes(StandardCharsets.UTF_8);
    assertThrows(MalformedException.class, () -> TlogProof.parse(oneMore, TlogProof.MAX_BYTES));
    assertThrows(MalformedException.class, () -> new TlogProof(-1, List.of(), SIGNED.note()));
  }

  private static void refuse(Executable verification) {
    assertThrows(UnverifiedException.class, verification);
  }
}
