package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.Map;
import java.util.Optional;

/** Audits as the tests run them. */
final class Audits {
  private Audits() {}

  static Report audit(LogReader log, Expectations expectations) {
    return audit(V8Engine.instance(), log, expectations);
  }

  static Report audit(SandboxEngine engine, LogReader log, Expectations expectations) {
    Report report = audit(engine, log, expectations, AuditSettings.FULL).report();
    // A log that does not change comes to the same however its audit is divided.
    if (log instanceof PublishedLog) {
      AuditSettings settings = new AuditSettings(Level.REPLAY, 3);
      requireSame(report, audit(engine, log, expectations, settings).report());
    }
    return report;
  }

  static Audited audit(
      SandboxEngine engine, LogReader log, Expectations expectations, AuditSettings settings) {
    boolean isPlain =
        settings.jobs() == 1 && settings.share().isEmpty() && settings.checkpoint().isEmpty();
    Verifier verifier = new Verifier(engine, settings);
    if (!Publications.areWritten() || !isPlain) {
      return verifier.verify(log, expectations, ProgressListener.NONE);
    }
    Publications.Recording recording =
        new Publications.Recording(log, expectations, settings.witnesses());
    Audited audited = verifier.verify(recording, recording, ProgressListener.NONE);
    recording.write(audited.report());
    return audited;
  }

  private static void requireSame(Report serial, Report divided) {
    assertEquals(serial.verdict(), divided.verdict(), () -> serial + " and " + divided);
    assertEquals(serial.divergence(), divided.divergence());
    assertEquals(serial.obstacle(), divided.obstacle());
    if (serial.verdict() == Verdict.VERIFIED) {
      assertEquals(counts(serial), counts(divided));
      assertEquals(serial.filesDigest(), divided.filesDigest());
    }
  }

  // Blobs apart: a guest that begins at an image asks for some that others derive.
  static Map<String, Object> counts(Report report) {
    Map<String, Object> json =
        PublishedLog.object(CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
    Map<String, Object> checked = PublishedLog.object(json.get("checked"));
    checked.remove("blobs");
    return checked;
  }

  static Report requireVerified(LogReader log, String what) {
    Report report = audit(log, Expectations.NONE);
    assertEquals(Verdict.VERIFIED, report.verdict(), () -> what + ": " + report);
    assertNull(report.divergence(), what);
    assertNull(report.obstacle(), what);
    return report;
  }

  static Report requireUndecided(LogReader log, String what, String obstacle) {
    Report report = audit(log, Expectations.NONE);
    assertEquals(Verdict.UNDECIDED, report.verdict(), () -> what + ": " + report);
    assertNull(report.divergence(), what);
    assertNotNull(report.obstacle(), what);
    assertTrue(report.obstacle().contains(obstacle), () -> what + ": " + report.obstacle());
    return report;
  }

  /** An auditor who kept a checkpoint. */
  static Expectations kept(SignedCheckpoint kept) {
    return log -> Optional.of(kept);
  }

  /** An auditor who was told which log it is. */
  static Expectations pinned(Hash id) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log log) {
        return Optional.empty();
      }

      @Override
      public Optional<Hash> log() {
        return Optional.of(id);
      }
    };
  }

  /** An auditor who was told what the files come to. */
  static Expectations filesRoot(Hash root) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log log) {
        return Optional.empty();
      }

      @Override
      public Optional<Hash> filesRoot() {
        return Optional.of(root);
      }
    };
  }
}
