package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2. Building reads hashes of
 * perfect subtrees; verifying needs the proof alone and never throws on what a stranger sent.
 */
public final class Proofs {
  /**
   * The longest proof, as C2SP tlog-witness has it. A consistency proof could need one more only
   * beyond 2^62 entries.
   */
  public static final int MAX_HASHES = 63;

  private Proofs() {}

  /** The root of the first {@code size} leaves. */
  public static Hash root(long size, HashReader reader) {
    if (size < 0) {
      throw new IllegalArgumentException("a tree size is not negative: " + size);
    }
    return size == 0 ? Merkle.EMPTY_ROOT : rangeRoot(0, size, reader);
  }

  /**
   * The hashes that lead from leaf {@code index} to the root of the first {@code size} leaves: its
   * sibling first.
   */
  public static List<Hash> inclusion(long index, long size, HashReader reader) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("a tree of size " + size + " has no leaf " + index);
    }
    ArrayList<Hash> proof = new ArrayList<>();
    addInclusion(index, 0, size, reader, proof);
    return List.copyOf(proof);
  }

  /**
   * The hashes that show that the first {@code oldSize} of {@code newSize} leaves are those of the
   * tree of size {@code oldSize}. Empty when the sizes are equal or {@code oldSize} is 0.
   */
  public static List<Hash> consistency(long oldSize, long newSize, HashReader reader) {
    if (oldSize < 0 || oldSize > newSize) {
      throw new IllegalArgumentException(
          "a tree does not grow from size " + oldSize + " to size " + newSize);
    }
    ArrayList<Hash> proof = new ArrayList<>();
    if (oldSize > 0 && oldSize < newSize) {
      addConsistency(oldSize, 0, newSize, reader, proof);
    }
    return List.copyOf(proof);
  }

  /**
   * Whether {@code proof} shows that {@code leaf} is the leaf hash at {@code index} of the tree
   * {@code head}. A hash too many or too few makes it false.
   */
  public static boolean verifyInclusion(long index, Hash leaf, TreeHead head, List<Hash> proof) {
    if (index < 0 || index >= head.size()) {
      return false;
    }
    // The paths of this leaf and of the last leaf meet `inner` levels up. Above that, only left
    // siblings exist.
    int inner = bitLength(index ^ (head.size() - 1));
    int border = Long.bitCount(index >>> inner);
    if (proof.size() != inner + border) {
      return false;
    }
    Hash hash = leaf;
    for (int level = 0; level < inner; level++) {
      Hash sibling = proof.get(level);
      hash = isSet(index, level) ? Merkle.node(sibling, hash) : Merkle.node(hash, sibling);
    }
    for (Hash left : proof.subList(inner, proof.size())) {
      hash = Merkle.node(left, hash);
    }
    return hash.equals(head.root());
  }

  /**
   * Whether {@code proof} shows that the tree {@code newer} starts with all leaves of {@code
   * older}. A hash too many or too few makes it false. Every tree starts with the empty tree, and
   * with itself; these proofs are empty.
   */
  public static boolean verifyConsistency(TreeHead older, TreeHead newer, List<Hash> proof) {
    if (older.size() > newer.size()) {
      return false;
    }
    if (older.size() == newer.size()) {
      return proof.isEmpty() && older.root().equals(newer.root());
    }
    if (older.size() == 0) {
      return proof.isEmpty();
    }
    return roots(older, newer.size(), proof)
        .filter(roots -> roots.equals(new Roots(older.root(), newer.root())))
        .isPresent();
  }

  /**
   * The root of the first {@code oldSize} leaves of {@code newer} as a consistency proof shows it,
   * whatever root somebody claims for that size. Empty if the hashes do not lead to {@code newer},
   * and if {@code oldSize} is a power of two: such a proof takes the older root for known.
   */
  public static Optional<Hash> olderRoot(long oldSize, TreeHead newer, List<Hash> proof) {
    if (oldSize <= 0 || oldSize >= newer.size() || Long.bitCount(oldSize) == 1) {
      return Optional.empty();
    }
    return roots(new TreeHead(oldSize, Hash.ZERO), newer.size(), proof)
        .filter(roots -> roots.newer().equals(newer.root()))
        .map(Roots::older);
  }

  /** What the hashes of a consistency proof come to. */
  private record Roots(Hash older, Hash newer) {}

  // Empty for a proof of another length. The older head's root is looked at only where the proof
  // leaves it out.
  private static Optional<Roots> roots(TreeHead older, long newSize, List<Hash> proof) {
    // The proof is the inclusion proof of the last perfect subtree of the older tree, `shift`
    // levels up, in the newer tree. The subtree's own hash comes first, unless it is the whole
    // older tree, whose root the verifier has.
    int shift = Long.numberOfTrailingZeros(older.size());
    long index = (older.size() - 1) >>> shift;
    int inner = bitLength((older.size() - 1) ^ (newSize - 1)) - shift;
    int border = Long.bitCount(index >>> inner);
    boolean rootKnown = Long.bitCount(older.size()) == 1;
    int first = rootKnown ? 0 : 1;
    if (proof.size() > MAX_HASHES || proof.size() != first + inner + border) {
      return Optional.empty();
    }
    Hash oldHash = rootKnown ? older.root() : proof.get(0);
    Hash newHash = oldHash;
    for (int level = 0; level < inner; level++) {
      Hash sibling = proof.get(first + level);
      if (isSet(index, level)) {
        oldHash = Merkle.node(sibling, oldHash);
        newHash = Merkle.node(sibling, newHash);
      } else {
        newHash = Merkle.node(newHash, sibling);
      }
    }
    for (Hash left : proof.subList(first + inner, proof.size())) {
      oldHash = Merkle.node(left, oldHash);
      newHash = Merkle.node(left, newHash);
    }
    return Optional.of(new Roots(oldHash, newHash));
  }

  private static void addInclusion(
      long index, long start, long end, HashReader reader, List<Hash> proof) {
    if (end - start == 1) {
      return;
    }
    long middle = start + Merkle.splitPoint(end - start);
    if (index < middle) {
      addInclusion(index, start, middle, reader, proof);
      proof.add(rangeRoot(middle, end, reader));
    } else {
      addInclusion(index, middle, end, reader, proof);
      proof.add(rangeRoot(start, middle, reader));
    }
  }

  /**
   * SUBPROOF of RFC 6962 over the leaves [start, end); the older tree ends inside or at its end.
   */
  private static void addConsistency(
      long oldSize, long start, long end, HashReader reader, List<Hash> proof) {
    if (oldSize == end) {
      if (start > 0) {
        proof.add(rangeRoot(start, end, reader));
      }
      return;
    }
    long middle = start + Merkle.splitPoint(end - start);
    if (oldSize <= middle) {
      addConsistency(oldSize, start, middle, reader, proof);
      proof.add(rangeRoot(middle, end, reader));
    } else {
      addConsistency(oldSize, middle, end, reader, proof);
      proof.add(rangeRoot(start, middle, reader));
    }
  }

  /** The root over [start, end), where start is a multiple of a power of two >= end - start. */
  private static Hash rangeRoot(long start, long end, HashReader reader) {
    long size = end - start;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return reader.subtree(level, start >>> level);
    }
    long middle = start + Merkle.splitPoint(size);
    return Merkle.node(rangeRoot(start, middle, reader), rangeRoot(middle, end, reader));
  }

  private static boolean isSet(long number, int bit) {
    return (number >>> bit & 1) == 1;
  }

  private static int bitLength(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
