package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What reports come to together, whatever audits they are of. */
final class JoinedReportsTest {
  private static final Identity AUDITOR = HonestLog.identity("auditor");
  private static final Hash LOG = Hash.of("log");
  private static final Hash ONE = Hash.of("one image");
  private static final Hash OTHER = Hash.of("another image");
  private static final Counts COUNTS = new Counts(9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

  // Three parts of nine entries, with an image at the end of the first and of the second.
  private static final Segment FIRST = segment(1, 0, 4, null, ONE);
  private static final Segment SECOND = segment(2, 4, 7, ONE, OTHER);
  private static final Segment THIRD = segment(3, 7, 9, OTHER, null);

  private static Segment segment(int index, long from, long to, Hash begin, Hash end) {
    return new Segment(new Share(index, 3), from, to, begin, end, true);
  }

  private static Segment failed(Segment of) {
    return new Segment(of.share(), of.from(), of.to(), of.begin(), of.end(), false);
  }

  private static SignedCheckpoint checkpoint(long size) {
    TreeHead head = new TreeHead(size, Hash.of("root"));
    return SignedCheckpoint.sign("glasshouse/story", head, HonestLog.HOST);
  }

  private static Report verified(Segment segment) {
    return report(Verdict.VERIFIED, segment, LOG, checkpoint(9), null, null);
  }

  private static Report diverged(Segment segment, long index) {
    Divergence found = new Divergence(Kind.OUTCOME, index, "add", "1", "2");
    return report(Verdict.DIVERGED, segment, LOG, checkpoint(9), found, null);
  }

  private static Report undecided(Segment segment, String obstacle) {
    return report(Verdict.UNDECIDED, segment, LOG, checkpoint(9), null, obstacle);
  }

  private static Report report(
      Verdict verdict,
      Segment segment,
      Hash log,
      SignedCheckpoint checkpoint,
      Divergence found,
      String obstacle) {
    return new Report(
        verdict,
        Level.REPLAY,
        log,
        HonestLog.HOST.publicKey(),
        false,
        "v8",
        checkpoint,
        0,
        segment,
        Hash.of("files"),
        "h1:files",
        COUNTS,
        null,
        found,
        null,
        obstacle);
  }

  private static List<byte[]> signed(Report... reports) {
    List<byte[]> signed = new ArrayList<>();
    for (Report report : reports) {
      signed.add(SignedReport.sign(report, AUDITOR));
    }
    return signed;
  }

  private static Report joined(Report... reports) {
    List<byte[]> signed = signed(reports);
    Report joined = SharedAudit.of(signed, Set.of(AUDITOR.publicKey())).report();
    Collections.reverse(signed);
    Report reversed = SharedAudit.of(signed, Set.of()).report();
    assertEquals(joined, reversed, "the order of the files is of no matter");
    return joined;
  }

  private static void requireUndecided(String obstacle, Report... reports) {
    Report joined = joined(reports);
    assertEquals(Verdict.UNDECIDED, joined.verdict(), () -> obstacle + ": " + joined);
    assertTrue(joined.obstacle().contains(obstacle), joined::obstacle);
  }

  private static void requireMisfit(String misfit, Segment... segments) {
    Report[] reports =
        Arrays.stream(segments).map(JoinedReportsTest::verified).toArray(Report[]::new);
    requireUndecided("the reports do not fit together: " + misfit, reports);
  }

  private static void requireMalformed(String message, Report... reports) {
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> SharedAudit.of(signed(reports), Set.of()), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void segmentsThatFitAreVerified() {
    Report joined = joined(verified(FIRST), verified(SECOND), verified(THIRD));

    assertEquals(Verdict.VERIFIED, joined.verdict(), joined::toString);
    assertEquals(9, joined.counts().entries());
    assertEquals(3, joined.counts().calls());
    Segment whole = new Segment(new Share(1, 1), 0, 9, null, null, true);
    assertEquals(Verdict.VERIFIED, joined(verified(whole)).verdict());
  }

  @Test
  void segmentsThatLeaveAGapOrOverlapDoNotFit() {
    requireMisfit(
        "segment 1/3 is of entries 1 to 3, and should begin with entry 0",
        segment(1, 1, 4, null, ONE),
        SECOND,
        THIRD);
    requireMisfit("segment 2/3 is of entries 5 to 6", FIRST, segment(2, 5, 7, ONE, OTHER), THIRD);
    requireMisfit("segment 2/3 is of entries 3 to 6", FIRST, segment(2, 3, 7, ONE, OTHER), THIRD);
    requireMisfit(
        "segment 2/3 is of entries 4 to 2",
        FIRST,
        segment(2, 4, 3, ONE, OTHER),
        segment(3, 3, 9, OTHER, null));
    requireMisfit(
        "the last segment ends before the checkpoint",
        FIRST,
        SECOND,
        segment(3, 7, 8, OTHER, null));
  }

  @Test
  void segmentsThatMeetInDifferentImagesDoNotFit() {
    requireMisfit("segment 1/3 began with", segment(1, 0, 4, ONE, ONE), SECOND, THIRD);
    requireMisfit("segment 2/3 began with", FIRST, segment(2, 4, 7, null, OTHER), THIRD);
    requireMisfit("segment 2/3 began with", FIRST, segment(2, 4, 7, OTHER, OTHER), THIRD);
    requireMisfit("segment 2/3 began with", segment(1, 0, 4, null, null), SECOND, THIRD);
  }

  @Test
  void theFirstMisfitIsSaid() {
    requireMisfit(
        "segment 2/3 is of", FIRST, segment(2, 5, 7, ONE, OTHER), segment(3, 7, 8, OTHER, null));
  }

  @Test
  void theFirstSegmentThatDoesNotHoldDecides() {
    Report joined =
        joined(verified(FIRST), diverged(failed(SECOND), 5), diverged(failed(THIRD), 8));
    assertEquals(Verdict.DIVERGED, joined.verdict());
    assertEquals(5, joined.divergence().index());
    requireUndecided(
        "page withheld",
        verified(FIRST),
        undecided(failed(SECOND), "page withheld"),
        diverged(failed(THIRD), 8));
    // Whether later ones would fit it is of no matter.
    requireUndecided(
        "page withheld",
        verified(FIRST),
        undecided(failed(SECOND), "page withheld"),
        verified(segment(3, 8, 9, OTHER, null)));
  }

  @Test
  void aFindingBeforeTheSegmentsWereKnownDecides() {
    Segment unknown = Segment.unknown(new Share(2, 3));

    Report joined = joined(verified(FIRST), diverged(unknown, 0), verified(THIRD));

    assertEquals(Verdict.DIVERGED, joined.verdict(), joined::toString);
    assertEquals(0, joined.divergence().index());
  }

  @Test
  void whatAnybodyHasFoundOutweighsThatTheRestDoesNotFit() {
    Segment late = segment(2, 5, 7, ONE, OTHER);
    Report joined = joined(verified(FIRST), diverged(failed(late), 6), verified(THIRD));
    assertEquals(Verdict.DIVERGED, joined.verdict(), joined::toString);
    assertEquals(6, joined.divergence().index());
    requireUndecided(
        "the reports do not fit together: segment 2/3 is of entries 5 to 6",
        verified(FIRST),
        undecided(failed(late), "page withheld"),
        verified(THIRD));
  }

  @Test
  void whatIsFoundAboutTheWholeDecidesIfAllSegmentsHold() {
    Report joined = joined(verified(FIRST), diverged(SECOND, 9), verified(THIRD));
    assertEquals(Verdict.DIVERGED, joined.verdict(), joined::toString);
    requireUndecided(
        "a file is withheld",
        verified(FIRST),
        undecided(SECOND, "a file is withheld"),
        verified(THIRD));
  }

  @Test
  void thereIsOneReportOfEachSegment() {
    requireMalformed("there is no report to join");
    requireMalformed("and 3/3 is not", verified(FIRST), verified(SECOND));
    requireMalformed("and 1/3 is not", verified(SECOND), verified(THIRD));
    requireMalformed("and 2/3 is not", verified(FIRST), verified(FIRST), verified(THIRD));
    requireMalformed(
        "there are more reports than the audit's 3 segments",
        verified(FIRST),
        verified(SECOND),
        verified(THIRD),
        verified(THIRD));
    requireMalformed("a report is of a whole log, and not of a segment", verified(null));
  }

  @Test
  void allReportsAreOfOneLogUpToOneCheckpoint() {
    Report otherLog =
        report(Verdict.VERIFIED, THIRD, Hash.of("another log"), checkpoint(9), null, null);
    Report otherCheckpoint = report(Verdict.VERIFIED, THIRD, LOG, checkpoint(8), null, null);
    Report ignorant =
        report(
            Verdict.UNDECIDED, Segment.unknown(new Share(2, 3)), null, null, null, "unreachable");
    requireMalformed("of several logs", verified(FIRST), verified(SECOND), otherLog);
    requireMalformed("of several logs", verified(FIRST), ignorant, otherLog);
    requireMalformed(
        "up to several checkpoints, of 9 and 8 entries",
        verified(FIRST),
        verified(SECOND),
        otherCheckpoint);
    requireMalformed("up to several checkpoints", verified(FIRST), ignorant, otherCheckpoint);
    // Who has learnt nothing contradicts nobody.
    requireUndecided("unreachable", verified(FIRST), ignorant, verified(THIRD));
    Report first =
        report(
            Verdict.UNDECIDED, Segment.unknown(new Share(1, 3)), null, null, null, "unreachable");
    requireUndecided("unreachable", first, verified(SECOND), verified(THIRD));
  }

  @Test
  void onlyTheAuditorsThatAreNamedCount() {
    List<byte[]> signed = signed(verified(FIRST), verified(SECOND), verified(THIRD));
    Identity eve = HonestLog.identity("eve");
    assertEquals(
        Collections.nCopies(3, AUDITOR.publicKey()), SharedAudit.of(signed, Set.of()).auditors());
    signed.set(1, SignedReport.sign(verified(SECOND), eve));
    assertEquals(eve.publicKey(), SharedAudit.of(signed, Set.of()).auditors().get(1));
    assertThrows(
        UnverifiedException.class, () -> SharedAudit.of(signed, Set.of(AUDITOR.publicKey())));
  }
}
