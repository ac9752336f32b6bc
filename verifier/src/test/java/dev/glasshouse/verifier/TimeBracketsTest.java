package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.verifier.Divergence.Kind;
import org.junit.jupiter.api.Test;

/** Times of entries against those of cosignatures, in every order in which these may come. */
final class TimeBracketsTest {
  private static final long START = HonestLog.START / 1000;
  private static final long HOUR = 3600;
  private static final long WATCHDOG = 10_000;

  /** The entries of a log, each so many seconds after the start as its index. */
  private static final class Noted {
    private final TimeBrackets brackets = new TimeBrackets(WATCHDOG, 0, 0);
    private final PublishedLog log;
    private int size;

    Noted(PublishedLog log) {
      this.log = log;
    }

    Noted pass(int until) {
      while (size < until) {
        pass(size, START + size);
      }
      return this;
    }

    /** Notes an entry of the log as the next one, at another time. */
    Noted pass(int like, long time) {
      log.edit(like, entry -> entry.put("time", time * 1000));
      brackets.passed(Entry.parse(log.entries.get(like), log));
      size++;
      return this;
    }

    Noted cosigned(long of, long time) {
      brackets.cosigned(of, time, time);
      return this;
    }

    void requireFound(long index, Runnable change) {
      DivergenceException e = assertThrows(DivergenceException.class, change::run);
      assertEquals(Kind.TIME, e.divergence().kind());
      assertEquals(index, e.divergence().index(), () -> e.divergence().toString());
    }

    void requireBetween(long between, long widest) {
      assertEquals(between, brackets.between());
      assertEquals(widest, brackets.widest());
    }
  }

  private static Noted counting() {
    return new Noted(Story.counting());
  }

  @Test
  void anEntryLiesAfterTheNewestOfTheTreesBeforeIt() {
    // The larger tree was cosigned by a witness whose clock is behind.
    Noted noted = counting().cosigned(2, START + 50).cosigned(4, START + 10);

    noted.pass(6).cosigned(6, START + 70);

    noted.requireBetween(4, 20);
  }

  @Test
  void aTreeThatIsHeardOfLateCountsForAllAfterIt() {
    Noted noted = counting().pass(4).cosigned(4, START + 10).cosigned(2, START + 50);

    noted.pass(6).cosigned(6, START + 70);

    noted.requireBetween(2, 20);
    Noted wrong = counting().pass(6);
    wrong.requireFound(5, () -> wrong.cosigned(4, START + HOUR));
  }

  @Test
  void whatNoTreeHoldsYetIsRememberedAsItIs() {
    Noted noted = counting().pass(7).cosigned(4, START + 10);

    noted.requireFound(6, () -> noted.cosigned(7, START + 6 - TimeBrackets.CLOCKS / 1000 - 1));

    Noted honest = counting().pass(7).cosigned(4, START + 10);
    honest.cosigned(7, START + 6 - TimeBrackets.CLOCKS / 1000);
    honest.requireBetween(3, 0);
  }

  @Test
  void aLongLogMayWaitForItsFirstCosignature() {
    Noted noted = new Noted(Story.manyEntries()).pass(600);
    noted.cosigned(600, START + 600).requireBetween(0, 0);

    Noted wrong = new Noted(Story.manyEntries()).pass(600);
    wrong.requireFound(
        599, () -> wrong.cosigned(600, START + 599 - TimeBrackets.CLOCKS / 1000 - 1));
  }

  @Test
  void anEntryThatMayHaveWaitedLongIsHeldAgainstOlderTreesOnly() {
    int after = 5; // the tree's size, and the index of the entry that follows it
    // An oracle, and a turn that the watchdog ended, may take long.
    signed(after).pass(Story.TWO, START + after);
    Noted aborted = new Noted(TimerStory.unsigned()).pass(2).cosigned(2, START + HOUR);
    aborted.pass(TimerStory.UNSIGNED_HANG, START + 2);
    // Entropy and waiting for a timer take no longer than the host says itself.
    signed(after).requireFound(after, () -> signed(after).pass(Story.RANDOM, START + after));
    Noted napped = new Noted(TimerStory.unsigned()).pass(3).cosigned(3, START + HOUR);
    napped.requireFound(3, () -> napped.pass(TimerStory.UNSIGNED_NAP, START + 3));
    // One entry later there is no excuse.
    Noted late = signed(after).pass(Story.TWO, START + after);
    late.requireFound(after + 1, () -> late.pass(Story.TWO, START + after + 1));
  }

  private static Noted signed(int size) {
    return new Noted(Story.signed()).pass(size).cosigned(size, START + HOUR);
  }
}
