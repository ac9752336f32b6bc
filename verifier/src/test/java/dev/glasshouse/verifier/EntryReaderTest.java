package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries that a source gives, perhaps not the same ones each time. */
final class EntryReaderTest {
  private static final int KNOWN = 5;

  private final PublishedLog log = Story.signed();
  private final AuditedTree tree = new AuditedTree();

  private EntryReader reader(LogReader source) {
    GenesisEntry genesis = (GenesisEntry) Entry.parse(log.entries.get(0), log);
    return new EntryReader(source, genesis, new AuditBlobs(source, new Tally()));
  }

  private void know(int size) {
    log.entries.subList(0, size).forEach(entry -> tree.append(Merkle.leafHash(entry)));
  }

  private static List<Long> indexes(List<CheckedEntry> entries) {
    return entries.stream().map(CheckedEntry::index).toList();
  }

  @Test
  void whatWasReadIsGivenAgainAsFarAsItIsKnown() {
    know(KNOWN);
    List<CheckedEntry> again = reader(log).again(2, log.size(), tree, Depth.SIGNATURE);
    assertEquals(List.of(2L, 3L, 4L), indexes(again));
    for (CheckedEntry each : again) {
      assertNull(each.failure());
      assertEquals(tree.leaf(each.index()), each.leaf());
    }
  }

  @Test
  void sourceMayGiveFewer() {
    know(KNOWN);
    LogReader single =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return super.entries(from, size).subList(0, 1);
          }
        };
    assertEquals(List.of(2L), indexes(reader(single).again(2, log.size(), tree, Depth.FORM)));
  }

  @Test
  void sourceThatAnswersOtherwiseIsFound() {
    know(KNOWN);
    PublishedLog other =
        log.copy().lie(3, entry -> entry.put("time", (Long) entry.get("time") + 1));
    DivergenceException e =
        assertThrows(
            DivergenceException.class,
            () -> reader(other).again(2, log.size(), tree, Depth.SIGNATURE));
    assertEquals(Kind.CHANGED, e.divergence().kind());
    assertEquals(3, e.divergence().index());
  }

  @Test
  void noneIsNoAnswer() {
    know(KNOWN);
    LogReader none =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return List.of();
          }
        };
    UnreachableException first =
        assertThrows(UnreachableException.class, () -> reader(none).read(2, 3));
    assertEquals("the source withholds entry 2", first.getMessage());
    assertThrows(UnreachableException.class, () -> reader(none).again(2, 3, tree, Depth.SIGNATURE));
  }
}
