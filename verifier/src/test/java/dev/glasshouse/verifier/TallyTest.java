package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Merkle;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is counted, and what an entry says of itself once it is checked. */
final class TallyTest {
  private static List<CheckedEntry> checked(PublishedLog log, Depth depth) {
    GenesisEntry genesis = (GenesisEntry) Entry.parse(log.entries.get(0), log);
    return IntStream.range(0, log.size())
        .mapToObj(i -> CheckedEntry.check(i, log.entries.get(i), genesis, log, depth))
        .toList();
  }

  private static Counts counts(List<CheckedEntry> entries) {
    Tally tally = new Tally();
    Tally.Replayed replayed = new Tally.Replayed();
    entries.forEach(tally::entry);
    entries.forEach(replayed::entry);
    tally.add(replayed);
    return tally.counts();
  }

  @Test
  void eachKindIsCountedAsWhatItIs() {
    assertEquals(
        new Counts(18, 9, 13, 4, 3, 0, 0, 0, 0, 0, 1, 7, 18, 2, 0),
        counts(checked(TimerStory.signed(), Depth.SIGNATURE)));
    assertEquals(
        new Counts(6, 0, 2, 1, 1, 0, 0, 0, 0, 0, 0, 1, 6, 1, 3),
        counts(checked(TimerStory.unsigned(), Depth.SIGNATURE)));
    assertEquals(
        new Counts(18, 17, 44, 0, 0, 0, 0, 0, 0, 7, 3, 0, 18, 0, 0),
        counts(checked(Story.signed(), Depth.SIGNATURE)));
  }

  @Test
  void signaturesCountThatWereVerified() {
    for (Depth depth : Depth.values()) {
      List<CheckedEntry> entries = checked(TimerStory.signed(), depth);
      Tally tally = new Tally();
      Tally.Replayed replayed = new Tally.Replayed();
      entries.forEach(replayed::signature);
      tally.add(replayed);
      long expected = depth == Depth.SIGNATURE ? 9 : 0;
      assertEquals(expected, tally.counts().signatures(), depth::toString);
      assertEquals(expected, counts(entries).signatures(), depth::toString);
    }
  }

  @Test
  void entryIsNamedByItsFirstCall() {
    List<CheckedEntry> entries = checked(TimerStory.signed(), Depth.REQUEST);
    assertEquals(null, entries.get(0).method());
    assertEquals(null, entries.get(TimerStory.TURN).method());
    assertEquals("later", entries.get(TimerStory.LATER).method());
    assertEquals("keep", entries.get(TimerStory.HANG).method());
    assertEquals("later", entries.get(TimerStory.WAITING).method());
  }

  @Test
  void requestWeighsWhatItsEntryHasNot() {
    PublishedLog log = Story.signed();
    CheckedEntry length = checked(log, Depth.REQUEST).get(Story.LENGTH);
    assertEquals(log.entries.get(Story.LENGTH).length + 3004, length.weight());
    assertEquals(
        log.entries.get(Story.LENGTH).length, checked(log, Depth.FORM).get(Story.LENGTH).weight());
    byte[] broken = new byte[100];
    GenesisEntry genesis = (GenesisEntry) Entry.parse(log.entries.get(0), log);
    CheckedEntry none = CheckedEntry.check(1, broken, genesis, log, Depth.SIGNATURE);
    assertEquals(100, none.weight());
    assertEquals(Merkle.leafHash(broken), none.leaf());
  }
}
