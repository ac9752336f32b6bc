package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.HonestLog.Settings;
import dev.glasshouse.vm.sandbox.Script;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An honest host with timers, images and a watchdog. */
final class TimerHostTest {
  @Test
  void theWholeStoryIsVerifiedAndCounted() {
    Report report = Audits.requireVerified(TimerStory.signed(), "timers");

    // Of the calls, those of the aborted request were not executed. Two timers wrote a file.
    Counts expected = new Counts(18, 9, 13, 4, 3, 1, 1, 2, 34, 0, 1, 7, 18, 2, 0);
    assertEquals(expected, report.counts());
    Map<String, Object> json =
        PublishedLog.object(CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
    assertEquals(
        "{blobs=1, calls=13, entries=18, fileBytes=34, files=2, images=3, signatures=9, tiles=1,"
            + " timerTurns=4}",
        json.get("checked").toString());
    assertEquals(
        "{aborts=2, entropy=1, oracleAnswers=0, timerInputs=7, times=18, unsignedCalls=0}",
        json.get("trusted").toString());
  }

  @Test
  void aTurnOfNobodyIsNoUnsignedCall() {
    Report report = Audits.requireVerified(TimerStory.unsigned(), "unsigned");

    // Three requests, one of them aborted; a turn and an image.
    assertEquals(3, report.counts().unsignedCalls());
    assertEquals(2, report.counts().calls());
    assertEquals(1, report.counts().aborts());
    assertEquals(0, report.counts().signatures());
  }

  @Test
  void everyPrefixIsVerified() {
    PublishedLog log = TimerStory.signed();
    for (int size = 1; size <= log.size(); size++) {
      Audits.requireVerified(log.prefix(size), "size " + size);
    }
  }

  @Test
  void aScriptThatWaitsWhileItLoadsIsVerified() {
    String source =
        """
        await new Promise((resolve) => setTimeout(resolve, 700))
        const loaded = Date.now()
        export const at = () => loaded
        """;
    Script script = new Script("waits.mjs", Script.Kind.MODULE, source);
    PublishedLog log =
        HonestLog.run(
            new Settings(script, Story.LIMITS, true, 31), host -> host.user(null, method("at")));

    Report report = Audits.requireVerified(log, "waits while it loads");
    assertEquals(1, report.counts().timerInputs());

    log.lie(1, entry -> entry.put("time", HonestLog.START + 702));
    Divergence found = Audits.audit(log, Expectations.NONE).divergence();
    assertEquals(Divergence.Kind.CHAIN, found.kind());
    assertEquals("a time not before " + (HonestLog.START + 703), found.expected());
  }

  @Test
  void moreEntropyThanTheLimitOfResultsIsVerified() {
    String source = "exports.draw = (n) => crypto.getRandomValues(new Uint8Array(n)).length";
    PublishedLog log =
        HonestLog.run(
            new Settings(source, Story.LIMITS, true, 32),
            host -> host.user(null, method("draw", "65536"), method("draw", "65537")));

    Report report = Audits.requireVerified(log, "65,536 bytes");
    assertEquals(1, report.counts().entropy());
    assertTrue(log.entry(1).toString().contains("QuotaExceededError"), log.entry(1)::toString);
  }

  static LongStream seeds() {
    return LongStream.range(0, 16);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noHonestRunIsAccused(long seed) {
    Random random = new Random(seed);
    Settings settings = new Settings(TimerStory.SOURCE, Story.LIMITS, false, 200 + seed);
    PublishedLog log = HonestLog.run(settings, host -> play(host, random));

    Audits.requireVerified(log, "seed " + seed);
  }

  private static void play(HonestLog host, Random random) {
    Peer peer = new Peer("alice", 1);
    int turns = 6 + random.nextInt(12);
    for (int i = 0; i < turns; i++) {
      if (random.nextInt(4) == 0) {
        host.image();
      } else if (host.hasTimer() && random.nextInt(3) == 0) {
        host.timer();
      } else {
        MethodCall[] calls = new MethodCall[1 + random.nextInt(3)];
        for (int c = 0; c < calls.length; c++) {
          calls[c] = call(random);
        }
        host.show(peer);
        host.call(peer, calls);
      }
    }
    host.image();
  }

  private static MethodCall call(Random random) {
    String wait = String.valueOf(random.nextInt(6000));
    String path = "\"/" + random.nextInt(3) + "\"";
    return switch (random.nextInt(11)) {
      case 0 -> method("sleep", wait);
      case 1 -> method("twice", wait);
      case 2 -> method("later", wait, path);
      case 3 -> method("diceLater", wait, path);
      case 4 -> method("failLater", wait);
      case 5 -> method("spinLater", wait);
      case 6 -> method("hangLater", wait);
      case 7 -> method("hang", path);
      case 8 -> method("sleep", "20000");
      case 9 -> method("keep", String.valueOf(random.nextInt(2_000_000)));
      default -> method("ticks");
    };
  }
}
