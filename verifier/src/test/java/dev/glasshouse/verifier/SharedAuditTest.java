package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audits that machines share, and what their reports come to together. */
final class SharedAuditTest {
  private static final Identity AUDITOR = HonestLog.identity("auditor");
  private static final int MOST = 4;

  // Apart from this class, whose methods the host's thread calls: it would wait for it forever.
  private static final class Told {
    static final PublishedLog LOG = HonestLog.run(Story.SIGNED, SharedAuditTest::tell);
  }

  private static void tell(HonestLog log) {
    Peer alice = new Peer("alice", 1);
    Peer bob = new Peer("bob", 2);
    log.call(alice, method("add", "1"), method("fail", "\"why\""));
    log.image();
    log.call(bob, method("write", "\"/a.txt\"", "\"hello\""), method("two"));
    log.show(bob);
    log.call(bob, method("random"));
    log.image();
    log.call(alice, method("long", "3000"));
    log.call(bob, method("move", "\"/a.txt\"", "\"/b.txt\""));
    log.image();
    log.call(alice, method("fetched"), method("answer"));
    log.call(alice, method("add", "2"));
  }

  private static AuditSettings settings(int index, int of, PublishedLog upTo) {
    return new AuditSettings(
        Level.REPLAY,
        index % 2 + 1,
        Optional.empty(),
        Optional.of(new Share(index, of)),
        Optional.ofNullable(upTo).map(log -> Note.parse(log.checkpoint, Note.MAX_BYTES)));
  }

  private static Report share(LogReader log, int index, int of, Expectations expectations) {
    return Audits.audit(V8Engine.instance(), log, expectations, settings(index, of, null)).report();
  }

  private static List<byte[]> reports(LogReader log, int of, Expectations expectations) {
    List<byte[]> reports = new ArrayList<>();
    for (int i = 1; i <= of; i++) {
      reports.add(SignedReport.sign(share(log, i, of, expectations), AUDITOR));
    }
    Collections.reverse(reports);
    return reports;
  }

  private static Report joined(LogReader log, int of, Expectations expectations) {
    return SharedAudit.of(reports(log, of, expectations), Set.of(AUDITOR.publicKey())).report();
  }

  // What is read back from JSON has no evidence, and says all else.
  private static void requireAsSerial(String what, PublishedLog log, Expectations expectations) {
    Report serial =
        Audits.audit(V8Engine.instance(), log, expectations, AuditSettings.FULL).report();
    for (int of = 1; of <= MOST; of++) {
      Report joined = joined(log, of, expectations);
      String which = what + " in " + of + ": " + serial + " and " + joined;
      assertEquals(serial.verdict(), joined.verdict(), which);
      assertEquals(serial.divergence(), joined.divergence(), which);
      assertEquals(serial.obstacle(), joined.obstacle(), which);
      assertEquals(serial.log(), joined.log(), which);
      assertEquals(serial.checkpoint(), joined.checkpoint(), which);
      if (serial.verdict() == Verdict.VERIFIED) {
        assertEquals(Audits.counts(serial), Audits.counts(joined), which);
        assertEquals(serial.filesDigest(), joined.filesDigest(), which);
        assertEquals(serial.filesRoot(), joined.filesRoot(), which);
      }
    }
  }

  @Test
  void honestLogsAreVerified() {
    requireAsSerial("timers", TimerStory.signed(), Expectations.NONE);
    requireAsSerial("unsigned timers", TimerStory.unsigned(), Expectations.NONE);
    requireAsSerial("no images", Story.counting(), Expectations.NONE);
    requireAsSerial("three images", Told.LOG.copy(), Expectations.NONE);
    assertEquals(Verdict.VERIFIED, joined(Told.LOG.copy(), 3, Expectations.NONE).verdict());
  }

  static Stream<Lie> lies() {
    // Some of each: all of them take a minute.
    return Stream.of(ImageLiesTest.heaps(), ImageLiesTest.timers(), ImageLiesTest.places())
        .flatMap(lies -> lies.limit(2));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void liesAboutImagesComeToTheSame(Lie lie) {
    requireAsSerial(lie.name(), (PublishedLog) lie.log(), lie.auditor());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyLieComesToTheSame(long seed) {
    Random random = new Random(seed);
    PublishedLog log = (random.nextBoolean() ? Told.LOG : TimerStory.signed()).copy();
    StringBuilder told = new StringBuilder("seed " + seed);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int index = random.nextInt(log.size());
      told.append(", entry ").append(index);
      lie(log, index, random);
    }
    log.rebuild();
    requireAsSerial(told.toString(), log, Expectations.NONE);
  }

  // Some changes have nothing to change, and the log stays honest.
  private static void lie(PublishedLog log, int index, Random random) {
    log.edit(
        index,
        entry -> {
          switch (random.nextInt(6)) {
            case 0 -> entry.put("writes", Hash.of("lie " + index).hex());
            case 1 -> entry.computeIfPresent("time", (name, time) -> (Long) time - 1001);
            case 2 -> entry.computeIfPresent("due", (name, due) -> (Long) due + 1);
            case 3 ->
                entry.computeIfPresent("request", (name, it) -> swapped(it, "\"n\":1", "\"n\":9"));
            case 4 ->
                entry.computeIfPresent("request", (name, it) -> swapped(it, "\"add\"", "\"who\""));
            default -> {
              if (entry.get("outcomes") instanceof List<?> list && list.get(0) instanceof Map) {
                PublishedLog.object(list.get(0)).put("fuel", 7L);
              }
            }
          }
        });
  }

  private static Object swapped(Object text, String from, String to) {
    return text instanceof String string ? string.replace(from, to) : text;
  }

  @Test
  void aSignatureOfAnotherSegmentIsLeftToIt() {
    PublishedLog log = Told.LOG.copy();
    Consumer<Map<String, Object>> change =
        entry -> entry.put("request", swapped(entry.get("request"), "\"random\"", "\"who\""));
    log.lie(4, change);

    Report first = share(log, 1, 3, Expectations.NONE);
    Report second = share(log, 2, 3, Expectations.NONE);

    assertEquals(Verdict.VERIFIED, first.verdict(), first::toString);
    assertEquals(Kind.SIGNATURE, second.divergence().kind());
    assertEquals(4, second.divergence().index());
    assertFalse(second.segment().holds());
    requireAsSerial("a signature", log, Expectations.NONE);
  }

  @Test
  void theSegmentsFollowFromTheImagesOfTheLog() {
    PublishedLog log = Told.LOG.copy();
    List<Segment> segments = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      segments.add(share(log, i, 4, Expectations.NONE).segment());
    }
    assertEquals(0, segments.get(0).from());
    assertEquals(log.size(), segments.get(3).to());
    for (int i = 1; i < 4; i++) {
      assertEquals(segments.get(i - 1).to(), segments.get(i).from());
      assertEquals(segments.get(i - 1).end(), segments.get(i).begin());
      assertTrue(segments.get(i).holds());
      String root =
          (String)
              PublishedLog.object(log.entry((int) segments.get(i).from() - 1).get("heap"))
                  .get("root");
      assertEquals(root, segments.get(i).begin().hex());
    }
    // What the host says of its images changes nothing.
    LogReader silent =
        new ChangedSource(log) {
          @Override
          public List<Long> images() {
            return List.of(1L);
          }
        };
    assertEquals(segments.get(2), share(silent, 3, 4, Expectations.NONE).segment());
  }

  @Test
  void anImageThatIsWithheldLeavesItsSegmentUndecided() {
    PublishedLog log = Told.LOG.copy();
    log.pages.clear();

    Report report = share(log, 2, 2, Expectations.NONE);

    assertEquals(Verdict.UNDECIDED, report.verdict());
    assertTrue(
        report.obstacle().startsWith("the replay of entries 6 to 10 begins with the image at"),
        report::obstacle);
    assertEquals(Verdict.VERIFIED, share(log, 1, 2, Expectations.NONE).verdict());
    assertEquals(report.obstacle(), joined(log, 2, Expectations.NONE).obstacle());
    assertEquals(Verdict.VERIFIED, joined(log, 1, Expectations.NONE).verdict());
  }

  @Test
  void allAuditUpToTheCheckpointThatIsGiven() {
    PublishedLog before = Told.LOG.prefix(7);
    PublishedLog log = Told.LOG.copy();
    List<byte[]> reports = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      // One of them knows the newest checkpoint already.
      Expectations known = i == 1 ? Expectations.NONE : Audits.kept(log.signedCheckpoint());
      Report report =
          Audits.audit(V8Engine.instance(), log, known, settings(i, 2, before)).report();
      assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
      reports.add(SignedReport.sign(report, AUDITOR));
    }
    Report joined = SharedAudit.of(reports, Set.of()).report();
    assertEquals(Verdict.VERIFIED, joined.verdict());
    assertEquals(7, joined.checkpoint().head().size());
    assertEquals(7, joined.counts().entries());

    reports.set(0, SignedReport.sign(share(log, 1, 2, Expectations.NONE), AUDITOR));
    assertMalformed("up to several checkpoints, of 11 and 7 entries", reports);
  }

  @Test
  void aCheckpointOfAnotherLogAccusesNobody() {
    Report report =
        Audits.audit(
                V8Engine.instance(),
                Told.LOG.copy(),
                Expectations.NONE,
                settings(1, 2, TimerStory.signed()))
            .report();
    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
  }

  @Test
  void aGivenCheckpointOfAForkIsProved() {
    PublishedLog fork =
        Told.LOG.prefix(7).lie(6, entry -> entry.put("writes", Hash.of("other").hex()));
    PublishedLog log = Told.LOG.copy();
    Report report =
        Audits.audit(
                V8Engine.instance(), log, Audits.kept(log.signedCheckpoint()), settings(1, 1, fork))
            .report();
    assertEquals(Verdict.MISBEHAVED, report.verdict(), report::toString);
    assertEquals(Kind.FORK, report.divergence().kind());
  }

  private static void assertMalformed(String message, List<byte[]> reports) {
    MalformedException e =
        assertThrows(MalformedException.class, () -> SharedAudit.of(reports, Set.of()));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void onlyTheSegmentsOfOneAuditAreJoined() {
    PublishedLog log = Told.LOG.copy();
    List<byte[]> reports = reports(log, 2, Expectations.NONE);
    assertMalformed("2/2 is not", reports.subList(1, 2));
    assertMalformed("2/2 is not", List.of(reports.get(1), reports.get(1)));
    assertMalformed("more reports", List.of(reports.get(0), reports.get(1), reports.get(0)));
    assertMalformed("no report", List.of());
    Report other = share(TimerStory.signed(), 1, 2, Expectations.NONE);
    assertMalformed("several logs", List.of(reports.get(0), SignedReport.sign(other, AUDITOR)));
    assertMalformed(
        "of a whole log",
        List.of(SignedReport.sign(Audits.audit(log, Expectations.NONE), AUDITOR)));
    assertMalformed("a signed report has", List.of("{}".getBytes(UTF_8)));
    assertThrows(
        UnverifiedException.class,
        () -> SharedAudit.of(reports, Set.of(HonestLog.identity("other").publicKey())));
    byte[] changed =
        new String(reports.get(0), UTF_8).replace("\"index\":2", "\"index\":1").getBytes(UTF_8);
    assertThrows(UnverifiedException.class, () -> SharedAudit.of(List.of(changed), Set.of()));
  }

  @Test
  void segmentsThatDoNotFitAreNotVerified() {
    PublishedLog log = Told.LOG.copy();
    Map<String, Object> json = json(share(log, 2, 2, Expectations.NONE));
    Report first = share(log, 1, 2, Expectations.NONE);
    for (Map.Entry<String, Object> lie :
        Map.of("from", 7L, "to", 10L, "begin", (Object) Hash.ZERO.hex()).entrySet()) {
      Map<String, Object> changed = json(Report.fromJson(json));
      PublishedLog.object(changed.get("segment")).put(lie.getKey(), lie.getValue());
      Report joined =
          SharedAudit.of(
                  List.of(
                      SignedReport.sign(first, AUDITOR),
                      SignedReport.sign(Report.fromJson(changed), AUDITOR)),
                  Set.of())
              .report();
      assertEquals(Verdict.UNDECIDED, joined.verdict(), lie::toString);
      assertTrue(joined.obstacle().contains("do not fit together"), joined::obstacle);
    }
  }

  @Test
  void reportsAreReadAsTheyWereWritten() {
    for (PublishedLog log :
        List.of(
            TimerStory.signed(),
            Told.LOG.copy().lie(3, entry -> entry.put("writes", Hash.ZERO.hex())),
            Told.LOG.copy().lie(4, entry -> PublishedLog.outcome(entry, 0).put("fuel", 9L)))) {
      Report report = share(log, 1, 2, Expectations.NONE);
      Map<String, Object> json = json(report);
      assertEquals(json, json(Report.fromJson(json)));
    }
    assertThrows(MalformedException.class, () -> Report.fromJson(Map.of()));
    Map<String, Object> json = json(share(Told.LOG.copy(), 1, 2, Expectations.NONE));
    json.put("verdict", "undecided");
    assertThrows(MalformedException.class, () -> Report.fromJson(json));
    json.put("verdict", "verified");
    PublishedLog.object(json.get("segment")).put("holds", false);
    assertThrows(MalformedException.class, () -> Report.fromJson(json));
  }

  private static Map<String, Object> json(Report report) {
    return PublishedLog.object(CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
  }
}
