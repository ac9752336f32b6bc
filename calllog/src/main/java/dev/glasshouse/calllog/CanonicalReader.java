package dev.glasshouse.calllog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one value of canonical JSON, and nothing that is not in its one form: no byte of it can be
 * another without the value being another. So nobody needs to write a value again to see whether
 * its form was canonical, and whoever reads a log reads each entry once.
 */
final class CanonicalReader {
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");
  private static final byte[] CONTROL = ascii("\\u00");

  /** Digits of {@link CanonicalJson#MAX_INTEGER}. */
  private static final int MAX_DIGITS = 16;

  private final byte[] bytes;
  private int at;
  private int depth;

  private CanonicalReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The value that fills the bytes. */
  static Object read(byte[] bytes) {
    CanonicalReader reader = new CanonicalReader(bytes);
    Object value = reader.value();
    if (reader.at < bytes.length) {
      throw reader.refused("the value is followed by something else");
    }
    return value;
  }

  private Object value() {
    return switch (peek()) {
      case '"' -> string();
      case '{' -> object();
      case '[' -> array();
      case 't' -> literal(TRUE, true);
      case 'f' -> literal(FALSE, false);
      case 'n' -> literal(NULL, null);
      default -> integer();
    };
  }

  private Map<String, Object> object() {
    deeper();
    Map<String, Object> map = new LinkedHashMap<>();
    if (peek() == '}') {
      at++;
    } else {
      String last = null;
      do {
        if (peek() != '"') {
          throw refused("a member's name is expected");
        }
        String name = string();
        if (last != null && last.compareTo(name) >= 0) {
          throw refused("members are not in the order of their names, each once");
        }
        if (next() != ':') {
          at--;
          throw refused("a colon is expected");
        }
        map.put(name, value());
        last = name;
      } while (isContinued('}'));
    }
    depth--;
    return map;
  }

  private List<Object> array() {
    deeper();
    List<Object> list = new ArrayList<>();
    if (peek() == ']') {
      at++;
    } else {
      do {
        list.add(value());
      } while (isContinued(']'));
    }
    depth--;
    return list;
  }

  private void deeper() {
    if (++depth > CanonicalJson.MAX_DEPTH) {
      throw refused(
          "more than " + CanonicalJson.MAX_DEPTH + " arrays and objects within each other");
    }
    at++;
  }

  // Takes a comma, or the end of what it would continue.
  private boolean isContinued(char end) {
    int c = next();
    if (c != ',' && c != end) {
      at--;
      throw refused("a comma or " + end + " is expected");
    }
    return c == ',';
  }

  private Object literal(byte[] name, Object value) {
    if (!isNext(name)) {
      throw refused("no value begins so");
    }
    at += name.length;
    return value;
  }

  private Long integer() {
    int from = at;
    boolean negative = peek() == '-';
    if (negative) {
      at++;
    }
    int digits = at;
    long magnitude = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      if (at - digits == MAX_DIGITS) {
        throw refused("an integer is beyond 2^53");
      }
      magnitude = 10 * magnitude + (bytes[at++] - '0');
    }
    if (at == digits) {
      at = from;
      throw refused("no value begins so");
    }
    boolean isZero = bytes[digits] == '0';
    if (isZero && (negative || at - digits > 1)) {
      throw refused("an integer has a zero or a sign too many");
    }
    if (magnitude > CanonicalJson.MAX_INTEGER) {
      throw refused("an integer is beyond 2^53");
    }
    return negative ? -magnitude : magnitude;
  }

  private String string() {
    int from = ++at;
    while (at < bytes.length) {
      byte c = bytes[at];
      if (c == '"') {
        // All of it is ASCII, where Latin-1 is the same and copied as it is.
        return new String(bytes, from, at++ - from, StandardCharsets.ISO_8859_1);
      }
      if (c < ' ' || c == '\\') { // also the bytes that begin or continue longer characters
        return unusualString(from);
      }
      at++;
    }
    throw refused("a string does not end");
  }

  // Each escape stands for one byte. An entry holds its request as such a string, so this is read
  // often.
  private String unusualString(int from) {
    byte[] text = new byte[endOfString() - from];
    int length = 0;
    int plain = from;
    boolean isAscii = true;
    while (true) {
      int c = next();
      if (c >= ' ' && c != '"' && c != '\\') {
        isAscii &= c < 0x80;
        continue;
      }
      System.arraycopy(bytes, plain, text, length, at - 1 - plain);
      length += at - 1 - plain;
      if (c == '"') {
        return isAscii
            ? new String(text, 0, length, StandardCharsets.ISO_8859_1)
            : decode(text, length);
      } else if (c < ' ') {
        at--;
        throw refused("a control character stands in a string");
      }
      text[length++] = (byte) escaped();
      plain = at;
    }
  }

  private int endOfString() {
    int end = at;
    while (end < bytes.length && bytes[end] != '"') {
      end += bytes[end] == '\\' ? 2 : 1;
    }
    return Math.min(end, bytes.length);
  }

  // After the backslash: the one escape that each of these characters has.
  private char escaped() {
    int c = next();
    int named = "\"\\btnfr".indexOf(c);
    if (named >= 0) {
      return "\"\\\b\t\n\f\r".charAt(named);
    }
    at -= 2;
    if (!isNext(CONTROL)) {
      throw refused("a character needs no escape, or has another");
    }
    at += CONTROL.length;
    int high = next() - '0';
    int low = "0123456789abcdef".indexOf(next());
    char control = (char) (high << 4 | low);
    if (high < 0 || high > 1 || low < 0 || "\b\t\n\f\r".indexOf(control) >= 0) {
      at -= CONTROL.length + 2;
      throw refused("a character needs no escape, or has another");
    }
    return control;
  }

  private static String decode(byte[] text, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("a string in JSON is not well-formed UTF-8", e);
    }
  }

  private boolean isNext(byte[] ascii) {
    if (bytes.length - at < ascii.length) {
      return false;
    }
    for (int i = 0; i < ascii.length; i++) {
      if (bytes[at + i] != ascii[i]) {
        return false;
      }
    }
    return true;
  }

  private int peek() {
    if (at == bytes.length) {
      throw refused("it ends early");
    }
    return bytes[at] & 0xff;
  }

  private int next() {
    int c = peek();
    at++;
    return c;
  }

  private MalformedException refused(String why) {
    return new MalformedException(
        "JSON is not in its canonical form (RFC 8785), byte " + at + ": " + why);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
