package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallLog.Pending;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.ImagePages;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of a host that has ended. */
class StoreLogReaderTest {
  private static final int SIZE = 5;

  @TempDir Path dir;
  private final LyingLog log = new LyingLog(false).grow(SIZE, "words");

  private void keep(int from, int to) {
    List<Pending> entries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      entries.add(new Pending(log.at(i), i == 0 ? log.blobs : Map.of(), null, null));
    }
    append(entries);
  }

  private void append(List<Pending> entries) {
    try (CallLog kept = CallLog.open(dir, LyingLog.HOST)) {
      kept.append(entries);
    }
  }

  @Test
  void isReadAsItWasLeft() {
    keep(0, SIZE);
    assertTrue(StoreLogReader.isHostDirectory(dir));
    assertFalse(StoreLogReader.isHostDirectory(dir.resolve("log")));
    try (StoreLogReader reader = StoreLogReader.open(dir)) {
      assertEquals(SIZE, reader.size());
      assertTrue(reader.isCopy());
      assertArrayEquals(log.checkpoint(SIZE).note().format(), reader.checkpoint());
      List<byte[]> entries = reader.entries(1, 3);
      assertEquals(2, entries.size());
      assertArrayEquals(log.at(1), entries.get(0));
      assertArrayEquals(log.at(2), entries.get(1));
      assertEquals(Merkle.leafHash(log.at(4)), reader.tile(new Tile(0, 0, SIZE)).get(4));
      Hash blob = log.blobs.keySet().iterator().next();
      assertArrayEquals(log.blobs.get(blob), reader.blob(blob));
    }
  }

  @Test
  void tilesThatItHasNotAreWithheld() {
    keep(0, SIZE);
    try (StoreLogReader reader = StoreLogReader.open(dir)) {
      for (Tile tile : List.of(new Tile(0, 0, SIZE + 1), new Tile(1, 0, 1), new Tile(8, 0, 1))) {
        assertThrows(UnreachableException.class, () -> reader.tile(tile), tile::path);
      }
    }
  }

  @Test
  void withoutACheckpointItIsNotRead() throws IOException {
    keep(0, SIZE);
    Files.delete(dir.resolve(Layout.CHECKPOINT));
    assertThrows(UnreachableException.class, () -> StoreLogReader.open(dir));
  }

  @Test
  void anotherMayOpenItAfterwards() {
    keep(0, SIZE - 1);
    StoreLogReader.open(dir).close();
    keep(SIZE - 1, SIZE);
    try (StoreLogReader reader = StoreLogReader.open(dir)) {
      assertEquals(SIZE, reader.size());
    }
  }

  @Test
  void cosignaturesAreShownThatTheCheckpointHasReached() throws IOException {
    keep(0, SIZE - 1);
    try (StoreLogReader reader = StoreLogReader.open(dir)) {
      assertNull(reader.cosigned());
      for (int size : new int[] {SIZE - 2, SIZE - 1}) {
        byte[] note = log.checkpoint(size).note().format();
        Files.write(dir.resolve(Layout.COSIGNED), note);
        assertArrayEquals(note, reader.cosigned());
      }
      Files.write(dir.resolve(Layout.COSIGNED), log.checkpoint(SIZE).note().format());
      assertNull(reader.cosigned());
      Files.write(dir.resolve(Layout.COSIGNED), new byte[] {1});
      assertNull(reader.cosigned());
    }
  }

  @Test
  void imagesAreNamedNewestFirst() {
    LyingLog imaged = new LyingLog(false);
    append(List.of(new Pending(imaged.at(0), imaged.blobs, null, null)));
    for (int i = 1; i <= 2; i++) {
      Map<Hash, byte[]> blobs = new HashMap<>();
      List<Hash> pages = List.of(Hash.of(page(i)));
      HeapReference heap = HeapReference.of("1 2", pages, blobs);
      imaged.add(
          new ImageEntry(
                  i,
                  imaged.last(),
                  imaged.time(),
                  heap,
                  ImageEntry.NO_TIMER,
                  Hash.of(""),
                  imaged.genesis.root())
              .format(blobs));
      ImagePages kept = new ImagePages(pages, Map.of(pages.get(0), page(i)));
      append(List.of(new Pending(imaged.at(i), blobs, null, null, kept)));
    }
    try (StoreLogReader reader = StoreLogReader.open(dir)) {
      assertEquals(List.of(2L, 1L), reader.images());
      assertArrayEquals(page(2), reader.page(Hash.of(page(2))));
    }
  }

  private static byte[] page(int content) {
    byte[] page = new byte[HeapReference.PAGE_BYTES];
    page[0] = (byte) content;
    return page;
  }
}
