package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class TileFuzzTest {
  /** A path, and after a newline the bytes that were found there. */
  @FuzzTest
  void tilesAndBundles(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String path = new String(input, 0, end, StandardCharsets.UTF_8);
    byte[] found = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Untrusted.parse(input, bytes -> Tile.parse(path)).ifPresent(tile -> tile(tile, path, found));
    Untrusted.parse(input, bytes -> EntryBundle.parse(path))
        .ifPresent(bundle -> bundle(bundle, path, found));
  }

  private static void tile(Tile tile, String path, byte[] found) {
    assertEquals(path, tile.path());
    Untrusted.parse(found, tile::decode)
        .ifPresent(hashes -> assertArrayEquals(found, Tile.encode(hashes)));
  }

  private static void bundle(EntryBundle bundle, String path, byte[] found) {
    assertEquals(path, bundle.path());
    Untrusted.parse(found, bundle::decode)
        .ifPresent(entries -> assertArrayEquals(found, EntryBundle.encode(entries)));
  }
}
