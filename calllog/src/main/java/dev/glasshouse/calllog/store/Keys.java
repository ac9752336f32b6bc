package dev.glasshouse.calllog.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** The keys of the columns: fixed width, big-endian, so that byte order is numeric order. */
final class Keys {
  /** Length of a caller's key in bytes. */
  static final int CALLER_BYTES = 32;

  /** Length of a session in bytes. */
  static final int SESSION_BYTES = 16;

  /** Length of the part of a ticket's key that caller and session share. */
  static final int TICKET_PREFIX_BYTES = CALLER_BYTES + SESSION_BYTES;

  private Keys() {}

  /** 8 bytes: index of an entry, an image entry included. */
  static byte[] entry(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(requireIndex(index)).array();
  }

  /** 9 bytes: tile level, index. */
  static byte[] treeHash(int tileLevel, long index) {
    return ByteBuffer.allocate(1 + Long.BYTES)
        .put((byte) requireTileLevel(tileLevel))
        .putLong(requireIndex(index))
        .array();
  }

  /** 56 bytes: caller's key, session, n. */
  static byte[] ticket(byte[] key, byte[] session, long n) {
    if (key.length != CALLER_BYTES || session.length != SESSION_BYTES) {
      throw new IllegalArgumentException(
          "a ticket is kept under a key of 32 bytes and a session of 16, not "
              + key.length
              + " and "
              + session.length);
    }
    if (n < 1) {
      throw new IllegalArgumentException("a session counts its calls from 1, not " + n);
    }
    return ByteBuffer.allocate(TICKET_PREFIX_BYTES + Long.BYTES)
        .put(key)
        .put(session)
        .putLong(n)
        .array();
  }

  /** Whether two ticket keys differ in n at most. */
  static boolean sameSession(byte[] ticket, byte[] other) {
    return Arrays.equals(ticket, 0, TICKET_PREFIX_BYTES, other, 0, TICKET_PREFIX_BYTES);
  }

  /** Sets the number at the end of {@code key}, and returns it. */
  static byte[] at(byte[] key, long index) {
    ByteBuffer.wrap(key).putLong(key.length - Long.BYTES, index);
    return key;
  }

  /** The number at the end of any of these keys. */
  static long last(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  static byte[] ticketValue(Ticket ticket) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(ticket.index())
        .putLong(ticket.checkpointSize())
        .array();
  }

  static long requireIndex(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative: " + index);
    }
    return index;
  }

  static int requireTileLevel(int tileLevel) {
    return Objects.checkIndex(tileLevel, Store.TILE_LEVELS);
  }

  static int requireMax(int max) {
    if (max < 0) {
      throw new IllegalArgumentException("a range has no negative length: " + max);
    }
    return max;
  }
}
