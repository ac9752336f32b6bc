package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.evidence.Judgement;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import java.util.EnumSet;
import java.util.Set;

/**
 * A lie and the finding that must name it.
 *
 * @param name the row of the threat model, and what the host does
 * @param log what it serves
 * @param auditor what its auditor knows
 * @param kind which check must find it
 * @param index the entry that must be named
 * @param method the method that must be named, or null
 * @param expected a part of what the finding says it must be
 * @param actual a part of what the finding says it is
 */
record Lie(
    String name,
    LogReader log,
    Expectations auditor,
    Kind kind,
    long index,
    String method,
    String expected,
    String actual) {

  /** A lie that an auditor finds who knows nothing. */
  static Lie of(String name, LogReader log, Kind kind, long index, String... finding) {
    return of(name, log, Expectations.NONE, kind, index, finding);
  }

  /**
   * A lie that this auditor finds.
   *
   * @param finding method, a part of what is expected, a part of what is found
   */
  static Lie of(
      String name, LogReader log, Expectations auditor, Kind kind, long index, String... finding) {
    return new Lie(name, log, auditor, kind, index, finding[0], finding[1], finding[2]);
  }

  void mustBeFound() {
    Report report = Audits.audit(log, auditor);
    requireFound(report);
    assertNull(report.obstacle(), name);
    Divergence found = report.divergence();
    assertEquals(kind, found.kind(), () -> name + ": " + found);
    assertEquals(index, found.index(), () -> name + ": " + found);
    assertEquals(method, found.method(), () -> name + ": " + found);
    assertTrue(found.expected().contains(expected), () -> name + ": " + found);
    assertTrue(found.actual().contains(actual), () -> name + ": " + found);
    assertTrue(!found.expected().equals(found.actual()), () -> name + ": " + found);
  }

  /** Rules that bytes under the host's signature break, whatever a replay comes to. */
  private static final Set<Kind> PROVABLE =
      EnumSet.of(Kind.FORK, Kind.CHAIN, Kind.UNSIGNED, Kind.SIGNATURE, Kind.ADMISSION);

  // What is proved is proved to anybody who has the file alone, and the log's id.
  private void requireFound(Report report) {
    if (PROVABLE.contains(kind) || report.verdict() == Verdict.MISBEHAVED) {
      assertEquals(Verdict.MISBEHAVED, report.verdict(), () -> name + ": " + report);
      Judgement judgement = EvidenceJudge.judge(report.evidence().format(), report.log());
      assertTrue(judgement.proved(), () -> name + ": " + judgement);
    } else {
      assertEquals(Verdict.DIVERGED, report.verdict(), () -> name + ": " + report);
    }
  }

  @Override
  public String toString() {
    return name + " -> " + kind + " at " + index;
  }
}
