package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Settings;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the guests begin that replay a log, or a part of it, at once. */
final class SegmentedReplayTest {
  /** Remembers which threads have asked for the pages of an image. */
  private static class Watched extends ChangedSource {
    private final Set<String> restored = ConcurrentHashMap.newKeySet();

    Watched(LogReader log) {
      super(log);
    }

    @Override
    public byte[] page(Hash hash) {
      restored.add(Thread.currentThread().getName());
      return super.page(hash);
    }

    String restored() {
      return new TreeSet<>(restored).stream().collect(Collectors.joining("; "));
    }
  }

  // Apart from this class, whose methods the host's thread calls: it would wait for it forever.
  private static final class Told {
    static final PublishedLog LOG =
        HonestLog.run(
            new Settings(
                """
                const fs = System.files
                exports.write = (path, text) => fs.writeFile(path, text)
                exports.read = (path) => fs.readFile(path, 'utf8')
                """,
                Story.LIMITS,
                true,
                21),
            SegmentedReplayTest::tell);
  }

  private static void tell(HonestLog log) {
    log.user(null, new MethodCall("write", "[\"/a\",\"hello\"]"));
    log.image();
    log.user(null, new MethodCall("read", "[\"/a\"]"));
  }

  private static Report audit(LogReader log, AuditSettings settings) {
    return Audits.audit(V8Engine.instance(), log, Expectations.NONE, settings).report();
  }

  private static AuditSettings jobs(int jobs) {
    return new AuditSettings(Level.REPLAY, jobs);
  }

  private static AuditSettings share(int index, int of) {
    return new AuditSettings(
        Level.REPLAY, 1, Optional.empty(), Optional.of(new Share(index, of)), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 18, ''",
    "2, 18, audit",
    "3, 18, audit; audit from entry 11",
    "9, 18, audit; audit from entry 11; audit from entry 3",
    "3, 17, audit",
    "2, 2, ''",
  })
  void eachGuestButTheFirstBeginsAtAnImage(int jobs, int size, String restored) {
    PublishedLog log = TimerStory.signed().prefix(size);
    log.pages.putAll(TimerStory.signed().pages);
    Watched watched = new Watched(log);

    Report report = audit(watched, jobs(jobs));

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(Audits.counts(audit(log, AuditSettings.FULL)), Audits.counts(report));
    assertEquals(restored, watched.restored());
  }

  @Test
  void whereThereAreNoImagesIsNotBelieved() {
    for (List<Long> images :
        List.of(List.of(1_000_000L), List.of(15L, 9L), List.of(0L), List.of(-5L, Long.MIN_VALUE))) {
      Watched lying =
          new Watched(TimerStory.signed()) {
            @Override
            public List<Long> images() {
              return images;
            }
          };
      Report report = audit(lying, jobs(3));
      assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
      assertEquals("", lying.restored());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TimerStory.SLEEP, TimerStory.TIMEOUT - 1, TimerStory.LAST})
  void aLieIsFoundWhicheverGuestComesToIt(int index) {
    PublishedLog log =
        TimerStory.signed().lie(index, entry -> PublishedLog.outcome(entry, 0).put("ok", "99"));
    Report report = audit(log, jobs(3));
    assertEquals(Kind.OUTCOME, report.divergence().kind(), report::toString);
    assertEquals(index, report.divergence().index());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatWasVerifiedIsNotReplayed(int jobs) {
    PublishedLog log = TimerStory.signed();
    Watched watched = new Watched(log);
    Report report = goneOn(log.prefix(TimerStory.LAST), watched, jobs);
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals("audit", watched.restored());
  }

  @Test
  void whatIsReplayedOnTheWayDoesNotCount() {
    // The newest image before is at entry 10.
    PublishedLog part = TimerStory.signed().prefix(TimerStory.FINAL_IMAGE);
    Counts counts = goneOn(part, TimerStory.signed(), 1).counts();
    assertEquals(1, counts.calls(), "only the last entry is one");
    assertEquals(1, counts.images());
    assertEquals(0, counts.timerTurns());
  }

  private static Report goneOn(PublishedLog part, LogReader log, int jobs) {
    Verified before =
        Audits.audit(V8Engine.instance(), part, Expectations.NONE, AuditSettings.FULL)
            .verified()
            .orElseThrow();
    Expectations known =
        new Expectations() {
          @Override
          public Optional<SignedCheckpoint> kept(Log served) {
            return Optional.empty();
          }

          @Override
          public Optional<Verified> verified(Log served) {
            return Optional.of(before);
          }
        };
    return Audits.audit(V8Engine.instance(), log, known, jobs(jobs)).report();
  }

  @Test
  void progressIsHeardOfOnceForEachEntry() {
    for (boolean hasPages : List.of(true, false)) {
      PublishedLog log = TimerStory.signed();
      if (!hasPages) {
        log.pages.clear();
      }
      List<Long> heard = Collections.synchronizedList(new ArrayList<>());
      Report report =
          new Verifier(V8Engine.instance(), jobs(3))
              .verify(log, Expectations.NONE, (done, of) -> heard.add(done))
              .report();
      assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
      assertEquals(log.size(), Collections.max(heard));
      // Checked, then replayed; without pages, from genesis after two guests have come to nothing.
      int replayed = hasPages ? log.size() : TimerStory.NO_TIMER + 1 + log.size();
      assertEquals(log.size() + replayed, heard.size());
    }
  }

  @Test
  void whatBreaksAGuestFromGenesisIsNotPassedOver() {
    AssertionError broken = new AssertionError("broken");
    LogReader breaking =
        new ChangedSource(TimerStory.signed()) {
          @Override
          public List<byte[]> entries(long from, long size) {
            if (Thread.currentThread().getName().equals("audit from entry 0")) {
              throw broken;
            }
            return super.entries(from, size);
          }
        };
    CompletionException e = assertThrows(CompletionException.class, () -> audit(breaking, jobs(2)));
    assertSame(broken, e.getCause());
  }

  @Test
  void oneGuestDoesWhatSeveralCannot() {
    AtomicBoolean isAsked = new AtomicBoolean();
    LogReader forgetful =
        new ChangedSource(TimerStory.signed()) {
          @Override
          public byte[] page(Hash hash) {
            boolean isLast = Thread.currentThread().getName().equals("audit");
            return isLast && !isAsked.getAndSet(true) ? null : super.page(hash);
          }
        };
    Report report =
        audit(
            forgetful,
            new AuditSettings(
                Level.REPLAY, 2, Optional.empty(), Optional.of(new Share(2, 2)), Optional.empty()));
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertTrue(isAsked.get());
  }

  @Test
  void segmentIsUndecidedWithoutTheImageBeforeIt() {
    LogReader withholding =
        new ChangedSource(TimerStory.signed()) {
          @Override
          public List<byte[]> entries(long from, long size) {
            if (Thread.currentThread().getName().equals("audit") && from > 0) {
              throw new UnreachableException("not again");
            }
            return super.entries(from, size);
          }
        };
    Report report = audit(withholding, share(2, 2));
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
    assertTrue(report.obstacle().endsWith("the source does not give it again"), report::obstacle);
  }

  @Test
  void whoDoesNotSayWhereImagesAreIsReplayedFromGenesis() {
    for (RuntimeException failure :
        List.of(new UnreachableException("no images"), new MalformedException("no list"))) {
      Watched silent =
          new Watched(TimerStory.signed()) {
            @Override
            public List<Long> images() {
              throw failure;
            }
          };
      Report report = audit(silent, jobs(3));
      assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
      assertEquals("", silent.restored());
    }
  }

  @Test
  void pagesThatAreWithheldDoNotDecide() {
    LogReader withholding =
        new ChangedSource(TimerStory.signed()) {
          @Override
          public byte[] page(Hash hash) {
            throw new UnreachableException("no pages");
          }
        };
    Report whole = audit(withholding, jobs(3));
    assertEquals(Verdict.VERIFIED, whole.verdict(), whole::toString);
    assertEquals(13, whole.counts().calls());

    Report part = audit(withholding, share(2, 2));
    assertEquals(Verdict.UNDECIDED, part.verdict(), part::toString);
    assertEquals(
        "the replay of entries 11 to 17 begins with the image at entry 10 and cannot be done: no"
            + " pages",
        part.obstacle());
  }

  @Test
  void segmentCountsWhatItHasReplayed() {
    Counts first = audit(TimerStory.signed(), share(1, 2)).counts();
    Counts second = audit(TimerStory.signed(), share(2, 2)).counts();
    assertEquals(List.of(4L, 5L, 4L, 2L), of(first));
    assertEquals(List.of(5L, 8L, 0L, 1L), of(second));
  }

  private static List<Long> of(Counts counts) {
    return List.of(counts.signatures(), counts.calls(), counts.timerTurns(), counts.images());
  }

  @Test
  void signatureOfASegmentIsVerifiedInIt() {
    PublishedLog log =
        TimerStory.signed()
            .lie(
                TimerStory.BATCH,
                entry ->
                    PublishedLog.object(entry.get("caller"))
                        .put("key", HonestLog.identity("eve").publicKey().format()));
    Report first = audit(log, share(1, 2));
    Report second = audit(log, share(2, 2));
    assertEquals(Verdict.VERIFIED, first.verdict(), first::toString);
    assertEquals(Kind.SIGNATURE, second.divergence().kind(), second::toString);
    assertEquals(TimerStory.BATCH, second.divergence().index());
  }

  @Test
  @Timeout(60)
  void blobsThatAGuestFromAnImageNeedsAreNoFinding() {
    Hash content = Hash.of("hello");
    CountDownLatch asked = new CountDownLatch(1);
    LogReader forging =
        new Watched(Told.LOG.copy()) {
          @Override
          public byte[] blob(Hash hash) {
            if (hash.equals(content)) {
              asked.countDown();
              return new byte[1];
            }
            return super.blob(hash);
          }

          @Override
          public List<byte[]> entries(long from, long size) {
            // The guest from genesis makes that blob itself, and must not before it is asked for.
            if (Thread.currentThread().getName().equals("audit from entry 0")) {
              await(asked);
            }
            return super.entries(from, size);
          }
        };

    Report report = audit(forging, jobs(2));

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(0, asked.getCount());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
