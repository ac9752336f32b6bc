package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.LogReader;
import java.util.Map;
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

  private static Map<String, Object> json(Report report) {
    byte[] bytes = report.toJson();
    Map<String, Object> json = PublishedLog.object(CanonicalJson.parse(bytes, 1 << 20));
    assertArrayEquals(bytes, CanonicalJson.format(json));
    return json;
  }
}
