package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  private static final int MAX = 1 << 20;
  private static final long SEED = 8785;

  @Test
  void whatIsFormattedParsesToTheSame() {
    Random random = new Random(SEED);
    for (int i = 0; i < 3000; i++) {
      Object value = value(random, 5);
      byte[] bytes = CanonicalJson.format(value);
      assertEquals(value, CanonicalJson.parse(bytes, MAX), "seed " + SEED + ", value " + i);
    }
  }

  @Test
  void noOtherSpellingOfTheSameValueIsRead() {
    Random random = new Random(SEED);
    int tried = 0;
    for (int i = 0; i < 500; i++) {
      Map<String, Object> value = object(random, 3);
      value.put("a", 12L);
      value.put("b", "x");
      String text = text(value);
      for (String other :
          List.of(
              " " + text,
              text + "\n",
              text + "0",
              text + text,
              "\ufeff" + text,
              text.replace(":", ": "),
              text.replace(",", " ,"),
              text.replace("{", "{\t"),
              text.replace("\"a\"", "\"\\u0061\""),
              text.replace("\"a\":12", "\"a\":12,\"a\":12"),
              text.replace("\"a\":12", "\"a\":12.0"),
              text.replace("\"a\":12", "\"a\":1.2e1"),
              text.replace("\"a\":12", "\"a\":012"),
              text.replace("\"a\":12", "\"a\":+12"),
              text.replace("\"a\":12,\"b\":\"x\"", "\"b\":\"x\",\"a\":12"),
              text.replace("\"b\":\"x\"", "\"b\":'x'"),
              text.replace("\"x\"", "\"\\x\""),
              text.replace("\"x\"", "\"\\u0078\""),
              text.substring(0, text.length() - 1))) {
        if (!other.equals(text)) {
          tried++;
          refused(utf8(other), "seed " + SEED + ", value " + i + ": " + other);
        }
      }
    }
    assertTrue(tried > 8_000, "only " + tried + " spellings were tried");
  }

  @Test
  void changedBytesAreRefusedOrAnotherCanonicalForm() {
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = CanonicalJson.format(value(random, 3));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        byte[] again = CanonicalJson.format(CanonicalJson.parse(bytes, MAX));
        assertArrayEquals(bytes, again, "seed " + SEED + ", change " + i);
      } catch (MalformedException e) {
        refused++;
      }
    }
    assertTrue(refused > 10_000, "only " + refused + " changes were refused");
  }

  @Test
  void integersEndAtTwoToThe53() {
    for (String most : List.of("9007199254740992", "-9007199254740992")) {
      assertEquals(Long.valueOf(most), CanonicalJson.parse(utf8(most), MAX));
    }
    for (String over :
        List.of(
            "9007199254740993",
            "-9007199254740993",
            "9223372036854775808",
            "1".repeat(20),
            "1".repeat(400),
            "-0")) {
      refused(utf8(over), over);
    }
    assertThrows(MalformedException.class, () -> CanonicalJson.format((1L << 53) + 1));
    assertThrows(MalformedException.class, () -> CanonicalJson.format(Long.MIN_VALUE));
  }

  @Test
  void depthAndLengthHaveLimits() {
    int most = CanonicalJson.MAX_DEPTH;
    byte[] deep = utf8("[".repeat(most) + "]".repeat(most));
    assertArrayEquals(deep, CanonicalJson.format(CanonicalJson.parse(deep, deep.length)));
    assertThrows(MalformedException.class, () -> CanonicalJson.parse(deep, deep.length - 1));
    refused(utf8("[".repeat(most + 1) + "]".repeat(most + 1)), "an array too deep");
    refused(utf8("{\"a\":".repeat(most + 1) + "1" + "}".repeat(most + 1)), "an object too deep");
    refused(utf8("[".repeat(100_000)), "a very deep array");
  }

  @Test
  void halvesOfSurrogatePairsAreNotWritten() {
    for (String half :
        List.of("\ud83d", "\ude00", "a\ud83d", "\ud83db", "\ude00\ud83d", "\ude00\ude00")) {
      assertThrows(MalformedException.class, () -> CanonicalJson.format(half));
      assertThrows(MalformedException.class, () -> CanonicalJson.format(Map.of(half, 1L)));
    }
  }

  @Test
  void membersAreOrderedByCodeUnits() {
    Map<String, Object> map = Map.of("\ufb33", 1L, "\ud83d\ude00", 2L, "b", 3L, "a", 4L, "", 5L);
    String text = "{\"\":5,\"a\":4,\"b\":3,\"\ud83d\ude00\":2,\"\ufb33\":1}";
    assertEquals(text, new String(CanonicalJson.format(map), StandardCharsets.UTF_8));
    assertEquals(new TreeMap<>(map), CanonicalJson.parse(utf8(text), MAX));
  }

  @Test
  void otherThingsAreNotWritten() {
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.format(1.5));
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.format(List.of('c')));
  }

  private static void refused(byte[] bytes, String what) {
    assertThrows(MalformedException.class, () -> CanonicalJson.parse(bytes, MAX), what);
  }

  private static String text(Object value) {
    return new String(CanonicalJson.format(value), StandardCharsets.UTF_8);
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> (11 + random.nextInt(52));
      case 3 -> string(random);
      case 4 -> list(random, depth);
      default -> object(random, depth);
    };
  }

  private static List<Object> list(Random random, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(random, depth - 1));
    }
    return list;
  }

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> map = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(string(random), value(random, depth - 1));
    }
    return map;
  }

  static String string(Random random) {
    StringBuilder text = new StringBuilder();
    int[] edges = {0, 0x1f, ' ', '"', '\\', '/', 0x7f, 0xe9, 0x2028, 0xfffd, 0xffff, 0x1f600};
    for (int i = random.nextInt(6); i > 0; i--) {
      boolean edge = random.nextBoolean();
      text.appendCodePoint(edge ? edges[random.nextInt(edges.length)] : random.nextInt(0x80));
    }
    return text.toString();
  }
}
