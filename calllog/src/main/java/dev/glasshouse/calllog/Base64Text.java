package dev.glasshouse.calllog;

import java.util.Base64;

/** Padded standard base64 (RFC 4648 section 4) of which only the one canonical form is read. */
final class Base64Text {
  private Base64Text() {}

  static String format(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Refuses missing padding, set bits behind the last byte, and any foreign character. */
  static byte[] parse(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not padded standard base64", e);
    }
    if (!format(bytes).equals(text)) {
      throw new MalformedException("base64 that is not in its canonical form");
    }
    return bytes;
  }
}
