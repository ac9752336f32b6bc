package dev.glasshouse.vm;

import java.nio.charset.StandardCharsets;

/**
 * Decodes bytes as UTF-8 of which some may be malformed, as the Encoding Standard's "UTF-8 decode
 * without BOM" does: each maximal part of a character that cannot go on becomes one U+FFFD, and so
 * does each other byte. A byte order mark stays. Java's own decoder takes three bytes that would be
 * a surrogate for one malformed character; the standard takes them for three.
 */
final class LossyUtf8 {
  private static final char REPLACEMENT = '\ufffd';
  private static final int CONTINUATION_MIN = 0x80;
  private static final int CONTINUATION_MAX = 0xbf;
  private static final int CONTINUATION_BITS = 6;

  private final byte[] bytes;
  private final StringBuilder out;
  private int at;

  private LossyUtf8(byte[] bytes) {
    this.bytes = bytes;
    this.out = new StringBuilder(bytes.length);
  }

  static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : new LossyUtf8(bytes).decode();
  }

  private String decode() {
    while (at < bytes.length) {
      int first = Byte.toUnsignedInt(bytes[at++]);
      if (first < CONTINUATION_MIN) {
        out.append((char) first);
      } else if (first >= 0xc2 && first <= 0xdf) {
        character(first & 0x1f, 1, CONTINUATION_MIN, CONTINUATION_MAX);
      } else if (first >= 0xe0 && first <= 0xef) {
        // Neither what is written shorter, nor a surrogate.
        int least = first == 0xe0 ? 0xa0 : CONTINUATION_MIN;
        int most = first == 0xed ? 0x9f : CONTINUATION_MAX;
        character(first & 0xf, 2, least, most);
      } else if (first >= 0xf0 && first <= 0xf4) {
        int least = first == 0xf0 ? 0x90 : CONTINUATION_MIN;
        int most = first == 0xf4 ? 0x8f : CONTINUATION_MAX;
        character(first & 0x7, 3, least, most);
      } else {
        out.append(REPLACEMENT);
      }
    }
    return out.toString();
  }

  // The bytes that continue a character, of which the first lies between two bounds.
  private void character(int head, int more, int least, int most) {
    int code = head;
    int from = least;
    int to = most;
    for (int i = 0; i < more; i++) {
      int next = at < bytes.length ? Byte.toUnsignedInt(bytes[at]) : 0;
      if (next < from || next > to) {
        out.append(REPLACEMENT);
        return;
      }
      code = (code << CONTINUATION_BITS) | (next & 0x3f);
      at++;
      from = CONTINUATION_MIN;
      to = CONTINUATION_MAX;
    }
    out.appendCodePoint(code);
  }
}
