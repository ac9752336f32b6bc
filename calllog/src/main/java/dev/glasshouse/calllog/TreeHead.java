package dev.glasshouse.calllog;

/**
 * The size of a log and the root hash over its entries. Nobody has signed it: see {@link
 * SignedCheckpoint} for a head that a key vouches for.
 *
 * @param size number of entries, not negative
 * @param root RFC 6962 Merkle tree hash of the first {@code size} leaf hashes
 */
public record TreeHead(long size, Hash root) {
  /** The head of a log without entries: size 0, root SHA-256(""). */
  public static final TreeHead EMPTY = new TreeHead(0, Merkle.EMPTY_ROOT);

  /** Refuses a negative size, and size 0 with a root that is not SHA-256(""). */
  public TreeHead {
    if (size < 0) {
      throw new MalformedException("a tree size is not negative: " + size);
    }
    if (size == 0 && !root.equals(Merkle.EMPTY_ROOT)) {
      throw new MalformedException("the root of the empty tree is SHA-256 of no bytes");
    }
  }
}
