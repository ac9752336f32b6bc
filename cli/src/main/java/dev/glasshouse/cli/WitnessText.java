package dev.glasshouse.cli;

import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Quorum;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Witnessed;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.stream.Collectors;

/** What witnesses say of a log, for people. */
final class WitnessText {
  private WitnessText() {}

  /** The lines of a report; none if nobody asked. */
  static void print(Report report, PrintWriter out) {
    Witnessed witnesses = report.witnesses();
    if (witnesses == null || report.checkpoint() == null) {
      return;
    }
    String said =
        witnesses.cosigned() == null
            ? "quorum not met"
            : quorum(witnesses.cosigned(), report.checkpoint(), witnesses.isMet());
    String age =
        witnesses.age().isPresent() ? ", " + age(witnesses.age().getAsLong()) + " ago" : "";
    out.println("Witnesses:      " + Terminal.printable(said + age));
    if (witnesses.between() > 0) {
      out.println(
          "                "
              + witnesses.between()
              + (witnesses.between() == 1 ? " entry time" : " entry times")
              + " between cosignatures that are at most "
              + age(witnesses.widest())
              + " apart");
    }
  }

  /** One line with the age of the newest cosignature that counts. */
  static String quorum(
      CosignedCheckpoint cosigned, SignedCheckpoint newest, Instant now, boolean isMet) {
    String said = quorum(cosigned, newest, isMet);
    if (cosigned.quorum().newest().isEmpty()) {
      return said;
    }
    long age = now.getEpochSecond() - cosigned.quorum().newest().getAsLong();
    return said + ", " + age(Math.max(0, age)) + " ago";
  }

  private static String quorum(
      CosignedCheckpoint cosigned, SignedCheckpoint newest, boolean isMet) {
    long size = cosigned.checkpoint().head().size();
    long all = Math.max(size, newest.head().size());
    String entries = size == all ? "all " + all + " entries" : size + " of " + all + " entries";
    return (isMet ? "quorum met for " : "quorum not met for ")
        + entries
        + ": "
        + who(cosigned.quorum());
  }

  /** Which witnesses of a policy have cosigned, and when. */
  static String who(Quorum quorum) {
    String who =
        quorum.cosigned().stream().map(WitnessText::witness).collect(Collectors.joining(", "));
    return who.isEmpty() ? "no cosignatures" : who;
  }

  private static String witness(Quorum.Cosigned each) {
    return each.witness().name()
        + (each.counts() ? "" : " (does not count)")
        + " "
        + instant(each.time());
  }

  /** The time of a cosignature. */
  static Instant instant(long second) {
    return Instant.ofEpochSecond(Math.min(second, Instant.MAX.getEpochSecond()));
  }

  private static String age(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
