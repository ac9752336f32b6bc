package dev.glasshouse.calllog;

/** Where the hashes that tiles hold are read from: every eighth level of the tree. */
@FunctionalInterface
public interface TileLevelReader {
  /**
   * The root of the perfect subtree of {@code 256^tileLevel} leaves at position {@code index}.
   *
   * @param tileLevel 0 for leaf hashes, at most 7
   */
  Hash at(int tileLevel, long index);
}
