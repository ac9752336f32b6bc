package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ReportTest {
  @Test
  void aVerifiedReportAsJson() {
    PublishedLog log = Story.unsigned();

    Map<String, Object> json = json(Audits.audit(log, Expectations.NONE));

    assertEquals(
        "{blobs=1, calls=6, entries=6, fileBytes=1, files=1, images=0, signatures=1, tiles=1,"
            + " timerTurns=0}",
        json.get("checked").toString());
    assertEquals(
        "{aborts=0, entropy=1, oracleAnswers=0, timerInputs=0, times=6, unsignedCalls=4}",
        json.get("trusted").toString());
    assertEquals(new String(log.checkpoint(), UTF_8), json.get("checkpoint"));
    assertEquals(true, json.get("debug"));
    assertEquals(null, json.get("divergence"));
    assertEquals("v8", json.get("engine"));
    assertEquals(Entry.parse(log.entries.get(5), log).root().hex(), json.get("filesRoot"));
    assertEquals(log.id().hex(), json.get("log"));
    assertEquals(null, json.get("obstacle"));
    assertEquals("verified", json.get("verdict"));
    assertEquals(1L, json.get("v"));
    assertEquals(null, json.get("witnesses"));
    assertEquals(17, json.size());
  }

  @Test
  void aDivergedReportAsJson() {
    PublishedLog log =
        Story.counting()
            .lie(
                2,
                entry ->
                    PublishedLog.object(PublishedLog.list(entry.get("outcomes")).get(0))
                        .put("ok", "3"));

    Map<String, Object> json = json(Audits.audit(log, Expectations.NONE));

    assertEquals(
        "{actual={\"fuel\":0,\"ok\":\"3\"}, call={actual={fuel=0, outcome={\"ok\":\"3\"}},"
            + " actualWrites=%1$s, expected={fuel=0, outcome={\"ok\":\"2\"}},"
            + " expectedWrites=%1$s, inputs=[], method=add, of=1, params=[1], position=0},"
            + " expected={\"fuel\":0,\"ok\":\"2\"}, files=[], index=2, kind=OUTCOME, method=add}",
        json.get("divergence").toString().replace((String) log.entry(2).get("writes"), "%1$s"));
    assertEquals(null, json.get("segment"));
    assertEquals(HonestLog.HOST.publicKey().format(), json.get("host"));
    assertEquals("diverged", json.get("verdict"));
    assertEquals(null, json.get("obstacle"));
    assertEquals(false, json.get("debug"));
    assertEquals(3L, PublishedLog.object(json.get("checked")).get("entries"));
  }

  @Test
  void anUndecidedReportAsJson() {
    PublishedLog log = Story.counting();
    log.entries.remove(6);

    Map<String, Object> json = json(Audits.audit(log, Expectations.NONE));

    assertEquals("undecided", json.get("verdict"));
    assertEquals("the source does not have entry 6", json.get("obstacle"));
    assertEquals(null, json.get("divergence"));
    assertEquals(null, json.get("filesRoot"));
    assertEquals(null, json.get("log"));
    assertEquals(null, json.get("checkpoint"));
  }

  @Test
  void theVerifiersOwnFailureIsNoReport() {
    LogReader broken =
        new ChangedSource(Story.counting()) {
          @Override
          public byte[] checkpoint() {
            throw new IllegalStateException("a bug");
          }
        };

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> Audits.audit(broken, Expectations.NONE));

    assertEquals("a bug", e.getMessage());
  }

  @Test
  void everyKindHasASentence() {
    for (Divergence.Kind kind : Divergence.Kind.values()) {
      assertFalse(kind.sentence().isEmpty(), kind::name);
    }
  }

  /** Findings that say as much and as little as there is to say. */
  private static List<Report> reports() {
    PublishedLog files = Story.signed();
    files.lie(
        Story.WRITE,
        entry ->
            entry.put("root", Entry.parse(files.entries.get(Story.UNDONE), files).root().hex()));
    PublishedLog cut = Story.counting();
    cut.entries.remove(6);
    return List.of(
        audit(Story.unsigned(), Expectations.NONE),
        audit(Story.counting(), Audits.pinned(Hash.ZERO)),
        audit(
            Story.counting().lie(2, entry -> PublishedLog.outcome(entry, 0).put("ok", "3")),
            Expectations.NONE),
        audit(
            Story.signed().lie(Story.BATCH, entry -> entry.put("writes", Hash.ZERO.hex())),
            Expectations.NONE),
        audit(files, Expectations.NONE),
        audit(
            Story.counting().edit(2, entry -> entry.put("seq", 3L)).retile().sign(),
            Expectations.NONE),
        audit(cut, Expectations.NONE),
        audit(
            Story.signed().lie(Story.RANDOM, entry -> entry.put("inputs", new ArrayList<>())),
            Expectations.NONE));
  }

  private static Report audit(LogReader log, Expectations expectations) {
    return Audits.audit(V8Engine.instance(), log, expectations, AuditSettings.FULL).report();
  }

  @Test
  void isReadAsItWasWritten() {
    for (Report report : reports()) {
      Map<String, Object> json = json(report);
      assertEquals(json, json(Report.fromJson(json)), report::toString);
    }
  }

  @Test
  void whatIsNotKnownOfACallIsNull() {
    Map<String, Object> unknown = reports().get(3).divergence().call().toJson();
    assertNull(unknown.get("position"));
    assertNull(unknown.get("method"));
    assertNull(unknown.get("expected"));
    DivergedCall stopped = reports().get(7).divergence().call();
    assertNull(stopped.expectedWrites(), "the replay did not come so far");
    assertNull(stopped.toJson().get("expectedWrites"));
  }

  @Test
  void aFindingAboutFilesIsReadWithItsDifferences() {
    Report report = reports().get(4);

    Divergence read = Report.fromJson(json(report)).divergence();

    assertEquals(report.divergence(), read);
    assertFalse(read.files().isEmpty());
    assertFalse(read.files().get(0).diff().isEmpty());
  }

  @Test
  void aSegmentIsReadAsItWasWritten() {
    Share share = new Share(2, 3);
    for (Segment segment :
        List.of(
            Segment.unknown(share),
            new Segment(share, 0, 9, null, null, true),
            new Segment(share, 4, 9, Hash.of("begin"), Hash.of("end"), false))) {
      assertEquals(segment, Segment.fromJson(segment.toJson()));
      Map<String, Object> json = json(audit(Story.counting(), Audits.pinned(Hash.ZERO)));
      json.put("segment", segment.toJson());
      assertEquals(json, json(Report.fromJson(json)));
    }
    assertNull(Segment.unknown(share).toJson().get("from"));
    assertNull(Segment.unknown(share).toJson().get("to"));
  }

  @Test
  void aVerdictFitsWhatTheReportSays() {
    List<Report> reports = reports();
    Map<String, Object> verified = json(reports.get(0));
    Map<String, Object> diverged = json(reports.get(2));
    Map<String, Object> misbehaved = json(reports.get(5));
    Map<String, Object> undecided = json(reports.get(6));
    assertEquals("misbehaved", misbehaved.get("verdict"));
    Object found = diverged.get("divergence");
    Segment failed = new Segment(new Share(1, 2), 0, 3, null, null, false);

    requireUnfit(verified, "divergence", found);
    requireUnfit(verified, "obstacle", "why not");
    requireUnfit(verified, "log", null);
    requireUnfit(verified, "checkpoint", null);
    requireUnfit(verified, "segment", failed.toJson());
    requireUnfit(diverged, "divergence", null);
    requireUnfit(diverged, "obstacle", "why not");
    requireUnfit(misbehaved, "divergence", null);
    requireUnfit(undecided, "obstacle", null);
    requireUnfit(undecided, "divergence", found);
    // A part of an audit may hold, or be found wrong.
    verified.put("segment", failed.verified().toJson());
    assertEquals(verified, json(Report.fromJson(verified)));
    diverged.put("segment", failed.toJson());
    assertEquals(diverged, json(Report.fromJson(diverged)));
  }

  private static void requireUnfit(Map<String, Object> report, String name, Object value) {
    Map<String, Object> changed = new TreeMap<>(report);
    changed.put(name, value);
    MalformedException e =
        assertThrows(
            MalformedException.class,
            () -> Report.fromJson(changed),
            () -> report.get("verdict") + " with " + name + " " + value);
    assertTrue(
        e.getMessage().endsWith("a report whose verdict does not fit what it says"), e::getMessage);
  }

  private static Map<String, Object> json(Report report) {
    byte[] bytes = report.toJson();
    Map<String, Object> json = PublishedLog.object(CanonicalJson.parse(bytes, 1 << 20));
    assertArrayEquals(bytes, CanonicalJson.format(json));
    return json;
  }
}
