package dev.glasshouse.calllog;

/**
 * Reads a tree of which only tile levels are stored (tree levels 0, 8, 16 …), and computes the
 * levels between them: at most 128 reads for one subtree.
 */
public final class TileHashReader implements HashReader {
  private final TileLevelReader tiles;

  public TileHashReader(TileLevelReader tiles) {
    this.tiles = tiles;
  }

  @Override
  public Hash subtree(int level, long index) {
    if (level % Tile.LEVELS == 0) {
      return tiles.at(level / Tile.LEVELS, index);
    }
    return Merkle.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
  }
}
