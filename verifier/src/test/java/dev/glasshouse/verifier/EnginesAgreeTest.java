package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.vm.sandbox.Engines;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two engines that nobody wrote together come to the same report, of logs that V8 executed when
 * they were live.
 */
final class EnginesAgreeTest {
  static Stream<PublishedLog> honest() {
    return Stream.of(TimerStory.signed(), Story.signed());
  }

  // One that each check finds, early in its log.
  static Stream<Lie> lies() {
    return Stream.of(
            TimerLiesTest.turns().limit(2),
            TimerLiesTest.outcomes().limit(1),
            TimerLiesTest.waiting().limit(1),
            ImageLiesTest.heaps().limit(1),
            ImageLiesTest.timers().limit(1),
            ReplayLiesTest.archive().limit(1))
        .flatMap(lies -> lies);
  }

  @ParameterizedTest
  @MethodSource("honest")
  void thatAnHonestLogIsVerified(PublishedLog log) {
    Map<String, Object> v8 = requireAgreement(log, Expectations.NONE);

    assertEquals("verified", v8.get("verdict"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void whereALogDiverges(Lie lie) {
    Map<String, Object> found = requireAgreement(lie.log(), lie.auditor());

    Map<String, Object> divergence = PublishedLog.object(found.get("divergence"));
    assertEquals(lie.kind().name(), divergence.get("kind"));
    assertEquals(lie.index(), divergence.get("index"));
  }

  // All but the name of the engine.
  private static Map<String, Object> requireAgreement(LogReader log, Expectations auditor) {
    Map<String, Object> v8 = report("v8", log, auditor);
    Map<String, Object> endive = report("endive", log, auditor);
    assertEquals("v8", v8.remove("engine"));
    assertEquals("endive", endive.remove("engine"));
    assertEquals(v8, endive);
    return v8;
  }

  private static Map<String, Object> report(String engine, LogReader log, Expectations auditor) {
    Report report = Audits.audit(Engines.named(engine), log, auditor);
    return PublishedLog.object(CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
  }
}
