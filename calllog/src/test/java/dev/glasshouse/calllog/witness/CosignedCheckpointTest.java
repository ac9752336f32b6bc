package dev.glasshouse.calllog.witness;

import static dev.glasshouse.calllog.witness.CosignatureTest.identity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a cosigned checkpoint, and which of two is. */
final class CosignedCheckpointTest {
  private static final String ORIGIN = "example.com/log";
  private static final Identity LOG = identity(99);
  private static final Policy POLICY =
      Policy.parse(
          ("witness a " + key(1) + "\nwitness b " + key(2) + "\nquorum a\n")
              .getBytes(StandardCharsets.UTF_8));

  private static String key(int witness) {
    return new WitnessKey("w" + witness, identity(witness).publicKey()).format();
  }

  private static String text(long size) {
    return new Checkpoint(ORIGIN, new TreeHead(size, Hash.of("root"))).text();
  }

  private static NoteSignature cosigned(int witness, long size, long time) {
    return Cosignature.sign("w" + witness, identity(witness), text(size), time).line();
  }

  private static SignedCheckpoint signed(long size, NoteSignature... lines) {
    List<NoteSignature> all = new ArrayList<>(List.of(lines));
    all.add(1, NoteSignature.sign(ORIGIN, LOG, text(size)));
    return SignedCheckpoint.verify(new Note(text(size), all), ORIGIN, LOG.publicKey());
  }

  private static CosignedCheckpoint of(long size, NoteSignature... lines) {
    return CosignedCheckpoint.of(POLICY, signed(size, lines), LOG.publicKey());
  }

  @Test
  void onlyTheLogAndTheWitnessesOfThePolicyStay() {
    NoteSignature other = cosigned(3, 7, 50);
    NoteSignature sameName = new NoteSignature(ORIGIN, 1, new byte[64]);
    NoteSignature first = cosigned(1, 7, 50);
    NoteSignature second = cosigned(2, 7, 60);
    CosignedCheckpoint kept = of(7, other, sameName, first, second);
    List<NoteSignature> lines = kept.checkpoint().note().signatures();
    assertEquals(
        List.of(NoteSignature.sign(ORIGIN, LOG, text(7)), first, second), lines, () -> "" + lines);
    assertTrue(kept.quorum().isMet());
    assertEquals(2, kept.quorum().cosigned().size());
  }

  @Test
  void aWitnessThatDidNotSignIsNotPassedOver() {
    NoteSignature moved = cosigned(1, 8, 50);
    assertThrows(UnverifiedException.class, () -> of(7, moved));
  }

  @Test
  void theQuorumComesFirstThenTheSizeThenTheTime() {
    CosignedCheckpoint met = of(7, cosigned(1, 7, 50));
    CosignedCheckpoint later = of(7, cosigned(1, 7, 51));
    CosignedCheckpoint larger = of(8, cosigned(1, 8, 40));
    CosignedCheckpoint unmet = of(9, cosigned(2, 9, 60));
    CosignedCheckpoint unmetLarger = of(10, cosigned(2, 10, 60));
    List<CosignedCheckpoint> fromWorst = List.of(unmet, unmetLarger, met, later, larger);
    for (int i = 0; i < fromWorst.size(); i++) {
      for (int j = 0; j < fromWorst.size(); j++) {
        boolean better = fromWorst.get(i).isBetterThan(fromWorst.get(j));
        assertEquals(i > j, better, i + " than " + j);
      }
    }
    assertFalse(met.isBetterThan(of(7, cosigned(1, 7, 50))));
  }

  @Test
  void theBestIsAmongThoseThatHold() {
    SignedCheckpoint unmet = signed(9, cosigned(2, 9, 60));
    SignedCheckpoint met = signed(7, cosigned(1, 7, 50));
    SignedCheckpoint smaller = signed(6, cosigned(1, 6, 50));
    SignedCheckpoint forged = signed(10, cosigned(1, 7, 50));
    for (int turn = 0; turn < 4; turn++) {
      List<SignedCheckpoint> shown = new ArrayList<>(List.of(unmet, met, smaller, forged));
      Collections.rotate(shown, turn);
      CosignedCheckpoint best = CosignedCheckpoint.best(POLICY, shown, LOG.publicKey());
      assertEquals(7, best.checkpoint().head().size(), "turn " + turn);
    }
    List<SignedCheckpoint> none = List.of(forged);
    assertThrows(
        UnverifiedException.class, () -> CosignedCheckpoint.best(POLICY, none, LOG.publicKey()));
  }
}
