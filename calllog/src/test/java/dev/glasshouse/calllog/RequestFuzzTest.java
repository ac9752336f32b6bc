package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class RequestFuzzTest {
  @FuzzTest
  void requestsAndSignedCalls(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.parse(input, bytes -> Request.parse(text))
        .ifPresent(calls -> assertEquals(text, Request.format(calls)));
    Untrusted.parse(input, bytes -> SignedCall.parse(text))
        .ifPresent(call -> assertEquals(text, call.format()));
  }
}
