package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * The value of a row of the image index: 8 bytes ordinal, big-endian, then the 32-byte SHA-256 of
 * each page in order.
 */
final class ImageRow {
  private ImageRow() {}

  static byte[] encode(long ordinal, List<Hash> pages) {
    ByteBuffer row = ByteBuffer.allocate(Long.BYTES + pages.size() * Hash.BYTES).putLong(ordinal);
    for (Hash page : pages) {
      row.put(page.bytes());
    }
    return row.array();
  }

  static boolean valid(byte[] row) {
    return row.length > Long.BYTES && (row.length - Long.BYTES) % Hash.BYTES == 0;
  }

  static long ordinal(byte[] row) {
    return ByteBuffer.wrap(row).getLong();
  }

  /** Adds the pages of the row to {@code hashes}. */
  static void addPages(byte[] row, Set<Hash> hashes) {
    for (int at = Long.BYTES; at < row.length; at += Hash.BYTES) {
      hashes.add(Hash.ofBytes(row, at, Hash.BYTES));
    }
  }

  /** Takes the pages of the row out of {@code hashes}. */
  static void removePages(byte[] row, Set<Hash> hashes) {
    for (int at = Long.BYTES; at < row.length && !hashes.isEmpty(); at += Hash.BYTES) {
      hashes.remove(Hash.ofBytes(row, at, Hash.BYTES));
    }
  }
}
