package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tree in memory: its leaf hashes, and every subtree that a right edge completed. */
final class GrownTree implements HashReader {
  final List<Hash> leaves = new ArrayList<>();
  final RightEdge edge = new RightEdge();
  private final Map<String, Hash> subtrees = new HashMap<>();

  GrownTree(int size) {
    for (int i = 0; i < size; i++) {
      Hash leaf = Merkle.leafHash(("leaf " + i).getBytes(StandardCharsets.UTF_8));
      leaves.add(leaf);
      edge.append(leaf, (level, index, hash) -> subtrees.put(level + "/" + index, hash));
    }
  }

  /** The naive root: RFC 6962's definition over the first leaves. */
  TreeHead head(int size) {
    return new TreeHead(size, Merkle.root(leaves.subList(0, size)));
  }

  @Override
  public Hash subtree(int level, long index) {
    Hash hash = subtrees.get(level + "/" + index);
    if (hash == null) {
      throw new AssertionError("subtree " + level + "/" + index + " is not complete");
    }
    return hash;
  }
}
