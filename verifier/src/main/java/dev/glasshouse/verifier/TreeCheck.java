package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.List;

/**
 * Compares the tree of a log's entries with the signed one, and every published tile with what the
 * entries come to. Full tiles are compared once, also when the log grows.
 */
final class TreeCheck {
  private final LogReader reader;
  private final Tally tally;
  private final AuditedTree tree;
  private long compared;
  private long full;

  /**
   * Prepares the comparison.
   *
   * @param compared the size of the tree whose tiles were compared earlier
   */
  TreeCheck(LogReader reader, AuditedTree tree, Tally tally, long compared) {
    this.reader = reader;
    this.tree = tree;
    this.tally = tally;
    this.compared = compared;
  }

  /** Compares the tree that the entries make up with the one that was signed. */
  void run(TreeHead signed) {
    TreeHead derived = tree.head();
    if (derived.root().equals(signed.root())) {
      compareTiles(signed.size(), Kind.TILE);
      return;
    }
    try {
      // The tiles may show which entry it is.
      compareTiles(signed.size(), Kind.TREE);
    } catch (UnreachableException | MalformedException e) {
      // Without them it is still not the signed tree.
    }
    throw new DivergenceException(
        Kind.TREE,
        signed.size(),
        "root " + derived.root() + " of " + derived.size() + " entries",
        "the signed root " + signed.root());
  }

  private void compareTiles(long size, Kind finding) {
    long partial = 0;
    for (int l = 0; Tile.hashes(l, size) > 0; l++) {
      partial += compare(l, size, finding);
    }
    compared = size;
    tally.tiles = full + partial;
  }

  // How many partial tiles were compared, none or one.
  private long compare(int level, long size, Kind finding) {
    long count = Tile.hashes(level, size);
    long known = Tile.hashes(level, compared);
    for (long from = known - known % Tile.FULL_WIDTH; from < count; from += Tile.FULL_WIDTH) {
      Tile tile = Tile.holding(level, from, size);
      compare(tile, reader.tile(tile), finding);
      if (tile.width() < Tile.FULL_WIDTH) {
        return 1;
      }
      full++;
    }
    return 0;
  }

  private void compare(Tile tile, List<Hash> published, Kind finding) {
    int shift = Tile.LEVELS * tile.level();
    long from = tile.index() * Tile.FULL_WIDTH;
    if (published.size() != tile.width()) {
      throw new DivergenceException(
          finding,
          from << shift,
          tile.width() + " hashes in " + tile.path(),
          published.size() + " hashes");
    }
    for (int i = 0; i < tile.width(); i++) {
      Hash right = tree.subtree(shift, from + i);
      if (!published.get(i).equals(right)) {
        throw new DivergenceException(
            finding,
            (from + i) << shift,
            "hash " + right + " in " + tile.path(),
            "hash " + published.get(i));
      }
    }
  }
}
