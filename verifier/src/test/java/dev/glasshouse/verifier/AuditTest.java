package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static dev.glasshouse.verifier.Witnesses.cosign;
import static dev.glasshouse.verifier.Witnesses.cosigned;
import static dev.glasshouse.verifier.Witnesses.showing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What an audit makes of what its auditor knows and demands, without executing a call. */
final class AuditTest {
  private static final AuditSettings SIGNATURES = new AuditSettings(Level.SIGNATURES, 1);

  /** What an auditor knows of a log. */
  private record Known(
      Optional<SignedCheckpoint> kept,
      List<SignedCheckpoint> seenCosigned,
      Optional<Verified> before)
      implements Expectations {
    @Override
    public Optional<SignedCheckpoint> kept(Log log) {
      return kept;
    }

    @Override
    public List<SignedCheckpoint> cosigned(Log log) {
      return seenCosigned;
    }

    @Override
    public Optional<Verified> verified(Log log) {
      return before;
    }
  }

  private static Known kept(SignedCheckpoint kept, SignedCheckpoint... cosigned) {
    return new Known(Optional.of(kept), List.of(cosigned), Optional.empty());
  }

  private static Known before(PublishedLog log, Level level) {
    Audited audited =
        Audits.audit(V8Engine.instance(), log, Expectations.NONE, new AuditSettings(level, 1));
    return new Known(Optional.empty(), List.of(), Optional.of(audited.verified().orElseThrow()));
  }

  private static AuditSettings upTo(PublishedLog log) {
    return new AuditSettings(
        Level.SIGNATURES,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.of(log.signedCheckpoint().note()));
  }

  private static AuditSettings shared() {
    return new AuditSettings(
        Level.REPLAY, 1, Optional.empty(), Optional.of(new Share(1, 1)), Optional.empty());
  }

  private static Report audit(LogReader log, Expectations known, AuditSettings settings) {
    return Audits.audit(V8Engine.instance(), log, known, settings).report();
  }

  private static Report verified(LogReader log, Expectations known, AuditSettings settings) {
    Report report = audit(log, known, settings);
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    return report;
  }

  private static Report found(Kind kind, LogReader log, Expectations known, AuditSettings with) {
    Report report = audit(log, known, with);
    assertEquals(
        kind, report.divergence() == null ? null : report.divergence().kind(), report::toString);
    return report;
  }

  private static PublishedLog forked() {
    return Story.counting().lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));
  }

  // --- What was verified before ---

  @Test
  void anAuditGoesOnFromWhatWasVerifiedAlike() {
    PublishedLog log = Story.counting();
    assertEquals(4, verified(log, before(log.prefix(4), Level.SIGNATURES), SIGNATURES).since());
    assertEquals(4, verified(log, before(log.prefix(4), Level.REPLAY), SIGNATURES).since());
    Known less = before(log.prefix(4), Level.SIGNATURES);
    assertEquals(0, verified(log, less, AuditSettings.FULL).since(), "not executed before");
  }

  @Test
  void anAuditOfAPartOrUpToACheckpointBeginsAtGenesis() {
    PublishedLog log = Story.counting();
    Known known = before(log.prefix(4), Level.REPLAY);
    Report part = verified(log, known, shared());
    assertEquals(0, part.since());
    assertEquals(log.size(), part.segment().to());
    assertEquals(0, verified(log, known, upTo(log.prefix(6))).since());
  }

  @Test
  void whatWasVerifiedOfAnotherLogIsOfNoUse() {
    Known known = before(Story.unsigned().prefix(3), Level.SIGNATURES);
    assertEquals(0, verified(Story.counting(), known, SIGNATURES).since());
  }

  @Test
  void onlyAWholeAuditIsRemembered() {
    PublishedLog log = Story.counting();
    for (AuditSettings settings :
        List.of(
            new AuditSettings(Level.HASHES, 1), new AuditSettings(Level.RECEIPT, 1), shared())) {
      Audited audited = Audits.audit(V8Engine.instance(), log, Expectations.NONE, settings);
      assertEquals(Verdict.VERIFIED, audited.report().verdict());
      assertTrue(audited.verified().isEmpty(), settings::toString);
    }
  }

  // --- What was signed before ---

  @Test
  void ofSeveralCheckpointsTheContradictedOneIsShown() {
    PublishedLog log = Story.counting();
    SignedCheckpoint three = log.prefix(3).signedCheckpoint();
    Report back =
        found(Kind.ROLLBACK, log.prefix(5), kept(three, log.signedCheckpoint()), SIGNATURES);
    assertEquals(7, size(back.evidence().newer()));
    SignedCheckpoint fork = forked().prefix(5).signedCheckpoint();
    for (SignedCheckpoint honest : List.of(three, log.prefix(5).signedCheckpoint())) {
      Report report = found(Kind.FORK, log, kept(honest, fork), SIGNATURES);
      assertEquals(Verdict.MISBEHAVED, report.verdict(), report::toString);
      Evidence evidence = report.evidence();
      assertEquals(fork.note(), evidence.older());
    }
  }

  private static long size(Note note) {
    return Checkpoint.parse(note.text()).head().size();
  }

  @Test
  void aCopyThatIsBehindAccusesNobody() {
    PublishedLog log = Story.counting();
    LogReader copy =
        new ChangedSource(log.prefix(5)) {
          @Override
          public boolean isCopy() {
            return true;
          }
        };
    Report behind = audit(copy, kept(log.signedCheckpoint()), SIGNATURES);
    assertEquals(Verdict.UNDECIDED, behind.verdict(), behind::toString);
    assertTrue(behind.obstacle().contains("is a copy of 5 entries"), behind::obstacle);
    verified(copy, kept(log.prefix(5).signedCheckpoint()), SIGNATURES);
    found(Kind.ROLLBACK, log.prefix(5), kept(log.signedCheckpoint()), SIGNATURES);
  }

  @Test
  void aCheckpointThatIsGivenIsHeldAgainstAllThatIsKnown() {
    PublishedLog log = Story.counting();
    verified(log, kept(log.prefix(4).signedCheckpoint()), upTo(log.prefix(6)));
    verified(log, kept(log.signedCheckpoint()), upTo(log.prefix(6)));
    PublishedLog fork = forked();
    found(Kind.FORK, log, kept(fork.prefix(4).signedCheckpoint()), upTo(log.prefix(6)));
    found(Kind.FORK, log, kept(log.signedCheckpoint()), upTo(fork.prefix(6)));
  }

  @Test
  void aGivenCheckpointOfAnotherLogAccusesNobody() {
    Report report = audit(Story.counting(), Expectations.NONE, upTo(Story.unsigned().prefix(3)));
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
    assertTrue(report.obstacle().contains("is not of this log"), report::obstacle);
    PublishedLog eves = Story.counting();
    String origin = eves.signedCheckpoint().checkpoint().origin();
    eves.sign(HonestLog.identity("eve"), origin, eves.head());
    found(Kind.CHECKPOINT, eves, Expectations.NONE, SIGNATURES);
  }

  @Test
  void anAuditThatEndsSomewhereDoesNotFollowItsHost() {
    PublishedLog log = Story.busy();
    PublishedLog before = log.prefix(2);
    assertEquals(2, verified(log, Expectations.NONE, upTo(before)).checkpoint().head().size());
    LogReader growing =
        new ChangedSource(log) {
          private boolean asked;

          @Override
          public byte[] checkpoint() {
            byte[] checkpoint = asked ? log.checkpoint() : before.checkpoint();
            asked = true;
            return checkpoint;
          }
        };
    Report part = verified(growing, Expectations.NONE, shared());
    assertEquals(2, part.checkpoint().head().size());
  }

  @Test
  void aNumberThatWasUsedLongAgoIsProved() {
    PublishedLog log = Story.signed();
    log.entries.add(log.entries.get(Story.ADD));
    log.edit(18, entry -> entry.put("time", log.entry(Story.LAST).get("time"))).rebuild();
    Report report = found(Kind.ADMISSION, log, Expectations.NONE, SIGNATURES);
    assertEquals(Verdict.MISBEHAVED, report.verdict(), report::toString);
    assertEquals(18, report.divergence().index());
  }

  // --- The log itself ---

  @Test
  void anEmptyLogIsNotVerified() {
    PublishedLog log = Story.counting();
    String origin = log.signedCheckpoint().checkpoint().origin();
    Report report =
        audit(log.sign(HonestLog.HOST, origin, TreeHead.EMPTY), Expectations.NONE, SIGNATURES);
    assertEquals("the source has an empty log: nothing to verify", report.obstacle());
  }

  @Test
  void aLogBeginsWithItsGenesisEntry() {
    PublishedLog log = Story.counting();
    log.entries.remove(0);
    found(Kind.MALFORMED, log.retile().sign(), Expectations.NONE, SIGNATURES);
  }

  @Test
  void theFilesRootThatIsExpectedIsRequired() {
    PublishedLog log = Story.busy().prefix(4);
    Hash root = Entry.parse(log.entries.get(3), log).root();
    Report report = verified(log, Audits.filesRoot(root), SIGNATURES);
    assertEquals(root, report.filesRoot());
    found(Kind.PUBLISHED_FILES, log, Audits.filesRoot(Hash.ZERO), SIGNATURES);
  }

  @Test
  void theReportSaysWhoseLogItIsAsFarAsThatIsKnown() {
    Report unknown = found(Kind.WRONG_LOG, Story.counting(), Audits.pinned(Hash.ZERO), SIGNATURES);
    assertNull(unknown.host());
    assertNull(unknown.checkpoint());
    assertNull(unknown.filesRoot());
    assertNull(unknown.evidence());
    assertEquals(0, unknown.divergence().index());
    assertEquals(false, unknown.debug());
    Report debug = verified(Story.unsigned(), Expectations.NONE, SIGNATURES);
    assertEquals(HonestLog.HOST.publicKey(), debug.host());
    assertEquals(true, debug.debug());
    assertEquals(false, verified(Story.counting(), Expectations.NONE, SIGNATURES).debug());
  }

  @Test
  void aBlobThatIsAnotherIsFoundWhereItIsRead() {
    PublishedLog log = Story.signed();
    Object request = log.entry(Story.LENGTH).get("request");
    Hash sha256 = Hash.parseHex((String) PublishedLog.object(request).get("sha256"));
    log.blobs.put(sha256, new byte[1]);
    Report report = found(Kind.BLOB, log, Expectations.NONE, SIGNATURES);
    assertEquals(Story.LENGTH, report.divergence().index());
  }

  @Test
  void anErrorOfTheVerifierIsThrown() {
    AssertionError error = new AssertionError("a bug");
    LogReader broken =
        new ChangedSource(Story.counting()) {
          @Override
          public byte[] checkpoint() {
            throw error;
          }
        };
    CompletionException e =
        assertThrows(CompletionException.class, () -> audit(broken, Expectations.NONE, SIGNATURES));
    assertSame(error, e.getCause());
  }

  // --- Witnesses ---

  @Test
  void aReceiptIsHeldAgainstWitnessesToo() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    AuditSettings receipt = Witnesses.settings(Level.RECEIPT, 1, BOTH, null, START + 60);
    verified(log, Expectations.NONE, receipt);
    byte[] four = cosign(log.prefix(4), START + 5, "alice", "bob").format();
    Report shown = verified(showing(Story.counting(), four), Expectations.NONE, receipt);
    assertEquals(4, shown.witnesses().cosigned().checkpoint().head().size());
  }

  @Test
  void whatIsShownAsCosignedCountsFromTheEntryOnThatFollowsIt() {
    PublishedLog log = cosigned(Story.counting(), START + 3605);
    byte[] four = cosign(log.prefix(4), START + 3600, "alice", "bob").format();
    AuditSettings settings = Witnesses.settings(Level.SIGNATURES, 1, BOTH, null, START + 4000);
    Report report = found(Kind.TIME, showing(log, four), Expectations.NONE, settings);
    assertEquals(4, report.divergence().index());
  }

  @Test
  void aLargerTreeThatIsShownAsCosignedIsARollbackUnlessACacheIsBehind() {
    PublishedLog log = Story.counting();
    byte[] seven = cosign(log, START + 9, "alice", "bob").format();
    AuditSettings settings = Witnesses.settings(Level.SIGNATURES, 1, BOTH, null, START + 60);
    found(Kind.ROLLBACK, showing(log.prefix(5), seven), Expectations.NONE, settings);
    LogReader cached =
        new ChangedSource(showing(log, seven)) {
          private boolean asked;

          @Override
          public byte[] checkpoint() {
            byte[] checkpoint = asked ? log.checkpoint() : log.prefix(5).checkpoint();
            asked = true;
            return checkpoint;
          }
        };
    assertEquals(7, verified(cached, Expectations.NONE, settings).checkpoint().head().size());
    // Who says where to end may see a larger one.
    AuditSettings five =
        new AuditSettings(
            Level.SIGNATURES,
            1,
            settings.witnesses(),
            Optional.empty(),
            Optional.of(log.prefix(5).signedCheckpoint().note()));
    assertEquals(
        5, verified(showing(log, seven), Expectations.NONE, five).checkpoint().head().size());
  }
}
