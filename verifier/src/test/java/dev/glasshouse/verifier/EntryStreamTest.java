package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.UnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries that are read and checked ahead. */
@Timeout(60)
final class EntryStreamTest {
  private static EntryStream stream(LogReader source, long from, long size) {
    GenesisEntry genesis = (GenesisEntry) Entry.parse(Story.signed().entries.get(0), source);
    AuditBlobs blobs = new AuditBlobs(source, new Tally());
    return new EntryReader(source, genesis, blobs).stream(from, size, Depth.SIGNATURE);
  }

  /** Gives a few entries at once. */
  private static final class Source extends ChangedSource {
    private final Random random;

    Source(PublishedLog log, long seed) {
      super(log);
      random = new Random(seed);
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      assertTrue(from < size, "asked for what is after the last");
      List<byte[]> entries = super.entries(from, size);
      return entries.subList(0, 1 + random.nextInt(Math.min(3, entries.size())));
    }
  }

  @Test
  void givesAllEntriesInOrder() {
    PublishedLog log = Story.signed();
    for (int seed = 0; seed < 10; seed++) {
      List<byte[]> taken = new ArrayList<>();
      try (EntryStream stream = stream(new Source(log, seed), 1, log.size())) {
        for (List<CheckedEntry> next = stream.next(); !next.isEmpty(); next = stream.next()) {
          for (CheckedEntry checked : next) {
            assertEquals(1 + taken.size(), checked.index(), "seed " + seed);
            taken.add(checked.bytes());
          }
        }
        assertEquals(log.entries.subList(1, log.entries.size()), taken, "seed " + seed);
        assertEquals(List.of(), stream.next());
      }
      assertFalse(Thread.interrupted(), "seed " + seed);
    }
  }

  @Test
  void aSourceThatHangsKeepsNobodyRunning() throws InterruptedException {
    AtomicBoolean isDaemon = new AtomicBoolean();
    LogReader source =
        new ChangedSource(Story.signed()) {
          @Override
          public List<byte[]> entries(long from, long size) {
            isDaemon.set(Thread.currentThread().isDaemon());
            return super.entries(from, size);
          }
        };
    Thread taking =
        new Thread(
            () -> {
              try (EntryStream stream = stream(source, 0, 18)) {
                stream.next();
              }
            });
    taking.setDaemon(false);
    taking.start();
    taking.join();
    assertTrue(isDaemon.get());
  }

  @Test
  void readsAheadButNotFar() throws InterruptedException {
    PublishedLog log = Story.manyEntries();
    CountDownLatch ahead = new CountDownLatch(1 + EntryStream.AHEAD);
    AtomicLong last = new AtomicLong();
    LogReader single =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            ahead.countDown();
            last.set(from);
            return super.entries(from, size).subList(0, 1);
          }
        };
    try (EntryStream stream = stream(single, 0, log.size())) {
      assertEquals(0, stream.next().get(0).index());
      assertTrue(ahead.await(30, TimeUnit.SECONDS), "reads on while nobody takes entries");
      assertEquals(1, stream.next().get(0).index());
    }
    assertTrue(last.get() <= 1 + EntryStream.AHEAD, "asked for entry " + last);
  }

  @Test
  void readsLessAheadOfLongEntries() {
    // One less than are asked for at first are too long together, and two less are not.
    byte[] entry = new byte[(int) (EntryStream.AHEAD_BYTES / (EntryStream.AHEAD - 1)) + 1];
    CountDownLatch answer = new CountDownLatch(1);
    LogReader longer =
        new ChangedSource(Story.manyEntries()) {
          @Override
          public List<byte[]> entries(long from, long size) {
            if (from == 0) {
              return super.entries(0, 1).subList(0, 1);
            }
            awaitUninterruptibly(answer);
            return List.of(entry);
          }
        };
    try (EntryStream stream = stream(longer, 0, 600)) {
      assertEquals(0, stream.next().get(0).index());
      int asked = stream.ahead();
      answer.countDown();
      assertEquals(EntryStream.AHEAD, asked);
      awaitBytes(stream, EntryStream.AHEAD * (long) entry.length);

      assertEquals(1, stream.next().get(0).index());
      assertEquals((EntryStream.AHEAD - 1) * (long) entry.length, stream.bytesAhead());
      assertEquals(EntryStream.AHEAD - 1, stream.ahead());
      assertEquals(2, stream.next().get(0).index());
      assertTrue(stream.ahead() >= EntryStream.AHEAD - 1, "asks on");
    }
  }

  private static void awaitBytes(EntryStream stream, long bytes) {
    while (stream.bytesAhead() < bytes && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    assertEquals(bytes, stream.bytesAhead());
  }

  @Test
  void whatCannotBeReadIsSaidWhenItsTurnComes() {
    UnreachableException withheld = new UnreachableException("entry 3 is withheld");
    AssertionError broken = new AssertionError("the source is broken");

    assertSame(
        withheld,
        thrownAtThree(
            () -> {
              throw withheld;
            }));
    assertSame(
        broken,
        thrownAtThree(
            () -> {
              throw broken;
            }));
  }

  private static Throwable thrownAtThree(Runnable asked) {
    PublishedLog log = Story.signed();
    LogReader withholding =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            if (from == 3) {
              asked.run();
            }
            return super.entries(from, 3);
          }
        };
    try (EntryStream stream = stream(withholding, 0, log.size())) {
      assertEquals(3, stream.next().size());
      return assertThrows(Throwable.class, stream::next);
    }
  }

  /** Its source may then be closed, and some do not survive being asked after that. */
  @Test
  void doesNotEndBeforeItsSourceHasAnswered() throws InterruptedException {
    PublishedLog log = Story.signed();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicBoolean answered = new AtomicBoolean();
    LogReader slow =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            if (from > 0) {
              asked.countDown();
              awaitUninterruptibly(answer);
              answered.set(true);
            }
            return super.entries(from, size).subList(0, 1);
          }
        };
    EntryStream stream = stream(slow, 0, log.size());
    assertEquals(1, stream.next().size());
    assertTrue(asked.await(30, TimeUnit.SECONDS));
    AtomicBoolean early = new AtomicBoolean();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread closing =
        new Thread(
            () -> {
              stream.close();
              early.set(!answered.get());
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    closing.start();
    closing.interrupt();
    while (closing.getState() == Thread.State.NEW || closing.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    answer.countDown();
    closing.join();
    assertTrue(answered.get());
    assertFalse(early.get());
    assertTrue(interrupted.get());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
