package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of a tile of C2SP tlog-tiles: up to 256 hashes of one tile level, which is every eighth
 * level of the tree. Entries are in an {@link EntryBundle} instead.
 *
 * @param level tile level, 0 for leaf hashes, at most 63
 * @param index position among the tiles of this level: its first hash is {@code 256 * index}
 * @param width number of hashes, 1 to 255 in a partial tile, 256 in a full one
 */
public record Tile(int level, long index, int width) {
  /** Hashes in a full tile. */
  public static final int FULL_WIDTH = TilePath.FULL;

  /** Levels of the tree for one tile level: 256 is 2^8. */
  public static final int LEVELS = 8;

  private static final int MAX_LEVEL = 63;
  private static final String PREFIX = "tile/";

  public Tile {
    if (level < 0 || level > MAX_LEVEL) {
      throw new MalformedException("a tile level is 0 to 63, not " + level);
    }
    TilePath.check(index, width);
  }

  /** How many hashes tile level {@code level} of a tree of {@code size} leaves has. */
  public static long hashes(int level, long size) {
    int shift = level * LEVELS;
    return shift >= Long.SIZE ? 0 : size >>> shift;
  }

  /**
   * The tile that holds hash {@code hash} of tile level {@code level} at tree size {@code size}.
   */
  public static Tile holding(int level, long hash, long size) {
    TilePath path = TilePath.holding(hash, hashes(level, size));
    return new Tile(level, path.index(), path.width());
  }

  /** The partial tiles of a tree of {@code size} leaves, lowest level first. */
  public static List<Tile> partials(long size) {
    List<Tile> partials = new ArrayList<>();
    for (int level = 0; hashes(level, size) > 0; level++) {
      long hashes = hashes(level, size);
      if (hashes % FULL_WIDTH != 0) {
        partials.add(holding(level, hashes - 1, size));
      }
    }
    return List.copyOf(partials);
  }

  /** Parses {@code tile/<L>/<N>[.p/<W>]}; accepts only what {@link #path} writes. */
  public static Tile parse(String path) {
    int slash = path.startsWith(PREFIX) ? path.indexOf('/', PREFIX.length()) : -1;
    if (slash < 0) {
      throw new MalformedException("the path of a tile starts with tile/<level>/");
    }
    String level = path.substring(PREFIX.length(), slash);
    if (!level.matches("0|[1-9][0-9]?")) {
      throw new MalformedException("a tile level is a number without leading zeros");
    }
    TilePath rest = TilePath.parse(path.substring(slash + 1));
    return new Tile(Integer.parseInt(level), rest.index(), rest.width());
  }

  /** Whether a tree of {@code size} leaves has all hashes of this tile. */
  public boolean isWithin(long size) {
    return new TilePath(index, width).isWithin(hashes(level, size));
  }

  /** The path below the log's prefix: {@code tile/0/x001/x234/067.p/8}. */
  public String path() {
    return PREFIX + level + "/" + new TilePath(index, width).format();
  }

  /** The bytes of a tile: its hashes one after another. */
  public static byte[] encode(List<Hash> hashes) {
    byte[] bytes = new byte[hashes.size() * Hash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(bytes, i * Hash.BYTES);
    }
    return bytes;
  }

  /** The hashes in the bytes of this tile, which must be exactly {@code width} of them. */
  public List<Hash> decode(byte[] bytes) {
    if (bytes.length != width * Hash.BYTES) {
      throw new MalformedException(
          path() + " has " + width * Hash.BYTES + " bytes, not " + bytes.length);
    }
    List<Hash> hashes = new ArrayList<>(width);
    for (int offset = 0; offset < bytes.length; offset += Hash.BYTES) {
      hashes.add(Hash.ofBytes(bytes, offset, Hash.BYTES));
    }
    return List.copyOf(hashes);
  }
}
