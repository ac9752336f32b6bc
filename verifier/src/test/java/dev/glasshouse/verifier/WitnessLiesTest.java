package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.ANY;
import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static dev.glasshouse.verifier.Witnesses.cosign;
import static dev.glasshouse.verifier.Witnesses.cosigned;
import static dev.glasshouse.verifier.Witnesses.kept;
import static dev.glasshouse.verifier.Witnesses.showing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an auditor who believes witnesses demands and finds. */
final class WitnessLiesTest {
  private static final long HOUR = 3600;
  // More than clocks, a submission and a turn take together.
  private static final long LONG = 400;

  private static Report audit(LogReader log, Expectations known, Policy policy) {
    return audit(log, known, policy, null, START + HOUR);
  }

  // The same verdict, however the audit is divided.
  private static Report audit(
      LogReader log, Expectations known, Policy policy, Duration maxAge, long now) {
    Report serial =
        audited(log, known, Witnesses.settings(Level.REPLAY, 1, policy, maxAge, now)).report();
    Report divided =
        audited(log, known, Witnesses.settings(Level.REPLAY, 3, policy, maxAge, now)).report();
    assertEquals(serial.verdict(), divided.verdict());
    assertEquals(serial.divergence(), divided.divergence());
    assertEquals(serial.witnesses(), divided.witnesses());
    return serial;
  }

  private static Audited audited(LogReader log, Expectations known, AuditSettings settings) {
    return Audits.audit(V8Engine.instance(), log, known, settings);
  }

  private static void requireTime(Report report, long index, String expected) {
    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.TIME, report.divergence().kind(), report::toString);
    assertEquals(index, report.divergence().index(), report::toString);
    assertTrue(report.divergence().expected().startsWith(expected), report::toString);
  }

  private static void requireVerified(Report report) {
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertNull(report.witnesses().obstacle());
  }

  private static void requireUndecided(Report report, String obstacle) {
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
    assertTrue(report.obstacle().contains(obstacle), report::toString);
    // All the rest was verified.
    assertEquals(report.checkpoint().head().size(), report.counts().entries());
    assertTrue(report.filesDigest() != null, report::toString);
  }

  @Test
  void whatTheQuorumCosignedIsVerified() {
    Report report = audit(cosigned(Story.counting(), START + 10), Expectations.NONE, BOTH);

    requireVerified(report);
    Witnessed witnesses = report.witnesses();
    assertTrue(witnesses.isMet());
    assertEquals(7, witnesses.cosigned().checkpoint().head().size());
    assertEquals(2, witnesses.cosigned().quorum().cosigned().size());
    assertEquals(HOUR - 10, witnesses.age().orElseThrow());
    assertEquals(0, witnesses.between(), "no older cosignature was kept");
    assertEquals(1, witnesses.keep().size());
  }

  @Test
  void anOlderTreeMayBeTheOneThatWasCosigned() {
    PublishedLog log = Story.counting();
    byte[] cosigned = cosign(log.prefix(4), START + 4, "alice", "bob").format();

    Report report = audit(showing(log, cosigned), Expectations.NONE, BOTH);

    requireVerified(report);
    assertEquals(4, report.witnesses().cosigned().checkpoint().head().size());
  }

  @Test
  void aLongerTreeMayBeTheOneThatWasCosigned() {
    PublishedLog log = Story.counting();
    LogReader shown = showing(log, cosign(log, START + 9, "alice", "bob").format());

    Report report = audited(shown, Expectations.NONE, upTo(log.prefix(4))).report();

    requireVerified(report);
    assertEquals(4, report.checkpoint().head().size());
    assertEquals(7, report.witnesses().cosigned().checkpoint().head().size());
  }

  /** What was cosigned must begin with what is audited, wherever that came from. */
  @Test
  void aLongerTreeThatIsAnotherIsAFork() {
    PublishedLog log = Story.counting();
    PublishedLog other =
        Story.counting().lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));
    LogReader shown = showing(log, cosign(other, START + 9, "alice", "bob").format());

    Report report = audited(shown, Expectations.NONE, upTo(log.prefix(4))).report();

    assertEquals(Kind.FORK, report.divergence().kind(), report::toString);
  }

  private static AuditSettings upTo(PublishedLog log) {
    AuditSettings whole = Witnesses.settings(Level.REPLAY, 1, BOTH, null, START + HOUR);
    return new AuditSettings(
        whole.level(),
        whole.jobs(),
        whole.witnesses(),
        Optional.empty(),
        Optional.of(log.signedCheckpoint().note()));
  }

  @Test
  void aQuorumThatIsNotMetIsNoAccusation() {
    PublishedLog log = Story.counting();
    requireUndecided(
        audit(log, Expectations.NONE, BOTH), "the quorum of witnesses is not met: 0 that count");
    byte[] one = cosign(log, START + 9, "bob").format();
    Report half = audit(showing(log, one), Expectations.NONE, BOTH);
    requireUndecided(half, "not met: 1 that counts has cosigned");
    assertFalse(half.witnesses().isMet());
    requireVerified(audit(showing(log, one), Expectations.NONE, ANY));
  }

  @Test
  void cosignaturesOfDifferentTreesAreNoQuorum() {
    PublishedLog log = Story.counting();
    byte[] older = cosign(log.prefix(4), START + 4, "alice").format();
    log.checkpoint = cosign(log, START + 9, "bob").format();

    requireUndecided(audit(showing(log, older), Expectations.NONE, BOTH), "not met: 1 that counts");
  }

  @Test
  void aCosignatureThatDoesNotHoldMakesTheCheckpointVoid() {
    PublishedLog log = Story.counting();
    String forged =
        new String(cosign(log, START + 9, "alice").format(), StandardCharsets.UTF_8)
            + new String(cosign(log.prefix(4), START + 9, "bob").format(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("example.com/bob"))
                .findFirst()
                .orElseThrow()
            + "\n";
    log.checkpoint = forged.getBytes(StandardCharsets.UTF_8);

    requireUndecided(audit(log, Expectations.NONE, ANY), "a checkpoint is void");
  }

  @Test
  void aLieOutweighsThatTheQuorumIsNotMet() {
    PublishedLog log =
        Story.counting().lie(3, entry -> PublishedLog.outcome(entry, 0).put("ok", "9"));

    Report report = audit(log, Expectations.NONE, BOTH);

    assertEquals(Kind.OUTCOME, report.divergence().kind());
    assertEquals(Verdict.DIVERGED, report.verdict());
  }

  @Test
  void aFrozenViewIsStale() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    Duration limit = Duration.ofMinutes(10);
    requireVerified(audit(log, Expectations.NONE, BOTH, limit, START + 610));
    requireVerified(audit(log, Expectations.NONE, BOTH, limit, START - 999));
    requireUndecided(audit(log, Expectations.NONE, BOTH, limit, START + 611), "stale (freeze)");
  }

  @Test
  void aPolicyOfOtherLogsIsNotForThisOne() {
    String text =
        """
        log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
        quorum none
        """;
    Policy other = Witnesses.parse(text);
    requireUndecided(audit(Story.counting(), Expectations.NONE, other), "and not glasshouse/story");
    requireVerified(audit(Story.counting(), Expectations.NONE, Policy.NONE));
  }

  @Test
  void row12ALargerCosignedTreeIsARollback() {
    PublishedLog log = Story.counting();
    byte[] cosigned = cosign(log, START + 9, "alice", "bob").format();

    Report report = audit(showing(log.prefix(5), cosigned), Expectations.NONE, BOTH);

    assertEquals(Kind.ROLLBACK, report.divergence().kind());
    assertEquals(5, report.divergence().index());
    assertTrue(report.divergence().expected().contains("at least 7 entries"), report::toString);
    assertEquals(Verdict.DIVERGED, report.verdict());
    assertEquals(7, size(report.evidence().newer()));
    Report alone = audit(showing(log.prefix(5), log.checkpoint()), Expectations.NONE, ANY);
    assertEquals(Kind.ROLLBACK, alone.divergence().kind(), "the log's own signature is enough");
  }

  private static long size(Note note) {
    return Checkpoint.parse(note.text()).head().size();
  }

  @Test
  void aCheckpointFromACacheIsAskedForAgain() {
    PublishedLog log = Story.counting();
    byte[] cosigned = cosign(log, START + 9, "alice", "bob").format();
    boolean[] asked = new boolean[1];
    LogReader cached =
        new ChangedSource(log) {
          @Override
          public byte[] cosigned() {
            return cosigned;
          }

          @Override
          public byte[] checkpoint() {
            byte[] old = asked[0] ? log.checkpoint() : log.prefix(5).checkpoint();
            asked[0] = true;
            return old;
          }
        };
    Report report =
        audited(cached, Expectations.NONE, Witnesses.settings(Level.REPLAY, 1, BOTH, null, START))
            .report();
    requireVerified(report);
    assertEquals(7, report.checkpoint().head().size());
  }

  @Test
  void row11ACosignedTreeOfAnotherHistoryIsAFork() {
    PublishedLog log = Story.counting();
    PublishedLog other =
        Story.counting().lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));
    for (SignedCheckpoint shown :
        List.of(
            cosign(other.prefix(4), START + 4, "alice", "bob"),
            other.prefix(4).signedCheckpoint())) {
      LogReader forked = showing(log, shown.format());
      requireFork(audit(forked, Expectations.NONE, BOTH));
      requireFork(audit(log, kept(shown), BOTH));
      Verified before =
          audited(log, Expectations.NONE, new AuditSettings(Level.REPLAY, 1))
              .verified()
              .orElseThrow();
      requireFork(audit(forked, resuming(before), BOTH));
      for (Level level : Level.values()) {
        requireFork(
            audited(forked, Expectations.NONE, Witnesses.settings(level, 1, BOTH, null, START))
                .report());
      }
    }
  }

  private static void requireFork(Report report) {
    assertEquals(Kind.FORK, report.divergence().kind(), report::toString);
    assertEquals(3, report.divergence().index(), report::toString);
    assertEquals(Verdict.MISBEHAVED, report.verdict(), report::toString);
    assertTrue(EvidenceJudge.judge(report.evidence().format(), report.log()).proved());
  }

  private static Expectations resuming(Verified before, SignedCheckpoint... cosigned) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log log) {
        return Optional.empty();
      }

      @Override
      public Optional<Verified> verified(Log log) {
        return Optional.of(before);
      }

      @Override
      public List<SignedCheckpoint> cosigned(Log log) {
        return List.of(cosigned);
      }
    };
  }

  // --- Row 22: entry times ---

  @Test
  void honestTimesLieBetweenTheCosignatures() {
    PublishedLog log = cosigned(Story.signed(), START + 20);

    Report report =
        audit(
            log,
            kept(
                cosign(log.prefix(5), START + 5, "alice", "bob"),
                cosign(log.prefix(9), START + 9, "alice", "bob")),
            BOTH);

    requireVerified(report);
    assertEquals(13, report.witnesses().between());
    assertEquals(11, report.witnesses().widest());
    assertEquals(3, report.witnesses().keep().size());
    String json = new String(report.toJson(), StandardCharsets.UTF_8);
    assertTrue(json.contains("\"times\":5,"), json);
    assertTrue(json.contains("\"between\":13,"), json);
  }

  @Test
  void row22ATimeAfterItsTreeWasCosignedIsFound() {
    PublishedLog log = Story.counting();
    for (int i = 3; i < log.size(); i++) {
      log.edit(i, entry -> entry.put("time", (Long) entry.get("time") + HOUR * 1000));
    }
    Report report = audit(cosigned(log.rebuild(), START + 10), Expectations.NONE, BOTH);

    requireTime(report, 3, "a time not after 2026-01-01T00:00:10Z");
    assertEquals("time 2026-01-01T01:00:03Z", report.divergence().actual());
    requireTime(
        audited(log, Expectations.NONE, Witnesses.settings(Level.HASHES, 1, BOTH, null, START))
            .report(),
        3,
        "a time not after");
  }

  @Test
  void row22ATimeBeforeATreeWithoutItWasCosignedIsFound() {
    PublishedLog log = cosigned(Story.counting(), START + HOUR + 5);

    Report report = audit(log, kept(cosign(log.prefix(4), START + HOUR, "alice", "bob")), BOTH);

    requireTime(report, 4, "a time not before 2026-01-01T01:00:00Z");
  }

  @Test
  void aCallMayBeginLongBeforeItIsLoggedIfAnOracleTakesLong() {
    PublishedLog log = cosigned(Story.signed(), START + HOUR + 5);
    assertEquals(5, Story.TWO, "a call of an oracle");

    Report report = audit(log, kept(cosign(log.prefix(5), START + HOUR, "alice", "bob")), BOTH);

    requireTime(report, 6, "a time not before");
  }

  @Test
  void clocksMayBeApartAndWitnessesSlow() {
    long last = START + 6;
    requireVerified(audit(cosigned(Story.counting(), last - 60), Expectations.NONE, BOTH));
    requireTime(
        audit(cosigned(Story.counting(), last - 61), Expectations.NONE, BOTH),
        6,
        "a time not after");
    PublishedLog log = cosigned(Story.counting(), START + HOUR);
    long slow = START + 4 + 320;
    requireVerified(audit(log, kept(cosign(log.prefix(4), slow, "alice", "bob")), BOTH));
    requireTime(
        audit(log, kept(cosign(log.prefix(4), slow + 1, "alice", "bob")), BOTH),
        4,
        "a time not before");
  }

  @Test
  void onlyAQuorumContradicts() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    requireVerified(audit(log, kept(cosign(log.prefix(4), START + HOUR, "alice")), BOTH));
    requireTime(
        audit(log, kept(cosign(log.prefix(4), START + HOUR, "alice")), ANY),
        4,
        "a time not before");
  }

  @Test
  void theFirstFindingCountsBeItOfATimeOrOfAReplay() {
    for (int lie = 2; lie < 6; lie++) {
      PublishedLog log =
          Story.counting().lie(lie, entry -> PublishedLog.outcome(entry, 0).put("ok", "9"));
      SignedCheckpoint kept = cosign(log.prefix(4), START + HOUR, "alice", "bob");
      Report report = audit(cosigned(log, START + HOUR + 1), kept(kept), BOTH);
      assertEquals(lie <= 4 ? Kind.OUTCOME : Kind.TIME, report.divergence().kind());
    }
  }

  @Test
  void anAuditThatGoesOnHoldsTheOldTimesAgainstNewCosignatures() {
    PublishedLog log = Story.counting();
    Verified before =
        audited(log.prefix(5), Expectations.NONE, new AuditSettings(Level.REPLAY, 1))
            .verified()
            .orElseThrow();

    SignedCheckpoint earlier = cosign(log.prefix(3), START + 3, "alice", "bob");
    Report honest = audit(cosigned(log.copy(), START + 10), resuming(before, earlier), BOTH);
    requireVerified(honest);
    assertEquals(5, honest.since());
    assertEquals(2, honest.witnesses().between(), "of the entries that are new");
    Report early = audit(cosigned(log.copy(), START - LONG), resuming(before), BOTH);
    requireTime(early, 4, "a time not after");
    SignedCheckpoint kept = cosign(log.prefix(3), START + HOUR, "alice", "bob");
    Report late = audit(cosigned(log.copy(), START + HOUR), resuming(before, kept), BOTH);
    requireTime(late, 4, "a time not before");
  }

  @Test
  void soManyCosignedCheckpointsAreKeptAndNoMore() {
    PublishedLog log = cosigned(Story.counting(), START + 1000);
    List<SignedCheckpoint> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(cosign(log, START + 10 + i, "alice", "bob"));
    }

    Report report = audit(log, kept(many.toArray(SignedCheckpoint[]::new)), BOTH);

    requireVerified(report);
    List<SignedCheckpoint> keep = report.witnesses().keep();
    assertEquals(64, keep.size());
    assertEquals(many.get(0), keep.get(0));
    assertEquals(report.checkpoint(), keep.get(63));
  }
}
