package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.List;

/**
 * All that is needed of a Merkle tree to append to it: the roots of its perfect subtrees, one for
 * each set bit of its size, largest first. Appending costs O(log n) hashes and no reads.
 *
 * <p>Mutable and not thread-safe. To compute a batch that may still fail, append to a {@link #copy}
 * and keep that one when the batch is durable.
 */
public final class RightEdge {
  private final ArrayList<Hash> subtrees;
  private long size;

  /** The edge of the empty tree. */
  public RightEdge() {
    this(0, List.of());
  }

  /**
   * The edge of a tree of {@code size} leaves.
   *
   * @param subtrees the roots of its perfect subtrees, largest first: as many as {@code size} has
   *     set bits
   */
  public RightEdge(long size, List<Hash> subtrees) {
    if (size < 0 || subtrees.size() != Long.bitCount(size)) {
      throw new MalformedException(
          "a tree of size " + size + " does not have " + subtrees.size() + " perfect subtrees");
    }
    this.size = size;
    this.subtrees = new ArrayList<>(subtrees);
  }

  /** The edge of the tree of {@code size} leaves whose subtrees {@code reader} holds. */
  public static RightEdge read(long size, HashReader reader) {
    List<Hash> subtrees = new ArrayList<>();
    long start = 0;
    for (int level = Long.SIZE - 2; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        subtrees.add(reader.subtree(level, start >>> level));
        start += 1L << level;
      }
    }
    return new RightEdge(size, subtrees);
  }

  /** Adds one leaf at index {@code size()}. */
  public void append(Hash leafHash) {
    append(leafHash, (level, index, hash) -> {});
  }

  /**
   * Adds one leaf at index {@code size()} and gives {@code completed} the leaf and each perfect
   * subtree that it completes.
   */
  public void append(Hash leafHash, HashWriter completed) {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("the tree is full");
    }
    Hash hash = leafHash;
    int level = 0;
    completed.subtree(level, size, hash);
    for (; (size >>> level & 1) == 1; level++) {
      hash = Merkle.node(subtrees.remove(subtrees.size() - 1), hash);
      completed.subtree(level + 1, size >>> (level + 1), hash);
    }
    subtrees.add(hash);
    size++;
  }

  /** The number of leaves. */
  public long size() {
    return size;
  }

  /** The roots of the perfect subtrees, largest first; a copy. */
  public List<Hash> subtrees() {
    return List.copyOf(subtrees);
  }

  /** The root of the whole tree. */
  public Hash root() {
    if (subtrees.isEmpty()) {
      return Merkle.EMPTY_ROOT;
    }
    int last = subtrees.size() - 1;
    Hash root = subtrees.get(last);
    for (int i = last - 1; i >= 0; i--) {
      root = Merkle.node(subtrees.get(i), root);
    }
    return root;
  }

  /** Size and root together. */
  public TreeHead head() {
    return new TreeHead(size, root());
  }

  /** An edge of the same tree that grows on its own. */
  public RightEdge copy() {
    return new RightEdge(size, subtrees);
  }
}
