package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.List;

class HostAnswerFuzzTest {
  private static final Caller.Key CALLER =
      new Caller.Key(
          Identity.ofSeed(new byte[32]).publicKey(), new byte[PublicKey.SIGNATURE_BYTES]);

  @FuzzTest
  void descriptions(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.verify(input, bytes -> HostDescription.parse(text, hash -> null))
        .ifPresent(
            host -> {
              assertEquals(host.genesis().origin(), host.checkpoint().checkpoint().origin());
              assertNotNull(host.log());
            });
  }

  @FuzzTest
  void answersAndListings(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.verify(input, bytes -> SignedAnswer.verify(text, CALLER, "{}", hash -> null));
    Untrusted.parse(input, Listing::names)
        .ifPresent(names -> assertEquals(names, List.copyOf(names)));
    Untrusted.parse(input, Listing::images)
        .ifPresent(images -> assertEquals(images, List.copyOf(images)));
  }

  @FuzzTest
  void addresses(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.parse(input, bytes -> HostAddress.parse(text))
        .ifPresent(
            address -> {
              assertEquals(address, HostAddress.parse(address.toString()));
              assertNotNull(address.webSocket());
              assertArrayEquals(
                  ("ws://" + address + "/").getBytes(StandardCharsets.UTF_8),
                  address.webSocket().toString().getBytes(StandardCharsets.UTF_8));
            });
  }
}
