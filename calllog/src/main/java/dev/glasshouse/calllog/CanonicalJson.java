package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Canonical JSON: RFC 8785 restricted to strings, integers within ±2^53, booleans, null, arrays and
 * objects. In Java: {@code String}, {@code Long}, {@code Boolean}, {@code null}, {@code List} and
 * {@code Map<String, ?>}, whose members {@link #format} orders by UTF-16 code units, as the RFC
 * does, and {@link #parse} gives in that order.
 *
 * <p>{@link #parse} accepts only what {@link #format} writes, so that one value has one form.
 */
public final class CanonicalJson {
  /** Arrays and objects within each other. */
  public static final int MAX_DEPTH = 16;

  /**
   * The largest magnitude of an integer, 2^53: beyond it JavaScript cannot tell neighbours apart.
   */
  public static final long MAX_INTEGER = 1L << 53;

  // A control character is escaped by so many.
  private static final long MOST_OF_CHARACTER = 6;

  // Also of the other values without parts, and of the brackets around parts.
  private static final long MOST_OF_INTEGER = 17;

  private CanonicalJson() {}

  /** Parses one value that fills {@code bytes} and is in canonical form. */
  public static Object parse(byte[] bytes, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new MalformedException(
          "canonical JSON of " + bytes.length + " bytes is over the limit of " + maxBytes);
    }
    return CanonicalReader.read(bytes);
  }

  /** The canonical form, in UTF-8. */
  public static byte[] format(Object value) {
    StringBuilder out = new StringBuilder(2048);
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes that the canonical form of a value has at most; often a few times as many as it has. */
  static long mostBytes(Object value) {
    if (value instanceof String string) {
      return MOST_OF_CHARACTER * string.length() + 2;
    }
    long sum = MOST_OF_INTEGER;
    if (value instanceof List<?> list) {
      for (Object item : list) {
        sum += mostBytes(item) + 1;
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        sum += mostBytes(member.getKey()) + mostBytes(member.getValue()) + 2;
      }
    }
    return sum;
  }

  /** Appends the canonical form. */
  public static void write(Object value, StringBuilder out) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof String string) {
      writeString(string, out);
    } else if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      if (number > MAX_INTEGER || number < -MAX_INTEGER) {
        throw new MalformedException("the integer " + number + " is beyond 2^53");
      }
      out.append(number);
    } else if (value instanceof List) {
      String separator = "[";
      for (Object item : (List<?>) value) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(separator.equals("[") ? "[]" : "]");
    } else if (value instanceof Map) {
      String separator = "{";
      for (Map.Entry<?, ?> member : sorted((Map<?, ?>) value).entrySet()) {
        out.append(separator);
        writeString((String) member.getKey(), out);
        out.append(':');
        write(member.getValue(), out);
        separator = ",";
      }
      out.append(separator.equals("{") ? "{}" : "}");
    } else {
      throw new IllegalArgumentException("canonical JSON has no " + value.getClass());
    }
  }

  /** Appends {@code text} as RFC 8785 writes a string: the shortest escapes, all else as it is. */
  static void writeString(String text, StringBuilder out) {
    out.append('"');
    int plain = plain(text);
    out.append(text, 0, plain);
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        writeControl(c, out);
      } else if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new MalformedException("a string holds half of a surrogate pair");
        }
        out.append(c).append(text.charAt(++i));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  // How many characters at the start stand for themselves: of most texts all.
  private static int plain(String text) {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)) {
        break;
      }
      i++;
    }
    return i;
  }

  private static SortedMap<?, ?> sorted(Map<?, ?> map) {
    return map instanceof SortedMap ? (SortedMap<?, ?>) map : new TreeMap<>(map);
  }

  private static void writeControl(char c, StringBuilder out) {
    int named = "\b\t\n\f\r".indexOf(c);
    if (named >= 0) {
      out.append('\\').append("btnfr".charAt(named));
    } else {
      out.append("\\u00").append(c < 0x10 ? '0' : '1').append("0123456789abcdef".charAt(c & 0xf));
    }
  }
}
