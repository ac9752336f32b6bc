package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.ANY;
import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static dev.glasshouse.verifier.Witnesses.cosign;
import static dev.glasshouse.verifier.Witnesses.cosigned;
import static dev.glasshouse.verifier.Witnesses.kept;
import static dev.glasshouse.verifier.Witnesses.showing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is believed of witnesses, what is kept of it, and what is said if it is not enough. */
final class WitnessDemandTest {
  private static final long HOUR = 3600;

  private static AuditSettings settings(Policy policy, Duration maxAge) {
    return Witnesses.settings(Level.SIGNATURES, 1, policy, maxAge, START + HOUR);
  }

  private static Report audit(LogReader log, Expectations known, Policy policy) {
    return audit(log, known, settings(policy, null));
  }

  private static Report audit(LogReader log, Expectations known, AuditSettings settings) {
    return Audits.audit(V8Engine.instance(), log, known, settings).report();
  }

  private static void requireUndecided(String obstacle, Report report) {
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
    assertEquals(obstacle, report.obstacle());
  }

  private static void requireVerified(Report report) {
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
  }

  private static Map<String, Object> json(Report report) {
    Object json = CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE);
    return PublishedLog.object(PublishedLog.object(json).get("witnesses"));
  }

  @Test
  void itIsSaidHowManyCount() {
    PublishedLog log = Story.counting();
    Report none = audit(log, Expectations.NONE, BOTH);
    requireUndecided("the quorum of witnesses is not met: 0 that count have cosigned", none);
    assertEquals(OptionalLong.empty(), none.witnesses().age());
    requireUndecided(
        "the quorum of witnesses is not met: 1 that counts has cosigned",
        audit(showing(log, cosign(log, START + 9, "bob").format()), Expectations.NONE, BOTH));
  }

  @Test
  void aWitnessOutsideTheQuorumDoesNotCount() {
    Policy policy =
        Witnesses.parse(
            "witness alice "
                + Witnesses.key("alice").format()
                + "\nwitness carol "
                + Witnesses.key("carol").format()
                + "\nquorum alice\n");
    PublishedLog log = Story.counting();
    log.checkpoint = cosign(log, START + 9, "carol").format();
    Report report = audit(log, Expectations.NONE, policy);
    requireUndecided("the quorum of witnesses is not met: 0 that count have cosigned", report);
    assertEquals(1, report.witnesses().cosigned().quorum().cosigned().size());
  }

  @Test
  void aPolicyWithoutAQuorumShowsNoAge() {
    requireUndecided(
        "the policy wants no cosignatures, so that nothing shows how old the checkpoint is",
        audit(Story.counting(), Expectations.NONE, settings(Policy.NONE, Duration.ofDays(1000))));
  }

  @Test
  void theReportSaysWhatEachWitnessSaid() {
    Map<String, Object> both =
        json(audit(cosigned(Story.counting(), START + 9), Expectations.NONE, BOTH));
    assertEquals(HOUR - 9, both.get("age"));
    assertEquals(true, both.get("met"));
    assertEquals(
        new String(cosigned(Story.counting(), START + 9).checkpoint(), UTF_8),
        both.get("checkpoint"));
    List<Object> witnesses = PublishedLog.list(both.get("witnesses"));
    assertEquals(2, witnesses.size());
    assertEquals(
        Map.of("counts", true, "key", Witnesses.key("alice").format(), "time", START + 9),
        witnesses.get(0));
  }

  @Test
  void timesBetweenCosignaturesAreNoLongerTheHostsWord() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    Expectations kept = kept(cosign(log.prefix(4), START + 5, "alice", "bob"));

    Report report = audit(log, kept, BOTH);

    assertEquals(3, report.witnesses().between());
    Object json = CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE);
    Object trusted = PublishedLog.object(json).get("trusted");
    assertEquals(4L, PublishedLog.object(trusted).get("times"));
  }

  @Test
  void theReportSaysThatNothingHeld() {
    PublishedLog log = Story.counting();
    String cosigned = new String(cosign(log, START + 9, "alice").format(), UTF_8);
    String other = new String(cosign(log.prefix(4), START + 9, "alice").format(), UTF_8);
    // The signature of another tree.
    log.checkpoint =
        cosigned
            .replace(cosigned.lines().toList().get(5), other.lines().toList().get(5))
            .getBytes(UTF_8);

    Map<String, Object> none = json(audit(log, Expectations.NONE, ANY));

    assertNull(none.get("age"));
    assertEquals(false, none.get("met"));
    assertNull(none.get("checkpoint"));
    assertEquals(List.of(), none.get("witnesses"));
  }

  @Test
  void theBestOfTheCheckpointsThatAreMetIsReported() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    byte[] older = cosign(log.prefix(4), START + 20, "alice", "bob").format();

    Report report = audit(showing(log, older), Expectations.NONE, BOTH);

    requireVerified(report);
    assertEquals(7, report.witnesses().cosigned().checkpoint().head().size());
    assertEquals(HOUR - 10, report.witnesses().age().orElseThrow());
    assertEquals(2, report.witnesses().keep().size());
  }

  @Test
  void aCheckpointThatWasKeptIsKeptOnce() {
    PublishedLog log = cosigned(Story.counting(), START + 10);

    Report report = audit(log, kept(log.signedCheckpoint()), BOTH);

    requireVerified(report);
    assertEquals(List.of(log.signedCheckpoint()), report.witnesses().keep());
  }

  /** Of what was kept, that one goes whose neighbours in time tell nearly as much. */
  @Test
  void whatTellsLeastIsNotKept() {
    PublishedLog log = cosigned(Story.counting(), START + 1000);
    List<SignedCheckpoint> all = new ArrayList<>();
    for (int i = 0; i < WitnessCheck.MAX_KEPT - 1; i++) {
      all.add(cosign(log, START + 10 + 10L * i, "alice", "bob"));
    }
    SignedCheckpoint close = cosign(log, START + 311, "alice", "bob");
    List<SignedCheckpoint> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.add(30, close);

    Report report = audit(log, kept(shuffled.toArray(SignedCheckpoint[]::new)), BOTH);

    all.add(log.signedCheckpoint());
    assertEquals(times(all), times(report.witnesses().keep()));
  }

  // Of the first cosignature of each, in seconds after the start.
  private static List<Long> times(List<SignedCheckpoint> checkpoints) {
    return checkpoints.stream()
        .map(each -> CosignedCheckpoint.of(BOTH, each, HonestLog.HOST.publicKey()))
        .map(each -> each.quorum().newest().orElseThrow() - START)
        .toList();
  }

  @Test
  void anEmptyTreeIsNoCosignedCheckpoint() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    String origin = log.signedCheckpoint().checkpoint().origin();
    SignedCheckpoint empty = SignedCheckpoint.sign(origin, TreeHead.EMPTY, HonestLog.HOST);
    requireVerified(audit(showing(log, empty.format()), Expectations.NONE, BOTH));
  }

  @Test
  void anAuditUpToACheckpointLooksAtTheNewestIfNothingElseIsShown() {
    PublishedLog log = cosigned(Story.counting(), START + 10);
    AuditSettings upTo =
        new AuditSettings(
            Level.SIGNATURES,
            1,
            settings(BOTH, null).witnesses(),
            Optional.empty(),
            Optional.of(log.prefix(4).signedCheckpoint().note()));
    requireVerified(audit(log, Expectations.NONE, upTo));
    // And only then.
    byte[] four = cosign(log.prefix(4), START + 5, "alice", "bob").format();
    AtomicInteger asked = new AtomicInteger();
    LogReader counted =
        new ChangedSource(showing(log, four)) {
          @Override
          public byte[] checkpoint() {
            asked.incrementAndGet();
            return super.checkpoint();
          }
        };
    Report report = audit(counted, Expectations.NONE, upTo);
    requireVerified(report);
    assertEquals(4, report.witnesses().cosigned().checkpoint().head().size());
    requireVerified(audit(counting(log, asked), Expectations.NONE, BOTH));
    assertTrue(asked.get() <= 1, asked + " times");
  }

  private static LogReader counting(PublishedLog log, AtomicInteger asked) {
    return new ChangedSource(log) {
      @Override
      public byte[] checkpoint() {
        asked.incrementAndGet();
        return super.checkpoint();
      }
    };
  }
}
