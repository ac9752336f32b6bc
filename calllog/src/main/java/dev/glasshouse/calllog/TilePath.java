package dev.glasshouse.calllog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a tile's or bundle's path: {@code <N>[.p/<W>]} of C2SP tlog-tiles. N is written in
 * groups of three digits, all but the last led by an {@code x}; W is missing for a full tile.
 */
record TilePath(long index, int width) {
  /** What a full tile or bundle holds. */
  static final int FULL = 256;

  /** The length of the path of the largest index, with room for any level and width. */
  private static final int MAX_LENGTH = 64;

  private static final Pattern SHAPE =
      Pattern.compile("((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  TilePath {
    check(index, width);
  }

  /** The limits that tiles and bundles share. */
  static void check(long index, int width) {
    if (index < 0) {
      throw new MalformedException("a tile index is not negative: " + index);
    }
    if (width < 1 || width > FULL) {
      throw new MalformedException("a tile has 1 to 256 hashes or entries, not " + width);
    }
  }

  /** The coordinates of what holds position {@code position} when there are {@code count}. */
  static TilePath holding(long position, long count) {
    if (position < 0 || position >= count) {
      throw new IllegalArgumentException(position + " is not below " + count);
    }
    long index = position / FULL;
    return new TilePath(index, (int) Math.min(FULL, count - index * FULL));
  }

  /** Whether {@code count} hashes or entries reach to the end of this. */
  boolean isWithin(long count) {
    // Not index * FULL + width <= count: the left side may be over 2^63.
    return width <= count && index <= (count - width) / FULL;
  }

  /** Accepts only what {@link #format} writes. */
  static TilePath parse(String path) {
    Matcher shape = SHAPE.matcher(path);
    if (path.length() > MAX_LENGTH || !shape.matches()) {
      throw new MalformedException("not the path of a tile");
    }
    TilePath parsed;
    try {
      String digits = shape.group(1).replace("x", "").replace("/", "");
      int width = shape.group(2) == null ? FULL : Integer.parseInt(shape.group(2));
      parsed = new TilePath(Long.parseLong(digits), width);
    } catch (NumberFormatException e) {
      throw new MalformedException("the index of a tile is below 2^63", e);
    }
    if (!parsed.format().equals(path)) {
      throw new MalformedException("the path of a tile is not in its canonical form");
    }
    return parsed;
  }

  String format() {
    StringBuilder path = new StringBuilder(group(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      path.insert(0, "x" + group(rest % 1000) + "/");
    }
    return width == FULL ? path.toString() : path + ".p/" + width;
  }

  private static String group(long number) {
    String digits = Long.toString(number);
    return "000".substring(digits.length()) + digits;
  }
}
