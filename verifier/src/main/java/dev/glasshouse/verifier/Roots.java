package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TreeHead;

/** The root of the tree at every size so far. */
final class Roots {
  private final LeafHashes roots = new LeafHashes();

  void add(Hash root) {
    roots.add(root);
  }

  Hash at(long size) {
    return size == 0 ? TreeHead.EMPTY.root() : roots.at(size - 1);
  }
}
