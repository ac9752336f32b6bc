package dev.glasshouse.calllog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The name of an entry bundle of C2SP tlog-tiles: the entries below one level-0 tile.
 *
 * @param index position among the bundles: its first entry is {@code 256 * index}
 * @param width number of entries, 1 to 255 in a partial bundle, 256 in a full one
 */
public record EntryBundle(long index, int width) {
  /** Entries in a full bundle. */
  public static final int FULL_WIDTH = TilePath.FULL;

  /** The longest entry in bytes: its length is written in two bytes. */
  public static final int MAX_ENTRY_BYTES = 0xffff;

  private static final String PREFIX = "tile/entries/";

  public EntryBundle {
    TilePath.check(index, width);
  }

  /** The bundle that holds entry {@code entry} of a log of {@code size} entries. */
  public static EntryBundle holding(long entry, long size) {
    TilePath path = TilePath.holding(entry, size);
    return new EntryBundle(path.index(), path.width());
  }

  /** Parses {@code tile/entries/<N>[.p/<W>]}; accepts only what {@link #path} writes. */
  public static EntryBundle parse(String path) {
    if (!path.startsWith(PREFIX)) {
      throw new MalformedException("the path of an entry bundle starts with " + PREFIX);
    }
    TilePath rest = TilePath.parse(path.substring(PREFIX.length()));
    return new EntryBundle(rest.index(), rest.width());
  }

  /** Whether a log of {@code size} entries has all entries of this bundle. */
  public boolean isWithin(long size) {
    return new TilePath(index, width).isWithin(size);
  }

  /** The path below the log's prefix: {@code tile/entries/x001/x234/067}. */
  public String path() {
    return PREFIX + new TilePath(index, width).format();
  }

  /**
   * The bytes of a bundle: each entry led by its length, two bytes, big-endian. Refuses no entries,
   * more than {@link #FULL_WIDTH}, or one above {@link #MAX_ENTRY_BYTES}.
   */
  public static byte[] encode(List<byte[]> entries) {
    if (entries.isEmpty() || entries.size() > FULL_WIDTH) {
      throw new IllegalArgumentException("a bundle has 1 to 256 entries, not " + entries.size());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new IllegalArgumentException(
            "an entry has at most " + MAX_ENTRY_BYTES + " bytes, not " + entry.length);
      }
      bytes.write(entry.length >>> 8);
      bytes.write(entry.length);
      bytes.writeBytes(entry);
    }
    return bytes.toByteArray();
  }

  /** The entries in the bytes of this bundle, which must be exactly {@code width} of them. */
  public List<byte[]> decode(byte[] bytes) {
    List<byte[]> entries = new ArrayList<>(width);
    int offset = 0;
    for (int i = 0; i < width; i++) {
      if (bytes.length - offset < 2) {
        throw new MalformedException(path() + " ends after " + i + " of " + width + " entries");
      }
      int length = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(offset));
      offset += 2;
      if (bytes.length - offset < length) {
        throw new MalformedException(path() + " ends inside its entry " + i);
      }
      entries.add(Arrays.copyOfRange(bytes, offset, offset + length));
      offset += length;
    }
    if (offset != bytes.length) {
      throw new MalformedException(path() + " goes on after its " + width + " entries");
    }
    return List.copyOf(entries);
  }
}
