package dev.glasshouse.calllog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a tree of which only tile levels are stored (tree levels 0, 8, 16 …), and computes the
 * levels between them: at most 128 reads for one subtree.
 */
public final class TileHashReader implements HashReader {
  private final TileLevelReader tiles;

  public TileHashReader(TileLevelReader tiles) {
    this.tiles = tiles;
  }

  /** The tree of {@code size} leaves as a source publishes it; each tile is asked for once. */
  public static TileHashReader published(LogReader reader, long size) {
    Map<Tile, List<Hash>> tiles = new HashMap<>();
    return new TileHashReader(
        (level, at) -> {
          Tile tile = Tile.holding(level, at, size);
          List<Hash> hashes = tiles.computeIfAbsent(tile, reader::tile);
          if (hashes.size() != tile.width()) {
            throw new UnreachableException(tile.path() + " has " + hashes.size() + " hashes");
          }
          return hashes.get((int) (at % Tile.FULL_WIDTH));
        });
  }

  @Override
  public Hash subtree(int level, long index) {
    if (level % Tile.LEVELS == 0) {
      return tiles.at(level / Tile.LEVELS, index);
    }
    return Merkle.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
  }
}
