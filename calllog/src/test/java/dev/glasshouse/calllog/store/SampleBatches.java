package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Batches whose every byte follows from the index of the entry, so that a reader can expect them.
 */
final class SampleBatches {
  static final byte[] CALLER = filled(Keys.CALLER_BYTES, 7);
  static final byte[] SESSION = filled(Keys.SESSION_BYTES, 9);

  private SampleBatches() {}

  static Batch of(long first, int count) {
    Batch batch = new Batch(first);
    for (long index = first; index < first + count; index++) {
      batch.addEntry(entry(index));
      for (int level = 0; Store.treeHashCount(level, index + 1) > 0; level++) {
        long reached = Store.treeHashCount(level, index + 1);
        if (reached > Store.treeHashCount(level, index)) {
          batch.addTreeHash(level, reached - 1, treeHash(level, reached - 1));
        }
        if (level == Store.TILE_LEVELS - 1) {
          break;
        }
      }
      batch.addBlob(blob(index));
      batch.addTicket(CALLER, SESSION, index + 1, new Ticket(index, first + count));
    }
    return batch;
  }

  /** About 400 bytes, no two alike. */
  static byte[] entry(long index) {
    String text = "{\"seq\":" + index + ",\"prev\":\"" + Hash.of("entry " + index) + "\"}";
    return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 380 + (int) (index % 40));
  }

  static Hash treeHash(int level, long index) {
    return Hash.of("tree " + level + " " + index);
  }

  /** Every second entry has a new blob, the other shares it. */
  static byte[] blob(long index) {
    return ("blob " + index / 2).repeat(20).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads all of {@code store} and compares; {@code about} goes into the message. */
  static void assertHolds(Store store, long size, String about) {
    assertEquals(size, store.size(), about);
    for (long index = 0; index < size; index++) {
      String what = about + ", entry " + index;
      assertArrayEquals(entry(index), store.entry(index), what);
      assertEquals(treeHash(0, index), store.treeHash(0, index), what);
      byte[] blob = blob(index);
      assertArrayEquals(blob, store.blob(Hash.of(blob)), what);
      assertEquals(index, store.ticket(CALLER, SESSION, index + 1).index(), what);
    }
    for (int level = 1; level < Store.TILE_LEVELS; level++) {
      for (long index = 0; index < Store.treeHashCount(level, size); index++) {
        assertEquals(treeHash(level, index), store.treeHash(level, index), about);
      }
    }
    assertEquals(size, store.lastN(CALLER, SESSION), about);
  }

  static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
