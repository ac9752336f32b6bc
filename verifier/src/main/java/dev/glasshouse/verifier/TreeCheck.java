package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the tree of the replayed entries with the signed one, and every published tile with what
 * the entries come to.
 */
final class TreeCheck {
  private final LogReader reader;
  private final TreeHead signed;
  private final LeafHashes leaves;
  private final Tally tally;

  TreeCheck(LogReader reader, TreeHead signed, LeafHashes leaves, Tally tally) {
    this.reader = reader;
    this.signed = signed;
    this.leaves = leaves;
    this.tally = tally;
  }

  void run(TreeHead derived) {
    // Tiles that are compared again, for a newer checkpoint, count once.
    tally.tiles = 0;
    if (derived.root().equals(signed.root())) {
      compareTiles(Kind.TILE);
      return;
    }
    try {
      // The tiles may show which entry it is.
      compareTiles(Kind.TREE);
    } catch (UnreachableException | MalformedException e) {
      // Without them it is still not the signed tree.
    }
    throw new DivergenceException(
        Kind.TREE,
        signed.size(),
        "root " + derived.root() + " of " + derived.size() + " entries",
        "the signed root " + signed.root());
  }

  private void compareTiles(Kind finding) {
    List<Hash> level = null;
    for (int l = 0; l < Tile.LEVELS && Tile.hashes(l, signed.size()) > 0; l++) {
      level = l == 0 ? null : parents(level, l);
      compare(l, level, finding);
    }
  }

  private void compare(int level, List<Hash> hashes, Kind finding) {
    long count = Tile.hashes(level, signed.size());
    for (long from = 0; from < count; from += Tile.FULL_WIDTH) {
      Tile tile = Tile.holding(level, from, signed.size());
      List<Hash> published = reader.tile(tile);
      tally.tiles++;
      requireWidth(tile, published, from << (Tile.LEVELS * level), finding);
      for (int i = 0; i < tile.width(); i++) {
        Hash right = hash(level, hashes, from + i);
        if (!published.get(i).equals(right)) {
          throw new DivergenceException(
              finding,
              (from + i) << (Tile.LEVELS * level),
              "hash " + right + " in " + tile.path(),
              "hash " + published.get(i));
        }
      }
    }
  }

  private static void requireWidth(Tile tile, List<Hash> published, long index, Kind finding) {
    if (published.size() != tile.width()) {
      throw new DivergenceException(
          finding, index, tile.width() + " hashes in " + tile.path(), published.size() + " hashes");
    }
  }

  private Hash hash(int level, List<Hash> hashes, long index) {
    return level == 0 ? leaves.at(index) : hashes.get((int) index);
  }

  private List<Hash> parents(List<Hash> below, int level) {
    List<Hash> parents = new ArrayList<>();
    long count = Tile.hashes(level, signed.size());
    for (long parent = 0; parent < count; parent++) {
      long first = parent * Tile.FULL_WIDTH;
      parents.add(
          Proofs.root(
              Tile.FULL_WIDTH, (height, index) -> subtree(level - 1, below, first, height, index)));
    }
    return parents;
  }

  // The perfect subtree of 2^height hashes of a tile level, within one tile.
  private Hash subtree(int level, List<Hash> hashes, long first, int height, long index) {
    if (height == 0) {
      return hash(level, hashes, first + index);
    }
    return Merkle.node(
        subtree(level, hashes, first, height - 1, 2 * index),
        subtree(level, hashes, first, height - 1, 2 * index + 1));
  }
}
