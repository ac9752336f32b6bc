package dev.glasshouse.calllog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hashes of a tree whose head is known, from tiles of a source that nobody trusts. The partial
 * tiles, at the tree's right edge, together have its root; every other tile has the hash that
 * stands for it in the tile above. Keeps one full tile of each level: meant to be read in order.
 * Safe for several threads.
 */
public final class ProvedTiles implements TileLevelReader {
  private final LogReader source;
  private final TreeHead head;
  private final Map<Tile, List<Hash>> edge = new HashMap<>();
  private final Map<Integer, Map.Entry<Tile, List<Hash>>> full = new HashMap<>();

  /**
   * The tree of this head.
   *
   * @throws UnverifiedException if the tiles at its edge do not have its root
   */
  public ProvedTiles(LogReader source, TreeHead head) {
    this.source = source;
    this.head = head;
    for (Tile tile : Tile.partials(head.size())) {
      edge.put(tile, read(tile));
    }
    Hash root =
        Proofs.root(
            head.size(),
            new TileHashReader(
                (level, index) -> at(edge.get(Tile.holding(level, index, head.size())), index)));
    if (!root.equals(head.root())) {
      throw new UnverifiedException(
          "the tiles of "
              + source
              + " are not those of the tree of "
              + head.size()
              + " entries that it signed");
    }
  }

  @Override
  public Hash at(int tileLevel, long index) {
    return at(tile(tileLevel, index / Tile.FULL_WIDTH), index);
  }

  /**
   * The hashes of a tile, as many as the tree has.
   *
   * @throws UnverifiedException if the source's tile is not in the tree
   */
  public synchronized List<Hash> tile(int level, long index) {
    Tile tile = Tile.holding(level, index * Tile.FULL_WIDTH, head.size());
    if (tile.width() < Tile.FULL_WIDTH) {
      return edge.get(tile);
    }
    Map.Entry<Tile, List<Hash>> last = full.get(level);
    if (last != null && last.getKey().equals(tile)) {
      return last.getValue();
    }
    List<Hash> hashes = read(tile);
    if (!Merkle.root(hashes).equals(at(level + 1, index))) {
      throw new UnverifiedException(
          tile.path() + " of " + source + " is not in the tree that was signed");
    }
    full.put(level, Map.entry(tile, hashes));
    return hashes;
  }

  private List<Hash> read(Tile tile) {
    List<Hash> hashes = source.tile(tile);
    if (hashes.size() != tile.width()) {
      throw new UnverifiedException(
          tile.path() + " of " + source + " has " + hashes.size() + " hashes");
    }
    return hashes;
  }

  private static Hash at(List<Hash> tile, long index) {
    return tile.get((int) (index % Tile.FULL_WIDTH));
  }
}
