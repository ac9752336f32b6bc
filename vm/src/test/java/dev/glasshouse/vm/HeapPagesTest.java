package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.vm.sandbox.HeapImage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapPagesTest {
  private static final long MEGABYTE = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 129, 300})
  void whatWasCutIsJoined(int pages) {
    byte[] memory = new byte[pages * HeapReference.PAGE_BYTES];
    new Random(pages).nextBytes(memory);
    HeapPages.Cut cut = new HeapPages().cut(new HeapImage(memory, "1 2"));
    HeapImage joined = HeapPages.join(cut.globals(), cut.hashes(), cut.fresh()::get);
    assertArrayEquals(memory, joined.memory(), "seed " + pages);
    assertEquals("1 2", joined.pointers());
  }

  @Test
  void refusesPagesThatAreMissingOrOthers() {
    byte[] page = new byte[HeapReference.PAGE_BYTES];
    Hash hash = Hash.of(page);
    List<Hash> pages = List.of(hash, hash);
    byte[] other = page.clone();
    other[7] = 1;
    for (byte[] bad : new byte[][] {null, other, new byte[0], new byte[page.length + 1]}) {
      assertThrows(DamagedImageException.class, () -> HeapPages.join("1", pages, any -> bad));
    }
  }

  @Test
  void refusesMorePagesThanAnImageCanHaveBeforeItMakesRoomForThem() {
    List<Hash> pages = Collections.nCopies(HeapReference.MAX_PAGES, Hash.ZERO);
    assertThrows(DamagedImageException.class, () -> HeapPages.join("1", pages, hash -> null));
  }

  @Test
  void makesNoRoomForPagesThatNobodyHas() {
    byte[] page = new byte[HeapReference.PAGE_BYTES];
    List<Hash> pages = new ArrayList<>(Collections.nCopies(70, Hash.of(page)));
    // Almost 2 GiB in all.
    pages.addAll(Collections.nCopies(32_000, Hash.ZERO));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    assertThrows(
        DamagedImageException.class,
        () -> HeapPages.join("1", pages, hash -> hash.equals(Hash.ZERO) ? null : page));
    long allocated = threads.getThreadAllocatedBytes(id) - before;
    assertTrue(allocated < 20 * MEGABYTE, () -> allocated + " bytes");
  }
}
