package dev.glasshouse.calllog;

import java.util.List;

/**
 * The hashes of an RFC 6962 Merkle tree with SHA-256 (section 2.1): leaves and inner nodes are told
 * apart by a first byte, 0x00 or 0x01.
 */
public final class Merkle {
  /** The root of a tree without leaves: SHA-256 of no bytes. */
  public static final Hash EMPTY_ROOT = Hash.of(new byte[0]);

  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private Merkle() {}

  /** {@code SHA-256(0x00 ‖ entry)}. */
  public static Hash leafHash(byte[] entry) {
    return Hash.of(LEAF, entry);
  }

  /** {@code SHA-256(0x01 ‖ left ‖ right)}. */
  public static Hash node(Hash left, Hash right) {
    return Hash.of(NODE, left, right);
  }

  /**
   * The root over all of {@code leafHashes}, written as RFC 6962 defines it: O(n) hashes for each
   * call. A log that grows uses {@link RightEdge}.
   */
  public static Hash root(List<Hash> leafHashes) {
    int size = leafHashes.size();
    if (size == 0) {
      return EMPTY_ROOT;
    }
    if (size == 1) {
      return leafHashes.get(0);
    }
    int split = (int) splitPoint(size);
    return node(root(leafHashes.subList(0, split)), root(leafHashes.subList(split, size)));
  }

  /** The largest power of two below {@code size}, which is at least 2. */
  static long splitPoint(long size) {
    return Long.highestOneBit(size - 1);
  }
}
