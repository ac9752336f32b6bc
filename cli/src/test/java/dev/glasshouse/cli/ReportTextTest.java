package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.verifier.Counts;
import dev.glasshouse.verifier.DivergedCall;
import dev.glasshouse.verifier.DivergedCall.Result;
import dev.glasshouse.verifier.DivergedFile;
import dev.glasshouse.verifier.Divergence;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Level;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Report.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read of a finding: the call, what it consumed and came to, and the files. */
final class ReportTextTest {
  private static final Hash LOG = Hash.of("log");
  private static final Hash RIGHT = Hash.of("right");
  private static final Hash WRONG = Hash.of("wrong");
  private static final Counts COUNTS = new Counts(3, 2, 2, 0, 0, 1, 1, 0, 0, 0, 1, 0, 3, 0, 0);

  private static Report report(Verdict verdict, Hash log, Divergence found) {
    return new Report(
        verdict,
        Level.REPLAY,
        log,
        null,
        false,
        "v8",
        null,
        0,
        null,
        null,
        null,
        COUNTS,
        null,
        found,
        null,
        null);
  }

  private static String text(Report report) {
    StringWriter out = new StringWriter();
    new ReportText(new PrintWriter(out), "host").print(report);
    return out.toString();
  }

  // The lines between what was found and the counts.
  private static String finding(Divergence found) {
    String text = text(report(Verdict.DIVERGED, LOG, found));
    String head = "Log " + LOG + "\n";
    assertTrue(text.startsWith(head), text);
    int end = text.indexOf("\n\nChecked:        3 entries, 2 signatures, 2 calls replayed, ");
    assertTrue(end > 0, text);
    return text.substring(head.length(), end);
  }

  private static Divergence outcome(DivergedCall call) {
    return new Divergence(Kind.OUTCOME, 2, "add", "3", "4", call, List.of());
  }

  @Test
  void aCallIsNamedWithItsArgumentsInputsAndFuel() {
    DivergedCall call =
        new DivergedCall(
            1,
            3,
            "add",
            "[2]",
            List.of("random 0011", "oracle v7"),
            new Result("{\"ok\":\"3\"}", 40),
            new Result("{\"ok\":\"4\"}", 41),
            RIGHT,
            WRONG);
    assertEquals(
        """
        NOT VERIFIED: the outcome is another.
          at entry  2 (method add)
          expected  3
          actual    4
          call      2 of 3: add [2]
          input     random 0011
          input     oracle v7
          fuel      40 expected, 41 in the log
          writes    %s expected, %s in the log\
        """
            .formatted(RIGHT, WRONG),
        finding(outcome(call)));
  }

  @Test
  void whatIsTheSameOrNotKnownIsNotShown() {
    DivergedCall same =
        new DivergedCall(
            0, 1, "add", "[2]", List.of(), new Result("a", 7), new Result("b", 7), RIGHT, RIGHT);
    DivergedCall unknown =
        new DivergedCall(DivergedCall.UNKNOWN, 3, null, null, List.of(), null, null, null, WRONG);
    DivergedCall turn =
        new DivergedCall(0, 0, null, null, List.of("now 5"), null, null, null, WRONG);
    String head =
        """
        NOT VERIFIED: the outcome is another.
          at entry  2 (method add)
          expected  3
          actual    4\
        """;
    assertEquals(head + "\n  call      1 of 1: add [2]", finding(outcome(same)));
    assertEquals(head + "\n  call      one of 3", finding(outcome(unknown)));
    assertEquals(head + "\n  input     now 5", finding(outcome(turn)));
    assertEquals(head, finding(outcome(null)));
    Divergence whole = new Divergence(Kind.TREE, 3, null, "x", "y");
    assertTrue(finding(whole).contains("  at entry  3\n"), "without a method");
  }

  @Test
  void longTextsAreCut() {
    String params = "[\"" + "p".repeat(500) + "\"]";
    DivergedCall call =
        new DivergedCall(
            0, 1, "add", params, List.of("fetch " + "f".repeat(500)), null, null, null, null);
    String said = finding(outcome(call));
    assertTrue(said.contains("\n  call      1 of 1: add [\"" + "p".repeat(194) + "\u2026\n"), said);
    assertTrue(said.endsWith("\n  input     fetch " + "f".repeat(194) + "\u2026"), said);
  }

  @Test
  void filesAreShownAsADifference() {
    DivergedFile text =
        new DivergedFile(
            "/notes/a.txt",
            "2 bytes",
            "3 bytes",
            List.of("@@ -1,2 +1,2 @@", " one", "-two", "+\tthree"));
    DivergedFile binary = new DivergedFile("/b.png", "absent", "4 bytes", List.of());
    Divergence found =
        new Divergence(Kind.FILES, 1, null, "these", "those", null, List.of(text, binary));
    assertEquals(
        """
        NOT VERIFIED: the changes to the files are others.
          at entry  1
          expected  these
          actual    those
          --- /notes/a.txt as it must be
          +++ /notes/a.txt as the log has it
          @@ -1,2 +1,2 @@
           one
          -two
          + three\
        """,
        finding(found));
  }

  @Test
  void nothingOfAFindingSteersTheTerminal() {
    String evil = "\u001b[2J\r\u0007\u202e\n";
    DivergedCall call =
        new DivergedCall(
            0,
            1,
            "m" + evil,
            "[" + evil + "]",
            List.of("fetch " + evil),
            new Result(evil, 1),
            new Result(evil, 2),
            RIGHT,
            WRONG);
    DivergedFile file = new DivergedFile("/" + evil, evil, evil, List.of("-" + evil, "+" + evil));
    Divergence found = new Divergence(Kind.FILES, 1, evil, evil, evil, call, List.of(file));
    String said = finding(found);
    assertFalse(said.chars().anyMatch(c -> c < ' ' && c != '\n'), said);
    assertFalse(said.contains("\u202e"), said);
    // A line for each thing that is said, and no more.
    assertEquals(12, said.split("\n", -1).length, said);
  }

  @Test
  void aProvedFindingSaysSoAndAnUndecidedOneAccusesNobody() {
    Divergence found = new Divergence(Kind.SIGNATURE, 1, null, "a signature", "one that fails");
    String proved = text(report(Verdict.MISBEHAVED, LOG, found));
    assertTrue(proved.contains("\nThe host has signed this: it is proved.\n"), proved);
    assertFalse(finding(found).contains("proved"), "unless it is");

    String noLog = text(report(Verdict.DIVERGED, null, found));
    assertTrue(
        noLog.startsWith("Could not finish: host publishes no call log: one that fails\n"), noLog);
    Report undecided =
        new Report(
            Verdict.UNDECIDED,
            Level.REPLAY,
            LOG,
            null,
            false,
            "v8",
            null,
            0,
            null,
            null,
            null,
            COUNTS,
            null,
            null,
            null,
            "no answer\u001b[2J");
    String said = text(undecided);
    assertTrue(said.startsWith("Log " + LOG + "\nCould not finish: no answer"), said);
    assertFalse(said.contains("\u001b"), said);
    assertFalse(said.contains("NOT VERIFIED"), said);
  }
}
