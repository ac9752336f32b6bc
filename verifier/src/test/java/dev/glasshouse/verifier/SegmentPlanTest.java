package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where a log with images at entries 2, 10 and 16 is divided. */
final class SegmentPlanTest {
  private static final PublishedLog LOG = TimerStory.signed();
  private static final int SIZE = 18;

  private static SegmentPlan plan(int size) {
    GenesisEntry genesis = (GenesisEntry) Entry.parse(LOG.entries.get(0), LOG);
    SegmentPlan plan = new SegmentPlan();
    for (int i = 0; i < size; i++) {
      plan.add(CheckedEntry.check(i, LOG.entries.get(i), genesis, LOG, Depth.FORM));
    }
    return plan;
  }

  private static List<Long> ends(SegmentPlan plan, int of, long size) {
    List<Long> ends = new ArrayList<>();
    for (int i = 1; i <= of; i++) {
      Segment segment = plan.segment(new Share(i, of), size);
      assertEquals(i == 1 ? 0 : ends.get(i - 2), segment.from());
      ends.add(segment.to());
    }
    return ends;
  }

  private static Hash heap(int index) {
    return ((ImageEntry) Entry.parse(LOG.entries.get(index), LOG)).heap().root();
  }

  @Test
  void endsAfterTheImageThatIsNearest() {
    SegmentPlan plan = plan(SIZE);

    assertEquals(List.of(18L), ends(plan, 1, SIZE));
    assertEquals(List.of(11L, 18L), ends(plan, 2, SIZE), "11 is nearer to 9 than 3");
    assertEquals(List.of(3L, 11L, 18L), ends(plan, 3, SIZE), "to 6 and 12");
    assertEquals(List.of(3L, 11L, 11L, 18L), ends(plan, 4, SIZE), "to 4, 9 and 13");
    assertEquals(List.of(17L, 18L), ends(plan, 6, SIZE).subList(4, 6), "to 15");
  }

  @Test
  void endsWithTheLogWhereNoImageIsNear() {
    assertEquals(List.of(2L, 2L), ends(plan(2), 2, 2), "no image at all");
    assertEquals(List.of(3L, 9L), ends(plan(9), 2, 9), "3 is nearer to 4 than 9");
    assertEquals(List.of(3L, 3L, 9L), ends(plan(9), 3, 9), "6 is as far from 3 as from 9");
  }

  @Test
  void namesTheImagesAtItsEnds() {
    SegmentPlan plan = plan(SIZE);
    Segment first = plan.segment(new Share(1, 3), SIZE);
    Segment second = plan.segment(new Share(2, 3), SIZE);
    Segment last = plan.segment(new Share(3, 3), SIZE);

    assertNull(first.begin());
    assertEquals(heap(TimerStory.IMAGE), first.end());
    assertEquals(heap(TimerStory.IMAGE), second.begin());
    assertEquals(heap(TimerStory.NO_TIMER), second.end());
    assertEquals(heap(TimerStory.NO_TIMER), last.begin());
    assertNull(last.end());
    assertEquals(Set.of((long) TimerStory.IMAGE), plan.images(first));
    assertEquals(Set.of((long) TimerStory.NO_TIMER), plan.images(second));
    assertEquals(Set.of((long) TimerStory.FINAL_IMAGE), plan.images(last));
  }

  @Test
  void aShareIsWrittenAsAFraction() {
    assertEquals(new Share(2, 4), Share.parse("2/4"));
    assertEquals("2/4", new Share(2, 4).toString());
    assertNotEquals(new Share(1, 4), new Share(2, 4));
    for (String wrong : new String[] {"0/4", "5/4", "2", "2/", "/4", "1/1001", "01/4", "a/b"}) {
      assertThrows(MalformedException.class, () -> Share.parse(wrong), wrong);
    }
  }
}
