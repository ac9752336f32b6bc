package dev.glasshouse.cli;

import dev.glasshouse.verifier.Counts;
import dev.glasshouse.verifier.Divergence;
import dev.glasshouse.verifier.Level;
import dev.glasshouse.verifier.Report;
import java.io.PrintWriter;

/** What an audit came to, for people. */
final class ReportText {
  private final PrintWriter out;
  private final String source;

  /**
   * Prints nothing yet.
   *
   * @param source what was audited, as the user named it
   */
  ReportText(PrintWriter out, String source) {
    this.out = out;
    this.source = source;
  }

  // Nothing that anybody has signed was seen: no evidence against a host, if it is one at all.
  static boolean isNoLog(Report report) {
    return report.log() == null;
  }

  /** Prints the report; nothing of it can move a terminal's cursor. */
  void print(Report report) {
    if (report.log() != null) {
      out.println("Log " + report.log());
    }
    switch (report.verdict()) {
      case VERIFIED -> printVerified(report.level());
      case DIVERGED, MISBEHAVED -> {
        if (isNoLog(report)) {
          String why = Terminal.printable(report.divergence().actual());
          out.println("Could not finish: " + source + " publishes no call log: " + why);
        } else {
          printDivergence(report);
        }
      }
      case UNDECIDED -> out.println("Could not finish: " + Terminal.printable(report.obstacle()));
    }
    out.println();
    printCounts(report);
    out.flush();
  }

  private void printVerified(Level level) {
    switch (level) {
      case RECEIPT -> out.println("Checkpoint verified. No entry was looked at.");
      case HASHES -> out.println("Hashes verified. Neither signatures nor calls were checked.");
      case SIGNATURES -> out.println("Hashes and signatures verified. No call was replayed.");
      case REPLAY -> {
        out.println("Call log verified.");
        out.println("Output files verified.");
      }
    }
  }

  private void printDivergence(Report report) {
    Divergence found = report.divergence();
    String method = found.method() == null ? "" : " (method " + found.method() + ")";
    out.println("NOT VERIFIED: " + found.kind().sentence() + ".");
    out.println("  at entry  " + found.index() + Terminal.printable(method));
    out.println("  expected  " + Terminal.printable(found.expected()));
    out.println("  actual    " + Terminal.printable(found.actual()));
    if (report.verdict() == Report.Verdict.MISBEHAVED) {
      out.println("The host has signed this: it is proved.");
    }
  }

  private void printCounts(Report report) {
    Counts counts = report.counts();
    if (report.since() > 0) {
      out.println(
          "Before:         "
              + plural(report.since(), "entry", "entries")
              + " verified by an earlier audit (--from-genesis checks them again)");
    }
    out.println(
        "Checked:        "
            + plural(counts.entries(), "entry", "entries")
            + ", "
            + plural(counts.signatures(), "signature", "signatures")
            + ", "
            + plural(counts.calls(), "call", "calls")
            + " replayed, "
            + ifAny(counts.timerTurns(), "timer replayed", "timers replayed")
            + ifAny(counts.images(), "heap image", "heap images")
            + plural(counts.files(), "file", "files")
            + " of "
            + plural(counts.fileBytes(), "byte", "bytes"));
    if (report.filesDigest() != null) {
      out.println("Files:          " + report.filesDigest());
    }
    out.println(
        "Taken on trust: "
            + plural(counts.oracleAnswers(), "oracle answer", "oracle answers")
            + ", "
            + plural(counts.entropy(), "random seed", "random seeds")
            + ", "
            + plural(counts.times(), "entry time", "entry times")
            + ", "
            + ifAny(counts.timerInputs(), "time of a timer", "times of timers")
            + ifAny(counts.aborts(), "turn ended by the watchdog", "turns ended by the watchdog")
            + "the order of calls before they were logged");
    if (report.debug()) {
      out.println(
          "                "
              + plural(counts.unsignedCalls(), "unsigned call", "unsigned calls")
              + ": this is a debug host, its callers are not authenticated");
    }
  }

  // What most logs have none of.
  private static String ifAny(long count, String one, String many) {
    return count == 0 ? "" : plural(count, one, many) + ", ";
  }

  private static String plural(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
