package dev.glasshouse.cli;

import dev.glasshouse.verifier.Counts;
import dev.glasshouse.verifier.DivergedCall;
import dev.glasshouse.verifier.DivergedFile;
import dev.glasshouse.verifier.Divergence;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Segment;
import java.io.PrintWriter;
import java.util.Locale;

/** What an audit came to, for people. */
final class ReportText {
  private static final int MAX_LINE = 200;

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
      case VERIFIED -> printVerified(report);
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

  private void printVerified(Report report) {
    if (report.segment() != null) {
      out.println("Segment " + report.segment().share() + " verified.");
      out.println("Output files verified.");
      return;
    }
    switch (report.level()) {
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
    if (found.call() != null) {
      printCall(found.call());
    }
    found.files().forEach(this::printFile);
    if (report.verdict() == Report.Verdict.MISBEHAVED) {
      out.println("The host has signed this: it is proved.");
    }
  }

  private void printCall(DivergedCall call) {
    if (call.method() != null) {
      String which = call.position() + 1 + " of " + call.of();
      line("call", which + ": " + cut(call.method() + " " + call.params()));
    } else if (call.of() > 0) {
      line("call", "one of " + call.of());
    }
    for (String input : call.inputs()) {
      line("input", cut(input));
    }
    if (call.expected() != null && call.expected().fuel() != call.actual().fuel()) {
      line("fuel", call.expected().fuel() + " expected, " + call.actual().fuel() + " in the log");
    }
    if (call.expectedWrites() != null && !call.expectedWrites().equals(call.actualWrites())) {
      line("writes", call.expectedWrites() + " expected, " + call.actualWrites() + " in the log");
    }
  }

  private void printFile(DivergedFile file) {
    if (file.diff().isEmpty()) {
      // Size and hash stand in the finding already.
      return;
    }
    out.println("  --- " + Terminal.printable(file.path()) + " as it must be");
    out.println("  +++ " + Terminal.printable(file.path()) + " as the log has it");
    for (String diff : file.diff()) {
      out.println("  " + Terminal.printable(diff.replace('\t', ' ')));
    }
  }

  private void line(String name, String text) {
    out.println(String.format(Locale.ROOT, "  %-10s", name) + Terminal.printable(text));
  }

  private static String cut(String text) {
    return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "\u2026";
  }

  private void printSegment(Segment segment) {
    if (segment.to() > segment.from()) {
      out.println(
          "Segment:        "
              + segment.share()
              + ", entries "
              + segment.from()
              + " to "
              + (segment.to() - 1)
              + "; the rest is for other machines (glass verify --join)");
    } else {
      out.println("Segment:        " + segment.share() + ", no entries");
    }
  }

  private void printCounts(Report report) {
    Counts counts = report.counts();
    if (report.segment() != null) {
      printSegment(report.segment());
    }
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
    WitnessText.print(report, out);
    long witnessed = report.witnesses() == null ? 0 : report.witnesses().between();
    out.println(
        "Taken on trust: "
            + plural(counts.oracleAnswers(), "oracle answer", "oracle answers")
            + ", "
            + plural(counts.entropy(), "random seed", "random seeds")
            + ", "
            + plural(counts.times() - witnessed, "entry time", "entry times")
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
