package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ReceiptFuzzTest {
  private static final PublicKey KEY = Identity.ofSeed(new byte[32]).publicKey();

  @FuzzTest
  void receipts(byte[] input) {
    Untrusted.parse(input, Receipt::parse)
        .ifPresent(
            receipt -> {
              assertArrayEquals(input, receipt.format());
              assertTrue(
                  Untrusted.verify(input, bytes -> receipt.verify("example.com/log", KEY))
                      .isEmpty());
            });
  }
}
