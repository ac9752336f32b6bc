package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An audit that goes on where an earlier one ended. */
final class ResumedAuditTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 9, 13, 16, 17, 18})
  void verifiesTheRestAndCountsIt(int size) {
    PublishedLog log = TimerStory.signed();
    Verified before = verified(part(log, size));

    Audited audited = audit(log, before);

    Report report = audited.report();
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(size, report.since());
    assertEquals(log.size() - size, report.counts().entries());
    Verified whole = verified(log);
    assertEquals(whole.head(), audited.verified().orElseThrow().head());
    assertEquals(whole.time(), audited.verified().orElseThrow().time());
    assertEquals(whole.filesRoot(), audited.verified().orElseThrow().filesRoot());
  }

  @Test
  void doesNotLookAgainAtWhatWasVerified() {
    PublishedLog log = TimerStory.signed();
    Verified before = verified(part(log, TimerStory.FINAL_IMAGE + 1));

    Report report = audit(log, before).report();

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    // The entry after the image, and none before it.
    assertEquals(1, report.counts().calls());
    assertEquals(0, report.counts().timerTurns());
  }

  @Test
  void aNumberThatWasUsedBeforeIsRemembered() {
    PublishedLog log = TimerStory.signed();
    PublishedLog again = log.copy();
    again.entries.add(log.entries.get(TimerStory.LAST));
    again.rebuild();

    Report report = audit(again, verified(log)).report();

    assertEquals(Kind.ADMISSION, report.divergence().kind(), report::toString);
    assertEquals(log.size(), report.divergence().index());
  }

  @Test
  void aLogThatDoesNotExtendWhatWasVerifiedIsAFork() {
    PublishedLog log = TimerStory.signed();
    PublishedLog other =
        TimerStory.signed()
            .lie(TimerStory.LAST, entry -> entry.put("time", (Long) entry.get("time") + 1));

    Report report = audit(other, verified(log)).report();

    assertEquals(Kind.FORK, report.divergence().kind(), report::toString);
    // Only the root was remembered here, and not the signed checkpoint, which would prove it.
    assertEquals(Verdict.DIVERGED, report.verdict());
  }

  @Test
  void aForkOfWhatWasVerifiedIsFound() {
    PublishedLog log = Story.counting();
    PublishedLog fork =
        Story.counting().lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));

    Report report = audit(log, verified(log.prefix(5)), fork.prefix(4).signedCheckpoint());

    assertEquals(Kind.FORK, report.divergence().kind(), report::toString);
    assertEquals(3, report.divergence().index());
    assertEquals(Verdict.MISBEHAVED, report.verdict());
  }

  @Test
  void aCheckpointAfterWhatWasVerifiedCountsWhenItIsReached() {
    PublishedLog log = Story.counting();
    PublishedLog fork =
        Story.counting().lie(5, entry -> entry.put("time", (Long) entry.get("time") + 1));
    Verified before = verified(log.prefix(4));

    Report honest = audit(log, before, log.prefix(6).signedCheckpoint());
    Report forked = audit(log, before, fork.prefix(6).signedCheckpoint());

    assertEquals(Verdict.VERIFIED, honest.verdict(), honest::toString);
    assertEquals(4, honest.since());
    assertEquals(Kind.FORK, forked.divergence().kind(), forked::toString);
    assertEquals(5, forked.divergence().index());
  }

  @Test
  void aLogThatIsShorterThanWhatWasVerifiedIsRolledBack() {
    PublishedLog log = Story.signed();

    Report report = audit(log.prefix(5), verified(log)).report();

    assertEquals(Kind.ROLLBACK, report.divergence().kind(), report::toString);
  }

  @Test
  void withoutImagesItReplaysFromGenesis() {
    PublishedLog log = TimerStory.signed();
    Verified before = verified(part(log, 17));
    log.pages.clear();

    Report report = audit(log, before).report();

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(17, report.since());
    assertEquals(1, report.counts().calls());
  }

  @Test
  void aLieAfterWhatWasVerifiedIsFound() {
    PublishedLog log = TimerStory.signed();
    Verified before = verified(part(log, 17));
    PublishedLog lie =
        log.copy().lie(TimerStory.LAST, entry -> PublishedLog.outcome(entry, 0).put("ok", "99"));

    Report report = audit(lie, before).report();

    assertEquals(Kind.OUTCOME, report.divergence().kind(), report::toString);
    assertEquals(TimerStory.LAST, report.divergence().index());
  }

  @Test
  void whatIsRememberedSurvivesBeingWrittenDown() {
    Verified verified = verified(Story.signed());

    assertEquals(verified, Verified.parse(verified.toJson()));
    byte[] json = verified.toJson();
    for (int length = 0; length < json.length; length += 7) {
      String cut = new String(json, 0, length, StandardCharsets.UTF_8);
      assertThrows(
          MalformedException.class,
          () -> Verified.parse(cut.getBytes(StandardCharsets.UTF_8)),
          () -> "cut to " + cut);
    }
  }

  // The log as it was, with its pages: a prefix has none of its own.
  private static PublishedLog part(PublishedLog log, int size) {
    PublishedLog part = log.prefix(size);
    part.pages.putAll(log.pages);
    return part;
  }

  private static Verified verified(PublishedLog log) {
    Audited audited = Audits.audit(V8Engine.instance(), log, Expectations.NONE, AuditSettings.FULL);
    assertEquals(Verdict.VERIFIED, audited.report().verdict(), () -> audited.report().toString());
    return audited.verified().orElseThrow();
  }

  private static Audited audit(LogReader log, Verified before) {
    return Audits.audit(
        V8Engine.instance(), log, remembering(before, Optional.empty()), AuditSettings.FULL);
  }

  private static Report audit(LogReader log, Verified before, SignedCheckpoint kept) {
    Expectations known = remembering(before, Optional.of(kept));
    return Audits.audit(V8Engine.instance(), log, known, AuditSettings.FULL).report();
  }

  private static Expectations remembering(Verified before, Optional<SignedCheckpoint> kept) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log served) {
        return kept;
      }

      @Override
      public Optional<Verified> verified(Log served) {
        return Optional.of(before);
      }
    };
  }
}
