package dev.glasshouse.calllog;

/** Where {@link Proofs} reads the hashes of a tree: from a store, from tiles, from memory. */
@FunctionalInterface
public interface HashReader {
  /**
   * The root of the perfect subtree over the leaves {@code [index << level, (index + 1) << level)}.
   * Called only for subtrees that are complete in the tree a proof is built for.
   *
   * @param level 0 for a leaf hash, at most 62
   */
  Hash subtree(int level, long index);
}
