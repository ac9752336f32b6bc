package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does with images and their pages. */
abstract class ImageContract {
  Store store;

  /** An empty store, which the contract closes. */
  abstract Store create() throws Exception;

  /** Closes the store and opens it again, if it is one that can be. */
  abstract void reopen();

  @BeforeEach
  void createStore() throws Exception {
    store = create();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** Adds one entry, an image that brings the pages in {@code fresh} and has all of them. */
  private long add(List<String> pages, List<String> fresh) {
    Batch batch = SampleBatches.of(store.size(), 1);
    batch.addImage(hashes(pages), bytes(fresh));
    store.commit(batch);
    return batch.first();
  }

  @Test
  void aStoreWithoutImagesHasNone() {
    store.commit(SampleBatches.of(0, 3));
    assertEquals(List.of(), store.images());
    assertEquals(-1, store.imageOrdinal(1));
    assertNull(store.page(Hash.of("a")));
    store.dropImages(List.of());
    store.dropImages(List.of(1L, 99L));
    SampleBatches.assertHolds(store, 3, "nothing was dropped");
  }

  @Test
  void pagesAreKeptWithTheirImage() {
    store.commit(SampleBatches.of(0, 2));
    assertEquals(2, add(List.of("a", "b", "a"), List.of("a", "b")));
    store.commit(SampleBatches.of(3, 1));
    assertEquals(4, add(List.of("b", "c"), List.of("c")));
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(2L, 4L), store.images());
      assertEquals(0, store.imageOrdinal(2));
      assertEquals(1, store.imageOrdinal(4));
      assertEquals(-1, store.imageOrdinal(3));
      assertPages("abc");
      SampleBatches.assertHolds(store, 5, "images are beside the rest");
      assertNull(store.blob(Hash.of("a")), "a page is no blob");
      reopen();
    }
  }

  @Test
  void sharedPagesSurviveTheImageThatBroughtThem() {
    add(List.of("a", "b"), List.of("a", "b"));
    add(List.of("b", "c"), List.of("c"));
    add(List.of("c", "d", "b"), List.of("d"));
    store.dropImages(List.of(0L));
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(1L, 2L), store.images());
      assertPages("bcd");
      reopen();
    }
    store.dropImages(List.of(0L, 1L));
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(2L), store.images());
      assertPages("bcd");
      assertEquals(2, store.imageOrdinal(2));
      reopen();
    }
    assertEquals(3, add(List.of("d", "a"), List.of("a")));
    assertEquals(3, store.imageOrdinal(3));
    assertPages("abcd");
    store.dropImages(List.of(2L, 3L));
    assertEquals(List.of(), store.images());
    assertPages("");
    SampleBatches.assertHolds(store, 4, "the entries stay");
  }

  @Test
  void aPageComesBackAfterItWasDropped() {
    add(List.of("a"), List.of("a"));
    store.dropImages(List.of(0L));
    Batch without = SampleBatches.of(1, 1);
    without.addImage(hashes(List.of("a")), Map.of());
    assertThrows(IllegalArgumentException.class, () -> store.commit(without));
    assertEquals(1, store.size());
    add(List.of("a"), List.of("a"));
    reopen();
    assertPages("a");
    assertEquals(List.of(1L), store.images());
  }

  @Test
  void anImageWhosePagesAreNotThereIsRefused() {
    add(List.of("a"), List.of("a"));
    Batch lacking = SampleBatches.of(1, 1);
    lacking.addImage(hashes(List.of("a", "b")), Map.of());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> store.commit(lacking));
    assertEquals("1 pages of an image are not there, one is " + Hash.of("b"), refused.getMessage());
    assertEquals(1, store.size());
    assertEquals(List.of(0L), store.images());
    assertPages("a");
  }

  @Test
  void severalImagesOfABatchShareTheirPages() {
    Batch batch = SampleBatches.of(0, 1);
    batch.addImage(hashes(List.of("a", "b")), bytes(List.of("a", "b")));
    long second = batch.addEntry(SampleBatches.entry(1));
    batch.addTreeHash(0, second, SampleBatches.treeHash(0, second));
    batch.addImage(hashes(List.of("b", "c")), bytes(List.of("c")));
    store.commit(batch);
    assertEquals(List.of(0L, 1L), store.images());
    assertEquals(1, store.imageOrdinal(1));
    store.dropImages(List.of(0L));
    assertPages("bc");
  }

  @Test
  void aBatchRefusesWhatIsNoImage() {
    Map<Hash, byte[]> page = bytes(List.of("a"));
    List<Hash> hashes = hashes(List.of("a"));
    assertThrows(IllegalStateException.class, () -> new Batch(0).addImage(hashes, page));
    Batch batch = SampleBatches.of(0, 1);
    Map<Hash, byte[]> other = bytes(List.of("a", "b"));
    assertThrows(IllegalArgumentException.class, () -> batch.addImage(hashes, other));
    Map<Hash, byte[]> wrong = Map.of(Hash.of("a"), new byte[1]);
    assertThrows(IllegalArgumentException.class, () -> batch.addImage(hashes, wrong));
    assertThrows(IllegalArgumentException.class, () -> batch.addImage(List.of(), Map.of()));
    batch.addImage(hashes, page);
    assertThrows(IllegalStateException.class, () -> batch.addImage(hashes, page));
    page.get(Hash.of("a"))[0]++;
    store.commit(batch);
    assertPages("a");
    store.page(Hash.of("a"))[0]++;
    assertPages("a");
  }

  /** Any order of adding, dropping and opening again. */
  @Test
  void aPageIsThereWhileAnImageUsesIt() {
    long seed = 64;
    Random random = new Random(seed);
    Map<Long, Set<String>> kept = new TreeMap<>();
    for (int round = 0; round < 120; round++) {
      String about = "seed " + seed + ", round " + round;
      if (random.nextInt(3) > 0) {
        List<String> pages = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
          pages.add(String.valueOf((char) ('a' + random.nextInt(12))));
        }
        Set<String> fresh = new HashSet<>(pages);
        kept.values().forEach(fresh::removeAll);
        kept.put(add(pages, List.copyOf(fresh)), Set.copyOf(pages));
      } else {
        List<Long> dropped = new ArrayList<>(kept.keySet());
        dropped.removeIf(index -> random.nextBoolean());
        store.dropImages(dropped);
        kept.keySet().removeAll(Set.copyOf(dropped));
      }
      if (round % 20 == 19) {
        reopen();
      }
      assertEquals(List.copyOf(kept.keySet()), store.images(), about);
      Set<String> used = new HashSet<>();
      kept.values().forEach(used::addAll);
      for (char page = 'a'; page < 'a' + 12; page++) {
        String text = String.valueOf(page);
        assertEquals(used.contains(text), store.page(Hash.of(text)) != null, about + text);
      }
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();
    assertThrows(IllegalStateException.class, () -> store.images());
    assertThrows(IllegalStateException.class, () -> store.imageOrdinal(0));
    assertThrows(IllegalStateException.class, () -> store.page(Hash.ZERO));
    assertThrows(IllegalStateException.class, () -> store.dropImages(List.of()));
  }

  private void assertPages(String there) {
    for (char page = 'a'; page <= 'f'; page++) {
      String text = String.valueOf(page);
      byte[] expected = there.contains(text) ? text.getBytes(StandardCharsets.US_ASCII) : null;
      assertArrayEquals(expected, store.page(Hash.of(text)), "page " + page);
    }
  }

  private static List<Hash> hashes(List<String> pages) {
    return pages.stream().map(Hash::of).toList();
  }

  private static Map<Hash, byte[]> bytes(List<String> pages) {
    Map<Hash, byte[]> bytes = new HashMap<>();
    for (String page : pages) {
      bytes.put(Hash.of(page), page.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes;
  }
}
