package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which images stay. */
class ImageSpacingTest {
  /** Prunes after each of many images, as a host does. */
  @Test
  void theNewestTwoAndFewEvenlySpacedOlderOnesStay() {
    List<Long> kept = new ArrayList<>();
    for (long newest = 0; newest < 5000; newest++) {
      kept.add(newest);
      long last = newest;
      kept.removeIf(ordinal -> !ImageSpacing.keeps(ordinal, last));
      String about = "after image " + newest + ": " + kept;
      assertTrue(kept.size() <= 64, about);
      assertEquals(0, kept.get(0), about);
      assertEquals(newest, kept.get(kept.size() - 1), about);
      assertTrue(newest == 0 || kept.get(kept.size() - 2) == newest - 1, about);
      if (newest >= 64) {
        assertTrue(kept.size() >= 33, about);
        long stride = kept.get(1);
        assertEquals(1, Long.bitCount(stride), about);
        for (int i = 0; i < kept.size() - 2; i++) {
          assertEquals(stride * i, kept.get(i), about);
        }
        assertTrue(newest - 2 - kept.get(kept.size() - 3) < stride, about);
      } else {
        assertEquals(newest + 1, kept.size(), about);
      }
    }
  }
}
