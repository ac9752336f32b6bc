package dev.glasshouse.calllog;

/**
 * Which images of a log are kept: the newest {@value #NEWEST}, and of the older ones at most
 * {@value #OLDER}, evenly spaced over the whole log.
 *
 * <p>An older image is kept if its ordinal is a multiple of the stride, the smallest power of two
 * with which few enough are. The stride follows from the newest ordinal alone and only grows, so
 * that what one start keeps no other start misses.
 */
final class ImageSpacing {
  /** The newest images, all kept. */
  static final int NEWEST = 2;

  /** The most older images. */
  static final int OLDER = 62;

  private ImageSpacing() {}

  /** Whether the image {@code ordinal} is kept when the newest is {@code newest}; from 0. */
  static boolean keeps(long ordinal, long newest) {
    return ordinal > newest - NEWEST || ordinal % stride(newest) == 0;
  }

  private static long stride(long newest) {
    long lastOlder = newest - NEWEST;
    long stride = 1;
    while (lastOlder / stride + 1 > OLDER) {
      stride *= 2;
    }
    return stride;
  }
}
