package dev.glasshouse.calllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of test vectors in docs/vectors: JSON, indented by two, members in the order in which they
 * were put. In Java: {@code String}, {@code Long}, {@code Integer}, {@code Boolean}, {@code null},
 * {@code List} and {@code Map}.
 */
public final class VectorFile {
  private static final int SHORT = 72;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private VectorFile() {}

  /** An object from names and values in turn. */
  public static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /** The text of a file. */
  public static String format(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.append('\n').toString();
  }

  /** Reads a file of docs/vectors. */
  public static Map<String, Object> read(String name) {
    return members(parse(text(name)));
  }

  /** The text of a file of docs/vectors. */
  public static String text(String name) {
    try {
      return Files.readString(directory().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes files, given by name, into a directory. */
  public static void write(Path directory, Map<String, String> files) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
  }

  /** The objects of an array. */
  public static List<Map<String, Object>> objects(Object array) {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object item : (List<?>) array) {
      objects.add(members(item));
    }
    return objects;
  }

  /** The strings of an array. */
  public static List<String> strings(Object array) {
    return ((List<?>) array).stream().map(String.class::cast).toList();
  }

  /** One value of any JSON text. */
  public static Object parse(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> members(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((name, member) -> map.put((String) name, member));
    return map;
  }

  private static Path directory() {
    Path from = Path.of("").toAbsolutePath();
    for (Path at = from; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("docs/vectors"))) {
        return at.resolve("docs/vectors");
      }
    }
    throw new IllegalStateException("there is no docs/vectors above " + from);
  }

  private static Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        return list;
      }
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        return map;
      }
      case VALUE_NUMBER_INT -> {
        return parser.getLongValue();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return parser.getText();
      }
    }
  }

  private static void write(Object value, String newline, StringBuilder out) {
    boolean isMap = value instanceof Map;
    if (!isMap && !(value instanceof List)) {
      CanonicalJson.write(value, out);
      return;
    }
    String flat = flat(value);
    if (flat.length() <= SHORT) {
      out.append(flat);
      return;
    }
    String inner = newline + "  ";
    String separator = isMap ? "{" : "[";
    for (Object item : isMap ? ((Map<?, ?>) value).entrySet() : (List<?>) value) {
      out.append(separator).append(inner);
      Object content = item;
      if (isMap) {
        Map.Entry<?, ?> member = (Map.Entry<?, ?>) item;
        CanonicalJson.write(member.getKey(), out);
        out.append(": ");
        content = member.getValue();
      }
      write(content, inner, out);
      separator = ",";
    }
    out.append(newline).append(isMap ? '}' : ']');
  }

  private static String flat(Object value) {
    StringBuilder out = new StringBuilder();
    if (value instanceof Map) {
      String separator = "{ ";
      for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
        out.append(separator);
        CanonicalJson.write(member.getKey(), out);
        out.append(": ").append(flat(member.getValue()));
        separator = ", ";
      }
      return out.append(separator.equals("{ ") ? "{}" : " }").toString();
    }
    if (value instanceof List) {
      String separator = "[";
      for (Object item : (List<?>) value) {
        out.append(separator).append(flat(item));
        separator = ", ";
      }
      return out.append(separator.equals("[") ? "[]" : "]").toString();
    }
    CanonicalJson.write(value, out);
    return out.toString();
  }

  /** UTF-8 bytes. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
