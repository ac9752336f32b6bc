package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import java.util.ArrayList;
import java.util.List;

/** Computes the tiles of a tree from its leaves and writes them: each full one when it is full. */
final class TileWriter {
  private final PublicationFolder folder;

  // For each level the hashes of the tile that is not full.
  private final List<List<Hash>> open = new ArrayList<>();
  private long size;

  /**
   * Goes on at the end of a tree.
   *
   * @param tiles its hashes; not asked if it is empty
   */
  TileWriter(PublicationFolder folder, TreeHead head, ProvedTiles tiles) {
    this.folder = folder;
    this.size = head.size();
    for (int level = 0; Tile.hashes(level, size) > 0; level++) {
      long hashes = Tile.hashes(level, size);
      boolean isFull = hashes % Tile.FULL_WIDTH == 0;
      open.add(
          isFull
              ? new ArrayList<>()
              : new ArrayList<>(tiles.tile(level, hashes / Tile.FULL_WIDTH)));
    }
  }

  long size() {
    return size;
  }

  /** Adds a leaf. */
  void append(Hash leaf) {
    add(0, leaf);
    size++;
  }

  private void add(int level, Hash hash) {
    if (level == open.size()) {
      open.add(new ArrayList<>());
    }
    List<Hash> tile = open.get(level);
    tile.add(hash);
    if (tile.size() == Tile.FULL_WIDTH) {
      long index = size >>> (Tile.LEVELS * (level + 1));
      folder.write(new Tile(level, index, Tile.FULL_WIDTH).path(), Tile.encode(tile));
      add(level + 1, Merkle.root(tile));
      tile.clear();
    }
  }

  /** Writes the partial tiles, and answers the head of the tree. */
  TreeHead finish() {
    for (Tile tile : Tile.partials(size)) {
      folder.write(tile.path(), Tile.encode(open.get(tile.level())));
    }
    Hash root =
        Proofs.root(
            size,
            new TileHashReader(
                (level, index) -> open.get(level).get((int) (index % Tile.FULL_WIDTH))));
    return new TreeHead(size, root);
  }
}
