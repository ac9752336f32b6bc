package dev.glasshouse.calllog.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two signed trees: a fork is proved for every pair of sizes, and never of one history. */
class ForkEvidenceTest {
  private static final int SIZE = 20;
  private static final HashReader WITHHELD =
      (level, index) -> {
        throw new UnreachableException("not today");
      };

  private final LyingLog one = new LyingLog(false).grow(SIZE, "one");
  private final LyingLog other = one.fork(2).grow(SIZE, "other");
  private final Accusation accusation = new Accusation(one.genesis);

  private Evidence forked(int older, int newer) {
    return accusation.fork(one.checkpoint(older), other.checkpoint(newer), List.of(), other);
  }

  private static Judgement judge(Evidence evidence) {
    return EvidenceJudge.judge(evidence.format(), null);
  }

  private static void assertNotProved(String why, Evidence evidence) {
    Judgement judgement = judge(evidence);
    assertFalse(judgement.proved(), judgement.sentence());
    assertTrue(judgement.sentence().contains(why), judgement.sentence());
  }

  private Evidence with(
      Evidence base, Note older, Note newer, Evidence.Genesis genesis, Evidence.Prefix prefix) {
    return new Evidence(
        base.claim(),
        base.log(),
        genesis,
        older,
        newer,
        prefix,
        base.entries(),
        base.blobs(),
        base.text());
  }

  @Test
  void everyPairOfSizesIsProvedFromTiles() throws GeneralSecurityException {
    for (int older = 3; older <= SIZE; older++) {
      for (int newer = older; newer <= SIZE; newer++) {
        Evidence evidence = forked(older, newer);
        Judgement judgement = judge(evidence);
        assertTrue(judgement.proved(), older + ", " + newer + ": " + judgement.sentence());
        assertTrue(SecondJudge.proves(evidence.format()), older + ", " + newer);
        assertEquals(judgement.sentence(), evidence.text());
        assertEquals(one.id(), judgement.log());
        assertEquals(LyingLog.HOST.publicKey(), judgement.key().key());
      }
    }
  }

  @Test
  void theOrderOfTheCheckpointsDoesNotMatter() {
    Evidence turned = accusation.fork(other.checkpoint(9), one.checkpoint(6), List.of(), other);
    assertTrue(judge(turned).proved());
    assertEquals(one.checkpoint(6).note(), turned.older());
  }

  @Test
  void aProofOfTheHostsOwnIsEnoughIfItShowsTheOlderRoot() {
    for (int older = 3; older < SIZE; older++) {
      List<Hash> given = Proofs.consistency(older, SIZE, other);
      Evidence evidence =
          accusation.fork(one.checkpoint(older), other.checkpoint(SIZE), given, WITHHELD);
      assertNull(evidence.genesis().proof());
      // Of a power of two, such a proof leaves out what it would have to show.
      assertEquals(Integer.bitCount(older) > 1, judge(evidence).proved(), "size " + older);
    }
  }

  @Test
  void tilesThatAreNotOfTheSignedTreeAreLeftOut() {
    Evidence evidence = accusation.fork(one.checkpoint(6), other.checkpoint(9), List.of(), one);
    assertNull(evidence.prefix());
    assertNull(evidence.genesis().proof());
    assertNotProved("nothing shows", evidence);
    assertEquals(Proofs.inclusion(0, 9, other), forked(6, 9).genesis().proof());
  }

  @Test
  void twoTreesOfOneSizeNeedNothingElse() {
    Evidence evidence =
        accusation.fork(one.checkpoint(7), other.checkpoint(7), List.of(), WITHHELD);
    assertTrue(judge(evidence).proved());
    assertNull(evidence.prefix());
  }

  @Test
  void oneHistoryIsNeverAFork() throws GeneralSecurityException {
    for (int older = 1; older <= SIZE; older++) {
      for (int newer = older; newer <= SIZE; newer++) {
        Evidence evidence =
            accusation.fork(one.checkpoint(older), one.checkpoint(newer), List.of(), one);
        assertNotProved(older == newer ? "are of one tree" : "begins with the older one", evidence);
        assertFalse(SecondJudge.proves(evidence.format()), older + ", " + newer);
        // And with any other root the proof does not bind.
        if (evidence.prefix() != null) {
          Evidence.Prefix forged =
              new Evidence.Prefix(other.head(SIZE).root(), evidence.prefix().proof());
          assertNotProved(
              "does not lead to the root",
              with(evidence, evidence.older(), evidence.newer(), evidence.genesis(), forged));
        }
      }
    }
    assertNotProved(
        "nothing shows",
        accusation.fork(one.sign(TreeHead.EMPTY), one.checkpoint(5), List.of(), one));
  }

  @Test
  void theEmptyTreeBeginsEveryTree() {
    Evidence base = forked(6, 9);
    Evidence.Prefix claimed = new Evidence.Prefix(Hash.of("x"), List.of());
    Note empty = one.sign(TreeHead.EMPTY).note();
    assertNotProved("does not lead", with(base, empty, base.newer(), base.genesis(), claimed));
  }

  @Test
  void checkpointsOfOthersProveNothing() {
    Evidence base = forked(6, 9);
    SignedCheckpoint foreign =
        SignedCheckpoint.sign(one.genesis.origin(), one.head(6), LyingLog.ALICE);
    SignedCheckpoint elsewhere =
        SignedCheckpoint.sign(one.genesis.origin() + "x", one.head(6), LyingLog.HOST);
    for (SignedCheckpoint each : List.of(foreign, elsewhere)) {
      assertNotProved(
          "the older checkpoint proves nothing",
          with(base, each.note(), base.newer(), base.genesis(), base.prefix()));
      assertNotProved(
          "the newer checkpoint proves nothing",
          with(base, base.older(), each.note(), base.genesis(), base.prefix()));
    }
    Note forged = new Note(base.newer().text(), base.older().signatures());
    assertNotProved(
        "the newer checkpoint proves nothing",
        with(base, base.older(), forged, base.genesis(), base.prefix()));
    assertNotProved(
        "is of the larger tree",
        with(
            base,
            base.newer(),
            base.older(),
            new Evidence.Genesis(base.genesis().entry(), null),
            base.prefix()));
  }

  @Test
  void proofsOfOtherSizesDoNotBind() {
    Evidence base = forked(6, 9);
    int checked = 0;
    for (int older = 1; older <= SIZE; older++) {
      for (int newer = older + 1; newer <= SIZE; newer++) {
        if (older != 6 || newer != 9) {
          List<Hash> proof = Proofs.consistency(older, newer, other);
          Evidence.Prefix prefix = new Evidence.Prefix(other.head(older).root(), proof);
          Evidence changed = with(base, base.older(), base.newer(), base.genesis(), prefix);
          assertNotProved("does not lead to the root", changed);
          checked++;
        }
      }
    }
    assertEquals(SIZE * (SIZE - 1) / 2 - 1, checked);
    List<Hash> cut = new ArrayList<>(base.prefix().proof());
    cut.remove(0);
    assertNotProved(
        "does not lead",
        with(
            base,
            base.older(),
            base.newer(),
            base.genesis(),
            new Evidence.Prefix(base.prefix().root(), cut)));
    assertNotProved("nothing shows", with(base, base.older(), base.newer(), base.genesis(), null));
  }

  @Test
  void sizesBeyondAllReasonAreJudgedToo() {
    SignedCheckpoint huge = one.sign(new TreeHead(Long.MAX_VALUE, Hash.of("huge")));
    SignedCheckpoint large = one.sign(new TreeHead(Long.MAX_VALUE - 1, Hash.of("large")));
    assertNotProved("nothing shows", accusation.fork(huge, large, List.of(), one));
    assertNotProved("nothing shows", accusation.fork(huge, one.checkpoint(5), List.of(), one));
    assertTrue(
        judge(
                accusation.fork(
                    huge,
                    one.sign(new TreeHead(Long.MAX_VALUE, Hash.of("other"))),
                    List.of(),
                    WITHHELD))
            .proved());
  }

  @Test
  void anotherGenesisIsNotThisLogs() {
    Evidence base = forked(6, 9);
    byte[] debug = new LyingLog(true).at(0);
    assertNotProved(
        "not that of the log it names",
        with(
            base,
            base.older(),
            base.newer(),
            new Evidence.Genesis(debug, base.genesis().proof()),
            base.prefix()));
    assertNotProved(
        "is not shown to be in the tree",
        with(
            base,
            base.older(),
            base.newer(),
            new Evidence.Genesis(base.genesis().entry(), List.of()),
            base.prefix()));
    assertNotProved(
        "an entry of another kind",
        new Evidence(
            base.claim(),
            Merkle.leafHash(one.at(1)),
            new Evidence.Genesis(one.at(1), null),
            base.older(),
            base.newer(),
            base.prefix(),
            base.entries(),
            base.blobs(),
            base.text()));
    Judgement pinned = EvidenceJudge.judge(base, Hash.of("another log"));
    assertFalse(pinned.proved());
    assertTrue(pinned.sentence().contains("as you asked for"), pinned.sentence());
    assertTrue(EvidenceJudge.judge(base, one.id()).proved());
  }

  @Test
  void aRollbackIsNotProvedByWhatWasSigned() {
    Evidence evidence = accusation.rollback(one.checkpoint(5), one.checkpoint(8));
    assertNotProved("both checkpoints may be true", evidence);
    assertNotProved(
        "not of a smaller tree", accusation.rollback(one.checkpoint(8), one.checkpoint(8)));
    assertNotProved(
        "the older checkpoint proves nothing",
        accusation.rollback(
            SignedCheckpoint.sign(one.genesis.origin(), one.head(5), LyingLog.ALICE),
            one.checkpoint(8)));
  }
}
