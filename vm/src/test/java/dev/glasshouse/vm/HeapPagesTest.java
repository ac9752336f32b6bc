package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapPagesTest {
  @Test
  void refusesMorePagesThanAnImageCanHaveBeforeItMakesRoomForThem() {
    List<Hash> pages = Collections.nCopies(HeapReference.MAX_PAGES, Hash.ZERO);
    assertThrows(DamagedImageException.class, () -> HeapPages.join("1", pages, hash -> null));
  }
}
