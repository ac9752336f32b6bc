package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each level finds, and what it does not look at. */
final class LevelTest {
  @ParameterizedTest
  @EnumSource(Level.class)
  void anHonestLogIsVerifiedAndCountedAtEachLevel(Level level) {
    PublishedLog log = Story.signed();

    Report report = audit(log, level);

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    assertEquals(level, report.level());
    Counts counts = report.counts();
    assertEquals(level == Level.RECEIPT ? 1 : log.size(), counts.entries());
    assertEquals(level == Level.RECEIPT ? 0 : 3, counts.files());
    assertEquals(level.includes(Level.SIGNATURES) ? 17 : 0, counts.signatures());
    assertEquals(level == Level.REPLAY, counts.calls() > 0);
    if (level != Level.RECEIPT) {
      assertTrue(report.filesDigest().startsWith("h1:"), report::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aWrongOutcomeIsFoundByReplayAlone(Level level) {
    PublishedLog log =
        TimerStory.signed()
            .lie(TimerStory.LAST, entry -> PublishedLog.outcome(entry, 0).put("ok", "99"));

    found(log, level, Level.REPLAY, Kind.OUTCOME);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aForgedCallIsFoundFromSignaturesOn(Level level) {
    PublishedLog log =
        Story.signed()
            .lie(
                Story.ADD,
                entry ->
                    PublishedLog.object(entry.get("caller"))
                        .put("key", HonestLog.identity("eve").publicKey().format()));

    found(log, level, Level.SIGNATURES, Kind.SIGNATURE);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aBrokenChainIsFoundFromHashesOn(Level level) {
    PublishedLog log =
        Story.signed().edit(Story.ADD, entry -> entry.put("prev", Hash.of("other").hex()));

    found(log.retile().sign(), level, Level.HASHES, Kind.CHAIN);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aForkIsFoundAtEachLevel(Level level) {
    PublishedLog honest = Story.signed();
    PublishedLog fork =
        Story.signed()
            .lie(Story.ADD, entry -> entry.put("time", (Long) entry.get("time") + 1))
            .prefix(Story.LAST);

    Report report =
        Audits.audit(
                V8Engine.instance(),
                honest,
                Audits.kept(fork.signedCheckpoint()),
                new AuditSettings(level, 1))
            .report();

    assertEquals(Verdict.MISBEHAVED, report.verdict(), report::toString);
    assertEquals(Kind.FORK, report.divergence().kind());
    assertNotNull(report.evidence());
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aLogThatGoesOnIsVerifiedAtEachLevel(Level level) {
    PublishedLog log = Story.counting();
    Report report =
        Audits.audit(
                V8Engine.instance(),
                log,
                Audits.kept(log.prefix(5).signedCheckpoint()),
                new AuditSettings(level, 1))
            .report();
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aCallThatIsUsedUpIsFoundFromSignaturesOn(Level level) {
    PublishedLog log = Story.counting();
    log.entries.add(6, log.entries.get(5));

    found(log.rebuild(), level, Level.SIGNATURES, Kind.ADMISSION);
  }

  @Test
  void aCheckpointWithoutItsGenesisEntryIsFoundWithReceiptsAlone() {
    PublishedLog log = Story.signed();
    String origin = (String) log.entry(0).get("origin");
    log.sign(HonestLog.HOST, origin, new TreeHead(18, Hash.of("another tree")));

    Report report = audit(log, Level.RECEIPT);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.TREE, report.divergence().kind());
  }

  @Test
  void receiptsReadNoEntryButGenesis() {
    LogReader log =
        new ChangedSource(Story.manyEntries()) {
          @Override
          public List<byte[]> entries(long from, long size) {
            assertEquals(0, from);
            return super.entries(from, size).subList(0, 1);
          }
        };

    assertEquals(Verdict.VERIFIED, audit(log, Level.RECEIPT).verdict());
  }

  private static void found(PublishedLog log, Level level, Level from, Kind kind) {
    Report report = audit(log, level);
    if (level.includes(from)) {
      assertEquals(kind, report.divergence().kind(), report::toString);
    } else {
      assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    }
  }

  private static Report audit(LogReader log, Level level) {
    return Audits.audit(V8Engine.instance(), log, Expectations.NONE, new AuditSettings(level, 1))
        .report();
  }
}
