package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

class HeapReferenceFuzzTest {
  private static final int MAX_BYTES = 4096;

  /** A reference, and after a newline the list of its pages. */
  @FuzzTest
  void referencesAndPageLists(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    byte[] json = Arrays.copyOf(input, end);
    byte[] list = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Untrusted.parse(
            json,
            bytes ->
                HeapReference.fromJson(
                    Members.of("entry.heap", CanonicalJson.parse(bytes, MAX_BYTES))))
        .ifPresent(
            heap -> {
              assertArrayEquals(json, CanonicalJson.format(heap.toJson()));
              pages(heap, list);
            });
  }

  private static void pages(HeapReference heap, byte[] list) {
    Map<Hash, byte[]> blobs = Map.of(Hash.of(list), list);
    Untrusted.verify(list, bytes -> heap.readPages(blobs::get))
        .ifPresent(
            hashes -> {
              Map<Hash, byte[]> written = new HashMap<>();
              assertEquals(heap, HeapReference.of(heap.globals(), hashes, written));
              assertArrayEquals(list, written.get(Hash.of(list)));
            });
  }
}
