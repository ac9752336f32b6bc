package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class HashTest {
  private static final byte[] ABC = {'a', 'b', 'c'};

  // FIPS 180-2, appendix B.1.
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void hashesTheConcatenation() {
    assertEquals(SHA256_OF_ABC, Hash.of(ABC).hex());
    assertEquals(
        SHA256_OF_ABC, Hash.of(new byte[] {'a'}, new byte[0], new byte[] {'b', 'c'}).hex());
  }

  @Test
  void aHashThatFailedHalfWayLeavesNothingToTheNext() {
    assertThrows(NullPointerException.class, () -> Hash.of(ABC, (byte[]) null));
    assertEquals(SHA256_OF_ABC, Hash.of(ABC).hex());
  }
}
