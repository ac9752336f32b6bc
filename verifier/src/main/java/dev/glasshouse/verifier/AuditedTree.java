package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Merkle tree of the entries that were verified, all of its perfect subtrees. Of those that an
 * earlier audit verified no hash is kept: the few that are asked for are read from the source and
 * proved. Of later entries it keeps 64 bytes each.
 */
final class AuditedTree implements HashReader {
  private final long before;
  private final HashReader earlier;
  private final RightEdge edge;
  // By level; what is before the first of each is of earlier entries.
  private final List<HashList> levels = new ArrayList<>();
  // What was asked for last, as many callers have seen the same tree.
  private TreeHead last = TreeHead.EMPTY;

  private AuditedTree(RightEdge edge, HashReader earlier) {
    this.before = edge.size();
    this.edge = edge;
    this.earlier = earlier;
  }

  /** The tree of no entry. */
  AuditedTree() {
    this(new RightEdge(), (level, index) -> Hash.ZERO);
  }

  /**
   * Goes on after a tree that was verified earlier.
   *
   * @param tiles those of a tree that was signed
   * @return empty if that tree does not begin with the other
   */
  static Optional<AuditedTree> after(TreeHead before, ProvedTiles tiles) {
    HashReader earlier = new TileHashReader((level, index) -> at(tiles, level, index));
    RightEdge edge = RightEdge.read(before.size(), earlier);
    return edge.root().equals(before.root())
        ? Optional.of(new AuditedTree(edge, earlier))
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
    edge.append(leaf, this::add);
  }

  private void add(int level, long index, Hash hash) {
    if (level == levels.size()) {
      levels.add(new HashList(before >>> level));
    }
    levels.get(level).add(hash);
  }

  long size() {
    return edge.size();
  }

  TreeHead head() {
    return edge.head();
  }

  Hash leaf(long index) {
    return subtree(0, index);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DivergenceException if it is of earlier entries, and the source's tile does not have it
   */
  @Override
  public Hash subtree(int level, long index) {
    return index < before >>> level ? earlier.subtree(level, index) : levels.get(level).at(index);
  }

  /** The root of the first so many entries. */
  Hash root(long size) {
    if (last.size() != size) {
      last = new TreeHead(size, Proofs.root(size, this));
    }
    return last.root();
  }
}
