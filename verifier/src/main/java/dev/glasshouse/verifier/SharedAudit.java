package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.verifier.SignedReport.Vouched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * An audit that machines have shared, put together from their signed reports. What it comes to is
 * what one machine alone would have found, as far as the auditors who signed are believed.
 */
public final class SharedAudit {
  // In the order of the log.
  private final List<Vouched> reports;

  private SharedAudit(List<Vouched> reports) {
    this.reports = reports;
  }

  /**
   * Takes the reports, in any order.
   *
   * @param auditors whose signatures count; empty for whoever signed
   * @throws MalformedException if one is no signed report, or they are not the segments of one
   *     audit: one of each, of one log up to one checkpoint
   * @throws UnverifiedException if one is signed by nobody whose signature counts
   */
  public static SharedAudit of(List<byte[]> signed, Set<PublicKey> auditors) {
    List<Vouched> reports = new ArrayList<>();
    for (byte[] bytes : signed) {
      Vouched vouched = SignedReport.read(bytes);
      if (!auditors.isEmpty() && !auditors.contains(vouched.auditor())) {
        throw new UnverifiedException(
            "a report is signed by "
                + vouched.auditor().format()
                + ", which is none of the keys that were named");
      }
      if (vouched.report().segment() == null) {
        throw new MalformedException("a report is of a whole log, and not of a segment");
      }
      reports.add(vouched);
    }
    reports.sort(Comparator.comparingInt(each -> share(each).index()));
    requireEachOnce(reports);
    requireOneLog(reports);
    return new SharedAudit(reports);
  }

  private static Share share(Vouched vouched) {
    return vouched.report().segment().share();
  }

  private static void requireEachOnce(List<Vouched> reports) {
    if (reports.isEmpty()) {
      throw new MalformedException("there is no report to join");
    }
    int of = share(reports.get(0)).of();
    for (int i = 0; i < of; i++) {
      Share expected = new Share(i + 1, of);
      if (i >= reports.size() || !share(reports.get(i)).equals(expected)) {
        throw new MalformedException(
            "there must be one report of each of " + of + " segments, and " + expected + " is not");
      }
    }
    if (reports.size() > of) {
      throw new MalformedException("there are more reports than the audit's " + of + " segments");
    }
  }

  // What was not learnt by one of them contradicts none.
  private static void requireOneLog(List<Vouched> reports) {
    Hash log = null;
    Checkpoint checkpoint = null;
    for (Vouched each : reports) {
      Report report = each.report();
      if (log != null && report.log() != null && !log.equals(report.log())) {
        throw new MalformedException("the reports are of several logs");
      }
      log = report.log() == null ? log : report.log();
      Checkpoint one = report.checkpoint() == null ? null : report.checkpoint().checkpoint();
      if (checkpoint != null && one != null && !checkpoint.equals(one)) {
        throw new MalformedException(
            "the reports are up to several checkpoints, of "
                + checkpoint.head().size()
                + " and "
                + one.head().size()
                + " entries; give --checkpoint to each audit");
      }
      checkpoint = one == null ? checkpoint : one;
    }
  }

  /** Who signed, in the order of the log. */
  public List<PublicKey> auditors() {
    return reports.stream().map(Vouched::auditor).toList();
  }

  /**
   * What the audit comes to: what the first segment found that did not hold; else what was found
   * about the log as a whole; else it is verified. Undecided if segments leave a gap, overlap, or
   * begin with another image than the one before has shown.
   */
  public Report report() {
    Optional<String> misfit = Optional.empty();
    Segment before = null;
    for (Vouched each : reports) {
      Report report = each.report();
      Segment segment = report.segment();
      misfit = misfit.or(new Seam(before, segment)::misfit);
      if (!segment.holds()) {
        return misfit.isPresent() ? misfitting(misfit.get()) : joined(report);
      }
      before = segment;
    }
    Optional<Report> ofAll =
        reports.stream()
            .map(Vouched::report)
            .filter(report -> report.verdict() != Verdict.VERIFIED)
            .findFirst();
    if (ofAll.isPresent()) {
      return joined(ofAll.get());
    }
    Report first = reports.get(0).report();
    if (before.to() != first.checkpoint().head().size()) {
      misfit = misfit.or(() -> Optional.of("the last segment ends before the checkpoint"));
    }
    return misfit.isPresent() ? misfitting(misfit.get()) : joined(first);
  }

  /** Where one segment ends and the next begins. */
  private record Seam(Segment before, Segment after) {
    Optional<String> misfit() {
      if (!after.isKnown()) {
        // It has found something before it could know.
        return Optional.empty();
      }
      long end = before == null ? 0 : before.to();
      if (after.from() != end || after.to() < after.from()) {
        return Optional.of(
            "segment "
                + after.share()
                + " is of entries "
                + after.from()
                + " to "
                + (after.to() - 1)
                + ", and should begin with entry "
                + end);
      }
      Hash image = before == null ? null : before.end();
      if ((image == null) != (after.begin() == null)
          || (image != null && !image.equals(after.begin()))) {
        return Optional.of(
            "segment "
                + after.share()
                + " began with the image "
                + after.begin()
                + ", and the one before it ended with "
                + image);
      }
      return Optional.empty();
    }
  }

  // What anybody has found outweighs that the rest does not fit.
  private Report misfitting(String misfit) {
    return reports.stream()
        .map(Vouched::report)
        .filter(report -> report.divergence() != null)
        .findFirst()
        .map(this::joined)
        .orElseGet(
            () ->
                joined(
                    reports.get(0).report(),
                    Verdict.UNDECIDED,
                    null,
                    "the reports do not fit together: " + misfit));
  }

  private Report joined(Report decisive) {
    return joined(decisive, decisive.verdict(), decisive.divergence(), decisive.obstacle());
  }

  private Report joined(Report of, Verdict verdict, Divergence divergence, String obstacle) {
    return new Report(
        verdict,
        of.level(),
        of.log(),
        of.host(),
        of.debug(),
        of.engine(),
        of.checkpoint(),
        0,
        null,
        of.filesRoot(),
        of.filesDigest(),
        counts(),
        null,
        divergence,
        null,
        obstacle);
  }

  // Of what only one machine checks, the sum; of what all of them check, what one has checked.
  private Counts counts() {
    return new Counts(
        most(Counts::entries),
        sum(Counts::signatures),
        sum(Counts::calls),
        sum(Counts::timerTurns),
        sum(Counts::images),
        sum(Counts::blobs),
        most(Counts::tiles),
        most(Counts::files),
        most(Counts::fileBytes),
        most(Counts::oracleAnswers),
        most(Counts::entropy),
        most(Counts::timerInputs),
        most(Counts::times),
        most(Counts::aborts),
        most(Counts::unsignedCalls));
  }

  private long sum(ToLongFunction<Counts> count) {
    return reports.stream().mapToLong(each -> count.applyAsLong(each.report().counts())).sum();
  }

  private long most(ToLongFunction<Counts> count) {
    return reports.stream()
        .mapToLong(each -> count.applyAsLong(each.report().counts()))
        .max()
        .orElse(0);
  }
}
