package dev.glasshouse.calllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Canonical JSON: RFC 8785 restricted to strings, integers within ±2^53, booleans, null, arrays and
 * objects. In Java: {@code String}, {@code Long}, {@code Boolean}, {@code null}, {@code List} and
 * {@code Map<String, ?>} (sorted by UTF-16 code units, as the RFC orders).
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

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(20)
                  .build())
          .build();

  private CanonicalJson() {}

  /** Parses one value that fills {@code bytes} and is in canonical form. */
  public static Object parse(byte[] bytes, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new MalformedException(
          "canonical JSON of " + bytes.length + " bytes is over the limit of " + maxBytes);
    }
    Object value;
    try (JsonParser parser = JSON.createParser(bytes)) {
      parser.nextToken();
      value = read(parser);
      if (parser.nextToken() != null) {
        throw new MalformedException("canonical JSON is followed by something else");
      }
    } catch (IOException e) {
      throw new MalformedException("not JSON: " + firstLine(e.getMessage()), e);
    }
    if (!Arrays.equals(bytes, format(value))) {
      throw new MalformedException("JSON is not in its canonical form (RFC 8785)");
    }
    return value;
  }

  /** The canonical form, in UTF-8. */
  public static byte[] format(Object value) {
    StringBuilder out = new StringBuilder(2048);
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Object read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new MalformedException("JSON ends early");
    }
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case START_ARRAY -> readArray(parser);
      case START_OBJECT -> readObject(parser);
      default ->
          throw new MalformedException("canonical JSON has no " + token.asString() + " here");
    };
  }

  private static List<Object> readArray(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(read(parser));
    }
    return list;
  }

  private static Map<String, Object> readObject(JsonParser parser) throws IOException {
    Map<String, Object> map = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, read(parser));
    }
    return map;
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

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
