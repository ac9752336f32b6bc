package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An auditor of this build, and a host of another one: what this one does not know is undecided,
 * whichever way it looks, and nobody is accused.
 */
final class HonestHostUpgradeTest {
  // The entries of the log: genesis, two calls, an image, a call, an image, two calls.
  private static final int KNOWN = 4;
  private static final int WRITE = 4;
  private static final int IMAGE = 5;
  private static final int LAST = 7;

  // Apart from this class, whose methods the host's thread calls: it would wait for it forever.
  private static final class Told {
    static final PublishedLog LOG = HonestLog.run(Story.DEBUG, HonestHostUpgradeTest::tell);
  }

  // Nobody signs, so that a log with another genesis entry is as good.
  private static void tell(HonestLog log) {
    log.user("dora", method("add", "1"));
    log.user(null, method("add", "2"), method("random"));
    log.image();
    log.user("dora", method("write", "\"/a\"", "\"1\""));
    log.image();
    log.user(null, method("add", "3"));
    log.user(null, method("add", "4"));
  }

  /**
   * A log that another build of ours made.
   *
   * @param known entries of it that this build knows, 0 if not even genesis
   * @param obstacle why this build cannot decide
   */
  private record Other(String what, PublishedLog log, int known, String obstacle) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static PublishedLog changed(int index, Consumer<Map<String, Object>> change) {
    return Told.LOG.copy().lie(index, change);
  }

  private static Map<String, Object> reference(String content) {
    Map<String, Object> reference = new TreeMap<>();
    reference.put("len", 20_060L);
    reference.put("sha256", Hash.of("another " + content).hex());
    return reference;
  }

  static Stream<Other> others() {
    return Stream.of(
        new Other(
            "a later kind of entry",
            changed(WRITE, entry -> entry.put("kind", "update")),
            WRITE,
            "entry 4: entry kind \"update\" is unknown"),
        new Other(
            "a later kind with members of its own",
            changed(
                WRITE,
                entry -> {
                  entry.keySet().retainAll(Set.of("v", "seq", "prev"));
                  entry.put("kind", "keys");
                  entry.put("next", "ed25519:?");
                }),
            WRITE,
            "entry 4: entry kind \"keys\" is unknown"),
        new Other(
            "an entry of a later version",
            changed(WRITE, entry -> entry.put("v", 2L)),
            WRITE,
            "entry 4: entry version 2 is unknown"),
        new Other(
            "a later version, with a member more",
            changed(
                LAST,
                entry -> {
                  entry.put("v", 3L);
                  entry.put("hints", List.of("h"));
                }),
            LAST,
            "entry 7: entry version 3 is unknown"),
        new Other(
            "an image of a later version",
            changed(IMAGE, entry -> entry.put("v", 2L)),
            IMAGE,
            "entry 5: entry version 2 is unknown"),
        new Other(
            "a log of a later version",
            changed(0, genesis -> genesis.put("v", 2L)),
            0,
            "entry version 2 is unknown"),
        new Other(
            "another interpreter",
            changed(0, genesis -> genesis.put("interpreter", reference("interpreter"))),
            0,
            "Use the build that made the log."),
        new Other(
            "another bootstrap script",
            changed(0, genesis -> genesis.put("bootstrap", reference("bootstrap"))),
            0,
            "Use the build that made the log."));
  }

  private static Report audit(LogReader log, Expectations expectations, AuditSettings settings) {
    return Audits.audit(V8Engine.instance(), log, expectations, settings).report();
  }

  private static void requireUndecided(Other other, String form, Report report) {
    assertEquals(Verdict.UNDECIDED, report.verdict(), () -> other + ", " + form + ": " + report);
    assertTrue(report.obstacle().contains(other.obstacle), () -> form + ": " + report.obstacle());
    requireNobodyAccused(other, form, report);
  }

  private static void requireNobodyAccused(Other other, String form, Report report) {
    assertNull(report.divergence(), () -> other + ", " + form + ": " + report);
    assertNull(report.evidence(), () -> other + ", " + form);
  }

  @ParameterizedTest
  @MethodSource("others")
  void atOneGoItIsUndecided(Other other) {
    Report report = audit(other.log, Expectations.NONE, AuditSettings.FULL);
    requireUndecided(other, "serial", report);
    assertTrue(report.counts().entries() <= Math.max(other.known, 1), report::toString);
    for (int jobs = 2; jobs <= 3; jobs++) {
      AuditSettings settings = new AuditSettings(Level.REPLAY, jobs);
      requireUndecided(other, jobs + " jobs", audit(other.log, Expectations.NONE, settings));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Level.class,
      names = {"RECEIPT", "HASHES", "SIGNATURES"})
  void atLowerLevelsNobodyIsAccused(Level level) {
    others()
        .forEach(
            other -> {
              Report report = audit(other.log, Expectations.NONE, new AuditSettings(level, 1));
              requireNobodyAccused(other, level.toString(), report);
              boolean isForm = other.obstacle.contains("unknown");
              // Without executing anything, another interpreter does not matter.
              boolean matters = isForm && (level != Level.RECEIPT || other.known == 0);
              assertEquals(
                  matters ? Verdict.UNDECIDED : Verdict.VERIFIED,
                  report.verdict(),
                  () -> other + ", " + level + ": " + report);
            });
  }

  @ParameterizedTest
  @MethodSource("others")
  void sharedByMachinesItIsUndecided(Other other) {
    for (int of = 1; of <= 3; of++) {
      List<byte[]> reports = new ArrayList<>();
      for (int i = 1; i <= of; i++) {
        AuditSettings settings =
            new AuditSettings(
                Level.REPLAY,
                1,
                Optional.empty(),
                Optional.of(new Share(i, of)),
                Optional.of(Note.parse(other.log.checkpoint, Note.MAX_BYTES)));
        Report part = audit(other.log, Expectations.NONE, settings);
        requireNobodyAccused(other, i + "/" + of, part);
        reports.add(SignedReport.sign(part, HonestLog.HOST));
      }
      Report joined = SharedAudit.of(reports, Set.of(HonestLog.HOST.publicKey())).report();
      assertEquals(Verdict.UNDECIDED, joined.verdict(), other + " in " + of + ": " + joined);
      assertNull(joined.divergence(), other::toString);
    }
  }

  static Stream<Other> grown() {
    return others().filter(other -> other.known > 0);
  }

  // The log before it had what this build does not know, with its pages.
  private static PublishedLog before() {
    PublishedLog part = Told.LOG.prefix(KNOWN);
    part.pages.putAll(Told.LOG.pages);
    return part;
  }

  @ParameterizedTest
  @MethodSource("grown")
  void whoHasVerifiedItsBeginningIsNotMisled(Other other) {
    Audited known =
        Audits.audit(V8Engine.instance(), before(), Expectations.NONE, AuditSettings.FULL);
    assertEquals(Verdict.VERIFIED, known.report().verdict());
    SignedCheckpoint kept = before().signedCheckpoint();
    Expectations remembering =
        new Expectations() {
          @Override
          public Optional<SignedCheckpoint> kept(Log log) {
            return Optional.of(kept);
          }

          @Override
          public Optional<Verified> verified(Log log) {
            return known.verified();
          }
        };
    Audited audited = Audits.audit(V8Engine.instance(), other.log, remembering, AuditSettings.FULL);
    requireUndecided(other, "incremental", audited.report());
    assertTrue(audited.verified().isEmpty(), "nothing is remembered of what is not known");
  }

  @ParameterizedTest
  @MethodSource("grown")
  void whoWatchesWaits(Other other) {
    PublishedLog before = before();
    boolean[] grown = {false};
    List<String> heard = new ArrayList<>();
    LogReader host =
        new ChangedSource(before) {
          private LogReader now() {
            return grown[0] ? other.log : before;
          }

          @Override
          public byte[] checkpoint() {
            return now().checkpoint();
          }

          @Override
          public List<byte[]> entries(long from, long size) {
            return now().entries(from, size);
          }

          @Override
          public List<Hash> tile(Tile tile) {
            return now().tile(tile);
          }

          @Override
          public byte[] blob(Hash sha256) {
            return now().blob(sha256);
          }

          @Override
          public List<String> directory(String path, Optional<Hash> root) {
            return now().directory(path, root);
          }

          @Override
          public byte[] file(String path, Optional<Hash> root) {
            return now().file(path, root);
          }
        };
    Watcher watcher =
        new Watcher() {
          private int waits;

          @Override
          public void audited(Audited audited) {
            heard.add(audited.report().verdict() + " " + audited.report().counts().entries());
          }

          @Override
          public boolean waits(String obstacle) {
            if (obstacle != null) {
              heard.add(obstacle);
            }
            grown[0] = true;
            return waits++ < 2;
          }
        };
    Audited last =
        new Verifier(V8Engine.instance(), AuditSettings.FULL)
            .watch(host, Expectations.NONE, ProgressListener.NONE, watcher);
    requireUndecided(other, "watched", last.report());
    assertEquals(3, heard.size(), heard::toString);
    assertEquals("VERIFIED " + KNOWN, heard.get(0));
    assertTrue(heard.get(1).contains(other.obstacle), heard::toString);
    assertEquals(heard.get(1), heard.get(2), "it asks again, and says the same");
  }
}
