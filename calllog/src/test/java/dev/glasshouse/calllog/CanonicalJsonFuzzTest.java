package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;

class CanonicalJsonFuzzTest {
  private static final int MAX_BYTES = 1 << 20;

  @FuzzTest
  void values(byte[] input) {
    // Not ifPresent of the value: null is one.
    Untrusted.parse(input, bytes -> CanonicalJson.format(CanonicalJson.parse(bytes, MAX_BYTES)))
        .ifPresent(formatted -> assertArrayEquals(input, formatted));
  }
}
