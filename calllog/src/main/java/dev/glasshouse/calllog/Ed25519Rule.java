package dev.glasshouse.calllog;

import java.util.HexFormat;
import java.util.List;

/**
 * The part of the verification rule that comes before the curve arithmetic: which encodings of
 * points and scalars are looked at all. {@link PublicKey} states the whole rule.
 */
final class Ed25519Rule {
  private static final int BYTES = 32;
  private static final int SIGN_BIT = 0x80;

  /** p = 2^255 - 19, little-endian. */
  private static final byte[] P = littleEndian("ed" + "ff".repeat(30) + "7f");

  /** L = 2^252 + 27742317777372353535851937790883648493, the order of the base point. */
  private static final byte[] L =
      littleEndian("edd3f55c1a631258d69cf7a2def9de14" + "00".repeat(15) + "10");

  /**
   * The y-coordinates of the eight points of order 1, 2, 4 and 8. Points with equal y have equal
   * order, so the sign bit does not matter.
   */
  private static final List<byte[]> LOW_ORDER_Y =
      List.of(
          littleEndian("00".repeat(32)),
          littleEndian("01" + "00".repeat(31)),
          littleEndian("ec" + "ff".repeat(30) + "7f"),
          littleEndian("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          littleEndian("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));

  private Ed25519Rule() {}

  /**
   * Whether the 32 bytes from {@code offset} may encode a point: y below p, and the point not of
   * low order. Whether it lies on the curve is left to the decoder. The encodings with x = 0 and
   * the sign bit set are of low order (y is 1 or -1), so they need no rule of their own.
   */
  static boolean allowsPoint(byte[] bytes, int offset) {
    if (!isBelow(P, bytes, offset, ~SIGN_BIT)) {
      return false;
    }
    for (byte[] y : LOW_ORDER_Y) {
      if (isEqual(y, bytes, offset)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the 32 bytes from {@code offset} encode a number below L. */
  static boolean allowsScalar(byte[] bytes, int offset) {
    return isBelow(L, bytes, offset, 0xff);
  }

  /** Compares little-endian numbers after masking the most significant byte. */
  private static boolean isBelow(byte[] limit, byte[] bytes, int offset, int topMask) {
    for (int i = BYTES - 1; i >= 0; i--) {
      int mask = i == BYTES - 1 ? topMask : 0xff;
      int difference = (bytes[offset + i] & mask & 0xff) - (limit[i] & 0xff);
      if (difference != 0) {
        return difference < 0;
      }
    }
    return false;
  }

  private static boolean isEqual(byte[] y, byte[] bytes, int offset) {
    int difference = (y[BYTES - 1] ^ bytes[offset + BYTES - 1]) & ~SIGN_BIT & 0xff;
    for (int i = 0; i < BYTES - 1; i++) {
      difference |= y[i] ^ bytes[offset + i];
    }
    return difference == 0;
  }

  private static byte[] littleEndian(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
