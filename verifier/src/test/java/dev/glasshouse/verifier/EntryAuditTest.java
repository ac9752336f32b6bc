package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which way the entries of a log are audited, and that no way leaves a check out. */
final class EntryAuditTest {
  /** Each way to go through all entries. */
  enum Way {
    RULES(Level.SIGNATURES, 1),
    ONE_BY_ONE(Level.REPLAY, 1),
    SEGMENTS(Level.REPLAY, 2),
    SHARE(Level.REPLAY, 1);

    private final Level level;
    private final int jobs;

    Way(Level level, int jobs) {
      this.level = level;
      this.jobs = jobs;
    }

    AuditSettings settings(Optional<WitnessDemand> witnesses) {
      Optional<Share> all = this == SHARE ? Optional.of(new Share(1, 1)) : Optional.empty();
      return new AuditSettings(level, jobs, witnesses, all, Optional.empty());
    }
  }

  private static AuditSettings share(int index, int of) {
    return new AuditSettings(
        Level.REPLAY, 1, Optional.empty(), Optional.of(new Share(index, of)), Optional.empty());
  }

  private static Report audit(LogReader log, AuditSettings settings) {
    return new Verifier(V8Engine.instance(), settings)
        .verify(log, Expectations.NONE, ProgressListener.NONE)
        .report();
  }

  private static Report audit(LogReader log, Way way) {
    return audit(log, way.settings(Optional.empty()));
  }

  private static Divergence found(Kind kind, int index, Report report) {
    assertNotNull(report.divergence(), report::toString);
    assertEquals(kind, report.divergence().kind(), report::toString);
    assertEquals(index, report.divergence().index(), report::toString);
    return report.divergence();
  }

  private static List<Long> upTo(long size) {
    return LongStream.rangeClosed(1, size).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void timesAreHeldAgainstThoseOfWitnesses(Way way) {
    PublishedLog log = Witnesses.cosigned(Story.counting(), START + 3605);
    byte[] four = Witnesses.cosign(log.prefix(4), START + 3600, "alice", "bob").format();
    AuditSettings demanding = Witnesses.settings(Level.REPLAY, 1, BOTH, null, START + 4000);
    Report report = audit(Witnesses.showing(log, four), way.settings(demanding.witnesses()));
    found(Kind.TIME, 4, report);
  }

  @ParameterizedTest
  @CsvSource({"RULES, 1", "ONE_BY_ONE, 1", "SEGMENTS, 2", "SHARE, 2"})
  void eachEntryIsHeardOfOncePerPass(Way way, int passes) {
    PublishedLog log = Story.counting();
    List<Long> heard = Collections.synchronizedList(new ArrayList<>());
    new Verifier(V8Engine.instance(), way.settings(Optional.empty()))
        .verify(
            log,
            Expectations.NONE,
            (done, of) -> {
              assertEquals(log.size(), of);
              heard.add(done);
            });
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < passes; i++) {
      expected.addAll(upTo(log.size()));
    }
    assertEquals(expected, heard);
  }

  @Test
  void whatCameAfterAnAuditIsReplayedByTheSameGuest() throws Exception {
    PublishedLog log = Story.counting();
    byte[] newest = log.checkpoint;
    LogReader growing =
        new ChangedSource(log) {
          @Override
          public List<Long> images() {
            throw new AssertionError("nothing is replayed again");
          }
        };
    List<Long> heard = new ArrayList<>();
    onSandboxThread(
        () -> {
          log.checkpoint = log.prefix(4).checkpoint;
          ProgressListener progress = (done, of) -> heard.add(done);
          try (Audit audit =
              new Audit(
                  growing, Expectations.NONE, AuditSettings.FULL, V8Engine.instance(), progress)) {
            assertEquals(Verdict.VERIFIED, audit.run().verdict());
            log.checkpoint = newest;
            Report report = audit.runOn();
            assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
          }
        });
    assertEquals(upTo(7), heard);
  }

  private static void onSandboxThread(Runnable body) throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        SandboxThread.create(
            "audit",
            () -> {
              try {
                body.run();
              } catch (RuntimeException | Error e) {
                thrown.add(e);
              }
            });
    thread.start();
    thread.join();
    assertEquals(List.of(), thrown);
  }

  @Test
  void whatWasReplayedBeforeAFindingIsCounted() {
    PublishedLog log =
        Story.counting().lie(4, entry -> PublishedLog.outcome(entry, 0).put("ok", "9"));
    Report report = audit(log, Way.ONE_BY_ONE);
    found(Kind.OUTCOME, 4, report);
    assertEquals(3, report.counts().calls());
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"ONE_BY_ONE", "SEGMENTS", "SHARE"})
  void withoutItsInterpreterNothingIsRead(Way way) {
    PublishedLog log = Story.counting();
    log.lie(0, genesis -> genesis.put("interpreter", log.blob(new byte[] {1})));
    Report report = audit(log, way);
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
    assertTrue(report.obstacle().contains("Use the build that made the log"), report::obstacle);
    assertEquals(0, report.counts().entries());
  }

  // --- Segments ---

  @Test
  void aShareWithoutEntriesTakesNoGuest() {
    List<Hash> restored = Collections.synchronizedList(new ArrayList<>());
    LogReader watched =
        new ChangedSource(TimerStory.signed()) {
          @Override
          public byte[] page(Hash hash) {
            restored.add(hash);
            return super.page(hash);
          }
        };
    Report report = audit(watched, share(3, 4));
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(report.segment().from(), report.segment().to());
    assertEquals(0, report.counts().calls());
    assertEquals(List.of(), restored);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aBrokenChainIsFoundByEachShare(int index) {
    PublishedLog log = TimerStory.signed();
    log.edit(TimerStory.LAST, entry -> entry.put("prev", Hash.ZERO.hex())).retile().sign();
    found(Kind.CHAIN, TimerStory.LAST, audit(log, share(index, 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void ofOneEntryItsSignatureComesFirstWhosoeverItIs(int index) {
    PublishedLog log = TimerStory.signed();
    log.edit(
            TimerStory.LAST,
            entry -> {
              entry.put("prev", Hash.ZERO.hex());
              String eve = HonestLog.identity("eve").publicKey().format();
              PublishedLog.object(entry.get("caller")).put("key", eve);
            })
        .retile()
        .sign();
    found(Kind.SIGNATURE, TimerStory.LAST, audit(log, share(index, 2)));
  }

  @Test
  void aFirstEntryThatIsWithheldIsNamed() {
    for (Way way : Way.values()) {
      LogReader withholding =
          new ChangedSource(Story.counting()) {
            private boolean asked;

            @Override
            public synchronized List<byte[]> entries(long from, long size) {
              if (from == 0 && asked) {
                throw new UnreachableException("not again");
              }
              asked = true;
              return super.entries(from, size);
            }
          };
      Report report = audit(withholding, way);
      assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
      assertEquals("not again", report.obstacle(), way::toString);
    }
  }

  // --- What a replay from genesis finds, and one from an image leaves to it ---

  private static PublishedLog longAnswer(Consumer<PublishedLog> after, long length) {
    PublishedLog log = TimerStory.signed();
    Map<String, Object> answer = log.blob(new byte[2000]);
    answer.put("len", length);
    log.lie(TimerStory.BATCH, entry -> PublishedLog.input(entry, 0).put("answer", answer));
    after.accept(log);
    return log;
  }

  @Test
  void anInputOfAnotherLengthIsMalformedWhereItIs() {
    PublishedLog log = longAnswer(changed -> {}, 2001);
    found(Kind.MALFORMED, TimerStory.BATCH, audit(log, Way.ONE_BY_ONE));
    found(Kind.MALFORMED, TimerStory.BATCH, audit(log, Way.SEGMENTS));
    Report part = audit(log, share(2, 2));
    assertEquals(Verdict.UNDECIDED, part.verdict(), part::toString);
  }

  @Test
  void anInputThatIsAnotherIsABlobWhereItIs() {
    PublishedLog log =
        longAnswer(changed -> changed.blobs.put(Hash.of(new byte[2000]), new byte[1]), 2000);
    found(Kind.BLOB, TimerStory.BATCH, audit(log, Way.ONE_BY_ONE));
    found(Kind.BLOB, TimerStory.BATCH, audit(log, Way.SEGMENTS));
    Report part = audit(log, share(2, 2));
    assertEquals(Verdict.UNDECIDED, part.verdict(), part::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {TimerStory.TURN, TimerStory.HUNG})
  void aTurnThatIsNotDueIsNoMatterOfInputsAlone(int index) {
    PublishedLog log =
        TimerStory.signed().lie(index, entry -> entry.put("time", (Long) entry.get("time") - 1));
    Divergence found = found(Kind.INPUTS, index, audit(log, Way.ONE_BY_ONE));
    assertEquals("a timer that is due, and the recorded inputs", found.expected());
  }

  @Test
  void inputsOfACallAreWhatItRecords() {
    PublishedLog log =
        TimerStory.signed()
            .lie(TimerStory.SLEEP, entry -> PublishedLog.list(entry.get("inputs")).clear());
    Divergence found = found(Kind.INPUTS, TimerStory.SLEEP, audit(log, Way.ONE_BY_ONE));
    assertEquals("the recorded inputs", found.expected());
  }
}
