package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TreeHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeHeadRecordTest {
  private static final int SLOT = TreeHeadRecord.SLOT_BYTES;

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("head");
  }

  @Test
  void holdsTheNewestHead() {
    try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
      assertNull(record.read());
    }
    for (long size = 1; size < 40; size += 3) {
      try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
        record.write(head(size));
        record.write(head(size));
        record.write(head(size + 1));
        assertEquals(head(size + 1), record.read());
      }
      assertEquals(head(size + 1), reread());
    }
  }

  @Test
  void onlyGrows() {
    try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
      record.write(head(5));
      IllegalStateException smaller =
          assertThrows(IllegalStateException.class, () -> record.write(head(4)));
      assertTrue(smaller.getMessage().contains(head(4).root().hex()), smaller.getMessage());
      assertTrue(smaller.getMessage().contains(head(5).root().hex()), smaller.getMessage());
      TreeHead fork = new TreeHead(5, Hash.of("another history"));
      assertThrows(IllegalStateException.class, () -> record.write(fork));
      assertEquals(head(5), record.read());
      record.write(head(6));
    }
    assertEquals(head(6), reread());
  }

  @Test
  void aWriteTornAtAnyByteLeavesTheHeadBefore() throws IOException {
    for (long newest = 3; newest <= 4; newest++) {
      Files.deleteIfExists(file);
      byte[] before = written(newest - 1);
      byte[] after = written(newest);
      int from = (int) ((newest - 1) % 2) * SLOT;
      for (int cut = 0; cut <= SLOT; cut++) {
        byte[] torn = before.clone();
        System.arraycopy(after, from, torn, from, cut);
        Files.write(file, torn);
        TreeHead expected = head(Arrays.equals(torn, after) ? newest : newest - 1);
        assertEquals(expected, reread(), "torn at " + cut);
        if (cut % 64 == 0) {
          try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
            record.write(head(newest + 10));
          }
          assertEquals(head(newest + 10), reread(), "written after a tear at " + cut);
        }
      }
    }
  }

  @Test
  void aFlippedBitIsNeverRead() throws IOException {
    byte[] good = written(3);
    long seed = 7;
    Random random = new Random(seed);
    for (int at = 0; at < good.length; at++) {
      byte[] flipped = good.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      String about = "seed " + seed + " byte " + at;
      assertEquals(head(at < SLOT ? 2 : 3), reread(), about);
    }
  }

  @Test
  void noValidSlotIsDamage() throws IOException {
    byte[] good = written(3);
    byte[] both = good.clone();
    both[20] ^= 1;
    both[SLOT + 20] ^= 1;
    byte[] swapped = Arrays.copyOfRange(good, SLOT, 3 * SLOT);
    System.arraycopy(good, 0, swapped, SLOT, SLOT);
    byte[] same = good.clone();
    System.arraycopy(good, 0, same, SLOT, SLOT);
    assertDamaged(both);
    assertDamaged(swapped);
    assertDamaged(new byte[0]);
    assertDamaged(new byte[2 * SLOT]);
    assertDamaged(Arrays.copyOf(good, SLOT - 1));
    Files.write(file, same);
    assertEquals(head(3), reread(), "a slot in the place of the other does not count");
  }

  @Test
  void slotsThatContradictEachOtherAreDamage() throws IOException {
    byte[] old = written(1);
    Files.delete(file);
    byte[] mixed = written(4);
    System.arraycopy(old, 0, mixed, 0, SLOT);
    assertDamaged(mixed);
  }

  @Test
  void theBytesAreAsDocumented() throws IOException {
    byte[] bytes = written(2);
    assertEquals(2 * SLOT, bytes.length);
    assertEquals("glasshouse/head\n", new String(bytes, 0, 16, StandardCharsets.US_ASCII));
    assertEquals(0, bytes[23]);
    assertEquals(1, bytes[31]);
    assertArrayEquals(head(1).root().bytes(), Arrays.copyOfRange(bytes, 32, 64));
    assertEquals(1, bytes[SLOT + 23]);
    assertEquals(2, bytes[SLOT + 31]);
    assertArrayEquals(
        Hash.of(Arrays.copyOfRange(bytes, SLOT, SLOT + 480)).bytes(),
        Arrays.copyOfRange(bytes, SLOT + 480, 2 * SLOT));
  }

  private void assertDamaged(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    StoreDamagedException damaged =
        assertThrows(StoreDamagedException.class, () -> TreeHeadRecord.open(file).close());
    assertTrue(damaged.getMessage().contains(file.toString()), damaged.getMessage());
  }

  /** The bytes of a record that got the heads 1 to {@code size}, or grew to that. */
  private byte[] written(long size) throws IOException {
    try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
      for (long next = record.read() == null ? 1 : record.read().size(); next <= size; next++) {
        record.write(head(next));
      }
    }
    return Files.readAllBytes(file);
  }

  private TreeHead reread() {
    try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
      return record.read();
    }
  }

  private static TreeHead head(long size) {
    return new TreeHead(size, Hash.of("root " + size));
  }
}
