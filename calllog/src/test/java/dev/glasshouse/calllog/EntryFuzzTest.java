package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

class EntryFuzzTest {
  /** An entry, and after it each blob on a line. */
  @FuzzTest
  void entries(byte[] input) {
    Map<Hash, byte[]> blobs = new HashMap<>();
    int first = lineEnd(input, 0);
    for (int at = first + 1; at < input.length; at = lineEnd(input, at) + 1) {
      byte[] blob = Arrays.copyOfRange(input, at, lineEnd(input, at));
      blobs.put(Hash.of(blob), blob);
    }
    byte[] line = Arrays.copyOf(input, first);
    Untrusted.verify(line, bytes -> Entry.parse(bytes, blobs::get))
        .ifPresent(
            entry -> {
              Map<Hash, byte[]> written = new HashMap<>();
              assertArrayEquals(line, entry.format(written));
              written.forEach((hash, blob) -> assertArrayEquals(blobs.get(hash), blob));
            });
  }

  private static int lineEnd(byte[] input, int from) {
    int end = from;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    return end;
  }
}
