package dev.glasshouse.calllog;

/** Told of every perfect subtree that a new leaf completes, smallest first. */
@FunctionalInterface
public interface HashWriter {
  /** Takes the hash that {@link HashReader#subtree} gives for the same level and index. */
  void subtree(int level, long index, Hash hash);
}
