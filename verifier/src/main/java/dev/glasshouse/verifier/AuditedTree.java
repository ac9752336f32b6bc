package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TileLevelReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Merkle tree of the entries that were verified, with its root at every size. Of entries that
 * an earlier audit verified no hash is kept: the few that are asked for are read from the source
 * and proved. Of later entries it keeps 64 bytes each.
 */
final class AuditedTree implements TileLevelReader {
  private final TreeHead before;
  private final TileLevelReader earlier;
  private final RightEdge edge;
  // By tile level; what is before the first of each is of earlier entries.
  private final List<HashList> levels = new ArrayList<>();
  // By size.
  private final HashList roots;

  private AuditedTree(TreeHead before, RightEdge edge, TileLevelReader earlier) {
    this.before = before;
    this.edge = edge;
    this.earlier = earlier;
    this.roots = new HashList(before.size() + 1);
  }

  /** The tree of no entry. */
  AuditedTree() {
    this(TreeHead.EMPTY, new RightEdge(), (level, index) -> Hash.ZERO);
  }

  /**
   * Goes on after a tree that was verified earlier.
   *
   * @param tiles those of a tree that was signed
   * @return empty if that tree does not begin with the other
   */
  static Optional<AuditedTree> after(TreeHead before, ProvedTiles tiles) {
    TileLevelReader earlier = (level, index) -> at(tiles, level, index);
    RightEdge edge = RightEdge.read(before.size(), new TileHashReader(earlier));
    return edge.root().equals(before.root())
        ? Optional.of(new AuditedTree(before, edge, earlier))
        : Optional.empty();
  }

  // Tiles at the edge have the signed root; one that does not fit below them was published wrong.
  private static Hash at(ProvedTiles tiles, int level, long index) {
    try {
      return tiles.at(level, index);
    } catch (UnverifiedException e) {
      throw new DivergenceException(
          Kind.TILE,
          index << (Tile.LEVELS * level),
          "the tiles of the signed tree",
          e.getMessage());
    }
  }

  void append(Hash leaf) {
    edge.append(leaf);
    roots.add(edge.root());
    add(0, leaf);
  }

  private void add(int level, Hash hash) {
    if (level == levels.size()) {
      levels.add(new HashList(Tile.hashes(level, before.size())));
    }
    HashList hashes = levels.get(level);
    hashes.add(hash);
    if (hashes.end() % Tile.FULL_WIDTH == 0) {
      List<Hash> tile = new ArrayList<>(Tile.FULL_WIDTH);
      for (long i = hashes.end() - Tile.FULL_WIDTH; i < hashes.end(); i++) {
        tile.add(at(level, i));
      }
      add(level + 1, Merkle.root(tile));
    }
  }

  long size() {
    return edge.size();
  }

  TreeHead head() {
    return edge.head();
  }

  Hash leaf(long index) {
    return at(0, index);
  }

  /**
   * A hash of a tile.
   *
   * @throws DivergenceException if it is of an earlier entry, and the source's tile does not have
   *     it
   */
  @Override
  public Hash at(int level, long index) {
    return index < Tile.hashes(level, before.size())
        ? earlier.at(level, index)
        : levels.get(level).at(index);
  }

  /** The root of the first so many entries. */
  Hash root(long size) {
    if (size > before.size()) {
      return roots.at(size);
    }
    return size == before.size() ? before.root() : Proofs.root(size, new TileHashReader(earlier));
  }
}
