package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.WrongBlobException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Blobs that are kept, and whom the others are asked of. */
final class AuditBlobsTest {
  private static final int CAPACITY = 100;

  private final Map<Hash, byte[]> served = new HashMap<>();
  private final List<Hash> asked = new ArrayList<>();
  private final Tally tally = new Tally();
  private final AuditBlobs blobs = new AuditBlobs(this::serve, tally, CAPACITY);
  private Runnable meanwhile = () -> {};

  private byte[] serve(Hash hash) {
    asked.add(hash);
    meanwhile.run();
    return served.get(hash);
  }

  private static byte[] bytes(int content, int length) {
    byte[] bytes = new byte[length];
    bytes[0] = (byte) content;
    return bytes;
  }

  private Hash served(int content, int length) {
    byte[] blob = bytes(content, length);
    served.put(Hash.of(blob), blob);
    return Hash.of(blob);
  }

  private Hash derived(int content, int length) {
    byte[] blob = bytes(content, length);
    blobs.add(Map.of(Hash.of(blob), blob));
    return Hash.of(blob);
  }

  @Test
  void whatWasReadIsKeptAndCountedOnce() {
    Hash hash = served(1, 9);
    assertArrayEquals(bytes(1, 9), blobs.blob(hash));
    assertArrayEquals(bytes(1, 9), blobs.blob(hash));
    assertEquals(List.of(hash), asked);
    assertEquals(1, tally.blobs);
  }

  @Test
  void whatWasDerivedIsNotAskedFor() {
    Hash hash = derived(1, 9);
    assertArrayEquals(bytes(1, 9), blobs.blob(hash));
    assertEquals(List.of(), asked);
    assertEquals(0, tally.blobs);
  }

  @Test
  void whatWasDerivedMeanwhileIsNotCounted() {
    Hash hash = served(1, 9);
    meanwhile = () -> derived(1, 9);
    assertArrayEquals(bytes(1, 9), blobs.blob(hash));
    assertEquals(0, tally.blobs);
  }

  @Test
  void whatTheSourceHasNotIsAskedForAgain() {
    Hash hash = Hash.of(bytes(1, 9));
    assertNull(blobs.blob(hash));
    assertNull(blobs.blob(hash));
    assertEquals(List.of(hash, hash), asked);
    assertEquals(0, tally.blobs);
  }

  @Test
  void otherBytesAreNeitherGivenNorKept() {
    Hash hash = Hash.of(bytes(1, 9));
    served.put(hash, bytes(2, 9));
    assertThrows(WrongBlobException.class, () -> blobs.blob(hash));
    assertThrows(WrongBlobException.class, () -> blobs.blob(hash));
    assertEquals(0, tally.blobs);
  }

  @Test
  void theOneThatNobodyAskedForTheLongestGoesFirst() {
    Hash first = derived(1, 40);
    derived(1, 40);
    Hash second = derived(2, 60);
    assertArrayEquals(bytes(1, 40), blobs.blob(first));
    Hash third = derived(3, 1);
    assertNull(blobs.blob(second));
    assertArrayEquals(bytes(1, 40), blobs.blob(first));
    assertArrayEquals(bytes(3, 1), blobs.blob(third));
    assertEquals(List.of(second), asked);
  }

  @Test
  void oneIsKeptHoweverLong() {
    derived(1, 10);
    Hash large = derived(2, CAPACITY + 1);
    assertArrayEquals(bytes(2, CAPACITY + 1), blobs.blob(large));
    Hash next = derived(3, CAPACITY);
    assertNull(blobs.blob(large));
    assertArrayEquals(bytes(3, CAPACITY), blobs.blob(next));
  }
}
