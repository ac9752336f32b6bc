package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Untrusted;

class VerifiedFuzzTest {
  @FuzzTest
  void memories(byte[] input) {
    Untrusted.parse(input, Verified::parse)
        .ifPresent(verified -> assertArrayEquals(input, verified.toJson()));
  }
}
