package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProofsTest {
  private static final int ALL = 70;
  private static final int LARGE = 3000;
  private static final GrownTree TREE = new GrownTree(LARGE);

  @Test
  void rootsAreOfTheFirstLeaves() {
    for (int size = 0; size <= ALL; size++) {
      assertEquals(TREE.head(size).root(), Proofs.root(size, TREE), "of " + size);
    }
  }

  @Test
  void everyInclusionProofOfSmallTreesVerifiesAtItsPlaceOnly() {
    for (int size = 1; size <= ALL; size++) {
      TreeHead head = TREE.head(size);
      for (int index = 0; index < size; index++) {
        List<Hash> proof = Proofs.inclusion(index, size, TREE);
        for (int claimed = 0; claimed < size; claimed++) {
          boolean verified = Proofs.verifyInclusion(claimed, TREE.leaves.get(index), head, proof);
          assertEquals(claimed == index, verified, index + " as " + claimed + " of " + size);
        }
      }
    }
  }

  @Test
  void everyConsistencyProofOfSmallTreesVerifies() {
    for (int newer = 0; newer <= ALL; newer++) {
      for (int older = 0; older <= newer; older++) {
        List<Hash> proof = Proofs.consistency(older, newer, TREE);
        String message = older + " to " + newer;
        assertTrue(Proofs.verifyConsistency(TREE.head(older), TREE.head(newer), proof), message);
        if (older == 0 || older == newer) {
          assertEquals(List.of(), proof, message);
        }
      }
    }
  }

  @Test
  void everyDamagedInclusionProofIsRefused() {
    for (int size = 1; size <= ALL; size++) {
      for (int index = 0; index < size; index++) {
        List<Hash> proof = Proofs.inclusion(index, size, TREE);
        Hash leaf = TREE.leaves.get(index);
        TreeHead head = TREE.head(size);
        String message = index + " of " + size;
        for (List<Hash> damaged : damages(proof)) {
          assertFalse(Proofs.verifyInclusion(index, leaf, head, damaged), message);
        }
        assertFalse(Proofs.verifyInclusion(index, flip(leaf), head, proof), message);
        TreeHead otherRoot = new TreeHead(size, flip(head.root()));
        assertFalse(Proofs.verifyInclusion(index, leaf, otherRoot, proof), message);
      }
    }
  }

  @Test
  void everyDamagedConsistencyProofIsRefused() {
    for (int newer = 1; newer <= ALL; newer++) {
      TreeHead newHead = TREE.head(newer);
      for (int older = 0; older <= newer; older++) {
        TreeHead oldHead = TREE.head(older);
        List<Hash> proof = Proofs.consistency(older, newer, TREE);
        String message = older + " to " + newer;
        for (List<Hash> damaged : damages(proof)) {
          assertFalse(Proofs.verifyConsistency(oldHead, newHead, damaged), message);
        }
        if (older > 0) {
          TreeHead fork = new TreeHead(older, flip(oldHead.root()));
          assertFalse(Proofs.verifyConsistency(fork, newHead, proof), message);
          TreeHead otherNew = new TreeHead(newer, flip(newHead.root()));
          assertFalse(Proofs.verifyConsistency(oldHead, otherNew, proof), message);
        }
        if (older < newer) {
          assertFalse(Proofs.verifyConsistency(newHead, oldHead, proof), "backwards " + message);
        }
      }
    }
  }

  @Test
  void aConsistencyProofIsOfItsSizesOnly() {
    for (int newer = 2; newer <= 40; newer++) {
      for (int older = 1; older < newer; older++) {
        List<Hash> proof = Proofs.consistency(older, newer, TREE);
        for (int claimed = 1; claimed < newer; claimed++) {
          TreeHead head = new TreeHead(claimed, TREE.head(older).root());
          boolean verified = Proofs.verifyConsistency(head, TREE.head(newer), proof);
          assertEquals(claimed == older, verified, older + " as " + claimed + " to " + newer);
        }
      }
    }
  }

  @Test
  void proofsOfLargerTreesVerify() {
    long seed = 20240611;
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      int size = 1 + random.nextInt(LARGE);
      int index = random.nextInt(size);
      int older = random.nextInt(size + 1);
      String message = "seed " + seed + ", size " + size + ", " + index + ", older " + older;
      TreeHead head = TREE.head(size);
      assertEquals(head.root(), Proofs.root(size, TREE), message);
      List<Hash> inclusion = Proofs.inclusion(index, size, TREE);
      assertTrue(Proofs.verifyInclusion(index, TREE.leaves.get(index), head, inclusion), message);
      List<Hash> consistency = Proofs.consistency(older, size, TREE);
      assertTrue(Proofs.verifyConsistency(TREE.head(older), head, consistency), message);
    }
  }

  @Test
  void theLargestSizesNeedAtMost63Hashes() {
    // All leaves are equal, so each level has one hash.
    List<Hash> levels = new ArrayList<>(List.of(Merkle.leafHash(new byte[0])));
    while (levels.size() < 63) {
      Hash below = levels.get(levels.size() - 1);
      levels.add(Merkle.node(below, below));
    }
    HashReader uniform = (level, index) -> levels.get(level);
    long max = Long.MAX_VALUE;
    TreeHead head = RightEdge.read(max, uniform).head();
    for (long index : new long[] {0, 1, 1L << 61, 1L << 62, max - 1}) {
      List<Hash> proof = Proofs.inclusion(index, max, uniform);
      assertTrue(proof.size() <= Proofs.MAX_HASHES, "index " + index);
      assertTrue(Proofs.verifyInclusion(index, levels.get(0), head, proof), "index " + index);
    }
    long large = 1L << 62;
    TreeHead largeHead = RightEdge.read(large, uniform).head();
    for (long older : new long[] {1, 3, large >>> 1, (large >>> 1) + 1, large - 1}) {
      TreeHead oldHead = new TreeHead(older, Proofs.root(older, uniform));
      List<Hash> proof = Proofs.consistency(older, large, uniform);
      assertTrue(proof.size() <= Proofs.MAX_HASHES, "older " + older);
      assertTrue(Proofs.verifyConsistency(oldHead, largeHead, proof), "older " + older);
    }
    List<Hash> tooLong = Proofs.consistency(3, max, uniform);
    assertEquals(64, tooLong.size());
    TreeHead three = new TreeHead(3, Proofs.root(3, uniform));
    assertFalse(Proofs.verifyConsistency(three, head, tooLong));
    List<Hash> tooMany = Collections.nCopies(64, Hash.ZERO);
    assertFalse(Proofs.verifyInclusion(0, Hash.ZERO, head, tooMany));
    assertFalse(Proofs.verifyConsistency(new TreeHead(1, Hash.ZERO), head, tooMany));
  }

  @Test
  void rootsMadeToFitAWrongShapeAreRefused() {
    Hash leaf = TREE.leaves.get(0);
    Hash left = TREE.leaves.get(1);
    Hash top = TREE.leaves.get(2);
    Hash root = Merkle.node(top, Merkle.node(left, leaf));
    List<Hash> proof = List.of(left, top);
    assertTrue(Proofs.verifyInclusion(3, leaf, new TreeHead(4, root), proof));
    assertFalse(Proofs.verifyInclusion(3, leaf, new TreeHead(3, root), proof), "past the end");
    assertFalse(Proofs.verifyInclusion(1, leaf, new TreeHead(2, root), proof), "too long");
    assertFalse(Proofs.verifyInclusion(0, leaf, new TreeHead(1, leaf), List.of(top)));
  }

  // Roots made to fit what a proof would come to if its sizes were not looked at.
  @Test
  void rootsMadeToFitImpossibleSizesAreRefused() {
    List<Hash> backwards = Proofs.consistency(3, 4, TREE);
    TreeHead shrunk = new TreeHead(2, TREE.head(4).root());
    assertFalse(Proofs.verifyConsistency(TREE.head(3), shrunk, backwards), "from 3 to 2");
    List<Hash> lefts = TREE.leaves.subList(1, 129);
    Hash leaf = TREE.leaves.get(0);
    Hash root = leaf;
    for (Hash left : lefts) {
      root = Merkle.node(left, root);
    }
    assertFalse(Proofs.verifyInclusion(-1, leaf, new TreeHead(1, root), lefts), "leaf -1");
  }

  @Test
  void theOlderRootIsWhatTheProofShows() {
    for (int newer = 1; newer <= ALL; newer++) {
      TreeHead head = TREE.head(newer);
      for (int older = 1; older < newer; older++) {
        List<Hash> proof = Proofs.consistency(older, newer, TREE);
        String message = older + " to " + newer;
        boolean isKnown = Long.bitCount(older) == 1;
        Optional<Hash> shown = isKnown ? Optional.empty() : Optional.of(TREE.head(older).root());
        assertEquals(shown, Proofs.olderRoot(older, head, proof), message);
        for (List<Hash> damaged : damages(proof)) {
          assertEquals(Optional.empty(), Proofs.olderRoot(older, head, damaged), message);
        }
      }
      for (long impossible : new long[] {-1, 0, newer, newer + 1}) {
        assertEquals(Optional.empty(), Proofs.olderRoot(impossible, head, List.of()));
      }
    }
    // A proof from a power of two shows no root, even where a host made the newer one fit.
    TreeHead fitted = new TreeHead(3, Merkle.node(Hash.ZERO, TREE.leaves.get(2)));
    List<Hash> proof = List.of(TREE.leaves.get(2));
    assertEquals(Optional.empty(), Proofs.olderRoot(2, fitted, proof));
  }

  @Test
  void impossibleQuestionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(5, 5, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(-1, 5, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(6, 5, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(-1, 5, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.root(-1, TREE));
    assertFalse(Proofs.verifyInclusion(0, Hash.ZERO, TreeHead.EMPTY, List.of()));
    assertFalse(Proofs.verifyInclusion(-1, TREE.leaves.get(0), TREE.head(1), List.of()));
    assertFalse(Proofs.verifyInclusion(1, TREE.leaves.get(0), TREE.head(1), List.of()));
  }

  /** The proof with a hash changed, missing, twice or too many, and with two in wrong order. */
  private static List<List<Hash>> damages(List<Hash> proof) {
    List<List<Hash>> damages = new ArrayList<>();
    for (int i = 0; i < proof.size(); i++) {
      List<Hash> flipped = new ArrayList<>(proof);
      flipped.set(i, flip(proof.get(i)));
      damages.add(flipped);
      List<Hash> missing = new ArrayList<>(proof);
      missing.remove(i);
      damages.add(missing);
      List<Hash> twice = new ArrayList<>(proof);
      twice.add(i, proof.get(i));
      damages.add(twice);
      if (i > 0) {
        List<Hash> swapped = new ArrayList<>(proof);
        Collections.swap(swapped, i - 1, i);
        damages.add(swapped);
      }
    }
    List<Hash> extra = new ArrayList<>(proof);
    extra.add(Hash.ZERO);
    damages.add(extra);
    return damages;
  }

  private static Hash flip(Hash hash) {
    byte[] bytes = hash.bytes();
    bytes[31] ^= 1;
    return Hash.ofBytes(bytes);
  }
}
