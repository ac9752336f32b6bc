package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log with images, over both stores. */
class CallLogImagesTest {
  private static final byte[] SHARED = page("in every image");

  @TempDir private Path dir;
  private final LogWriter writer = new LogWriter("x");

  private Supplier<CallLog> opener(String kind) {
    if (kind.equals("rocks")) {
      return () -> CallLog.open(dir.resolve("served"), SampleLog.HOST);
    }
    FaultyStore store = new FaultyStore();
    return () ->
        CallLog.open(
            store,
            TreeHeadRecord.open(dir.resolve("treehead")),
            dir.resolve("checkpoint"),
            SampleLog.HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void imagesAreFoundNewestFirst(String kind) {
    Supplier<CallLog> opener = opener(kind);
    try (CallLog log = opener.get()) {
      writer.begin(log);
      assertEquals(List.of(), log.images());
      log.pruneImages();
      image(log);
      writer.append(log, 2);
      image(log);
      assertEquals(List.of(4L, 1L), log.images());
    }
    try (CallLog log = opener.get()) {
      assertEquals(List.of(4L, 1L), log.images());
      assertImage(log, 1);
      assertImage(log, 4);
    }
  }

  /** Reopens now and then: what is kept follows from the number of images alone. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocks"})
  void oldImagesAreThinnedOutTheSameWayAfterEachStart(String kind) {
    Supplier<CallLog> opener = opener(kind);
    try (CallLog log = opener.get()) {
      writer.begin(log);
    }
    long count = 0;
    for (int more : new int[] {64, 1, 3, 50, 100}) {
      try (CallLog log = opener.get()) {
        for (int i = 0; i < more; i++) {
          image(log);
          log.pruneImages();
          count++;
        }
        assertKept(log, count);
      }
      try (CallLog log = opener.get()) {
        log.pruneImages();
        assertKept(log, count);
      }
    }
  }

  /** The ordinal of an image is one less than its index here: nothing else follows genesis. */
  private static void assertKept(CallLog log, long count) {
    List<Long> expected = new ArrayList<>();
    for (long ordinal = count - 1; ordinal >= 0; ordinal--) {
      byte[] own = page("image " + (ordinal + 1));
      if (ImageSpacing.keeps(ordinal, count - 1)) {
        expected.add(ordinal + 1);
        assertArrayEquals(own, log.store().page(Hash.of(own)), "image " + ordinal);
      } else {
        assertNull(log.store().page(Hash.of(own)), "image " + ordinal);
      }
    }
    assertEquals(expected, log.images());
    assertTrue(expected.size() <= 64);
    assertArrayEquals(SHARED, log.store().page(Hash.of(SHARED)));
  }

  private static void assertImage(CallLog log, long index) {
    ImageEntry entry = (ImageEntry) log.entry(index);
    List<Hash> pages = entry.heap().readPages(log.store());
    byte[] own = page("image " + index);
    assertEquals(List.of(Hash.of(SHARED), Hash.of(own), Hash.of(SHARED)), pages);
    assertArrayEquals(own, log.store().page(pages.get(1)));
    assertArrayEquals(SHARED, log.store().page(pages.get(0)));
  }

  /** Appends an image of a page that every image has, one of its own, and the first again. */
  private static void image(CallLog log) {
    long index = log.head().size();
    byte[] own = page("image " + index);
    List<Hash> pages = List.of(Hash.of(SHARED), Hash.of(own), Hash.of(SHARED));
    Map<Hash, byte[]> fresh = new LinkedHashMap<>(Map.of(Hash.of(own), own));
    if (log.images().isEmpty()) {
      fresh.put(Hash.of(SHARED), SHARED);
    }
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    ImageEntry entry =
        new ImageEntry(
            index,
            log.lastLeaf(),
            SampleLog.TIME,
            HeapReference.of("1 2 3", pages, blobs),
            ImageEntry.NO_TIMER,
            SampleLog.NO_WRITES,
            SampleLog.EMPTY_ARCHIVE);
    ImagePages image = new ImagePages(pages, fresh);
    log.append(List.of(new CallLog.Pending(entry.format(blobs), blobs, null, null, image)));
  }

  private static byte[] page(String text) {
    return VectorFile.utf8(text);
  }
}
