package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static dev.glasshouse.verifier.PublishedLog.list;
import static dev.glasshouse.verifier.PublishedLog.object;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lies about aborted turns. That a turn was aborted is the host's word; that somebody asked for it,
 * and that it left nothing behind, is not. The log is chained and signed again after each.
 */
final class AbortLiesTest {
  /** What the story has after its last entry. */
  private static final int NEXT = TimerStory.LAST + 1;

  private static final String DUE = "a timer that is due, and the recorded inputs";

  static Stream<Lie> forged() {
    return Stream.of(
        Lie.of(
            "row 5: a signature that fails",
            TimerStory.signed()
                .lie(
                    TimerStory.HANG,
                    entry -> {
                      Map<String, Object> caller = object(entry.get("caller"));
                      byte[] bytes = Caller.parseSignature((String) caller.get("sig"));
                      bytes[40] ^= 1;
                      caller.put("sig", Caller.formatSignature(bytes));
                    }),
            Kind.SIGNATURE,
            TimerStory.HANG,
            null,
            "a signature by ed25519:",
            "one that fails"),
        Lie.of(
            "row 5: another request under the signature",
            TimerStory.signed()
                .lie(
                    TimerStory.HANG,
                    entry ->
                        entry.put(
                            "request", ((String) entry.get("request")).replace("100", "101"))),
            Kind.SIGNATURE,
            TimerStory.HANG,
            null,
            "a signature by ed25519:",
            "one that fails"),
        Lie.of(
            "row 5: another caller under the signature",
            TimerStory.signed()
                .lie(
                    TimerStory.HANG,
                    entry ->
                        object(entry.get("caller"))
                            .put("key", HonestLog.identity("eve").publicKey().format())),
            Kind.SIGNATURE,
            TimerStory.HANG,
            null,
            "a signature by " + HonestLog.identity("eve").publicKey().format(),
            "one that fails"),
        Lie.of(
            "row 5: a request of nobody's",
            TimerStory.signedAnd(log -> log.user(null, method("hang", "\"/x\""))),
            Kind.UNSIGNED,
            NEXT,
            null,
            "a signed call",
            "a call of a user at their word"),
        malformed("a caller without a request", entry -> entry.put("request", null), "null"),
        malformed("a request without a caller", entry -> entry.put("caller", null), "null"),
        malformed(
            "a request that is none", entry -> entry.put("request", "{\"calls\":[]}"), "\"v\""),
        malformed("inputs", entry -> list(entry.get("inputs")).add(new TreeMap<>()), "no inputs"),
        malformed(
            "an outcome", entry -> entry.put("outcomes", list(entry.get("inputs"))), "outcomes"));
  }

  static Stream<Lie> admitted() {
    return Stream.of(
        admitted(
            "row 17: aborts a call that was executed",
            log -> again(log, TimerStory.SLEEP),
            "number 2 of this session is used up; the last one used is 9"),
        admitted(
            "row 17: aborts a call again",
            log -> again(log, TimerStory.HANG),
            "number 4 of this session is used up; the last one used is 9"),
        executedAfterItsAbort(),
        admitted(
            "row 18: aborts a call signed for another log",
            log -> {
              Peer dave = new Peer("dave", 9);
              log.signed(
                  dave.identity(), dave.next(Story.unsigned().id(), method("hang", "\"/x\"")));
            },
            "the call is signed for log " + Story.unsigned().id()),
        admitted(
            "row 11: aborts a call of one who saw more than there was",
            log ->
                log.call(
                    new Peer("dave", 9).saw(Story.manyEntries().head()), method("hang", "\"/x\"")),
            "the caller has seen 600 entries, this log has 18"),
        Lie.of(
            "row 29: aborts a request over the limit",
            TimerStory.signedAnd(
                log ->
                    log.call(new Peer("dave", 9), method("hang", "\"" + "l".repeat(4096) + "\""))),
            Kind.ADMISSION,
            NEXT,
            null,
            "a request of at most 4096 bytes",
            "one of 43"));
  }

  static Stream<Lie> turns() {
    return Stream.of(
        Lie.of(
            "timers: aborts a turn when none is outstanding",
            abortedTurn(TimerStory.HANG, "time", HonestLog.START + 70_000),
            Kind.INPUTS,
            TimerStory.HANG,
            null,
            DUE,
            "no timer is due at " + (HonestLog.START + 70_000)),
        Lie.of(
            "timers: aborts a turn too early",
            TimerStory.signed()
                .lie(TimerStory.HUNG, entry -> entry.put("time", (Long) entry.get("time") - 1)),
            Kind.INPUTS,
            TimerStory.HUNG,
            null,
            DUE,
            "the earliest is due at " + (HonestLog.START + 77_000)),
        Lie.of(
            "timers: hides that a turn was aborted",
            removed(TimerStory.HUNG),
            Kind.INPUTS,
            TimerStory.HUNG,
            "sleep",
            "the recorded inputs",
            "the replay used 0"),
        Lie.of(
            "timers: a turn that failed is said to be aborted",
            abortedTurn(TimerStory.THROWN, "kind", "abort"),
            Kind.HEAP,
            TimerStory.NO_TIMER,
            null,
            "heap root ",
            "heap root "),
        Lie.of(
            "timers: a turn that wrote is said to be aborted",
            abortedTurn(TimerStory.TURN, "kind", "abort"),
            Kind.FILES,
            TimerStory.TURN,
            null,
            "/a.txt absent",
            "/a.txt of 16 bytes"),
        Lie.of(
            "timers: an aborted turn is said to have come to nothing",
            TimerStory.signed()
                .lie(
                    TimerStory.HUNG,
                    entry -> {
                      entry.remove("caller");
                      entry.remove("request");
                      entry.put("kind", "timer");
                      Map<String, Object> outcome = new TreeMap<>();
                      outcome.put("fuel", 0L);
                      outcome.put("ok", "null");
                      entry.put("outcome", outcome);
                    }),
            Kind.OUTCOME,
            TimerStory.HUNG,
            null,
            "\"trap\":\"fuel\"",
            "\"ok\":\"null\""));
  }

  static Stream<Lie> effects() {
    return Stream.of(
        files("root", TimerStory.HANG, "keep", "archive root "),
        files("writes", TimerStory.HANG, "keep", "writes "),
        files("root", TimerStory.HUNG, null, "archive root "),
        files("writes", TimerStory.HUNG, null, "writes "),
        Lie.of(
            "aborts: an executed call",
            TimerStory.signed().lie(TimerStory.ARMED, AbortLiesTest::abort),
            Kind.INPUTS,
            TimerStory.THROWN,
            null,
            DUE,
            "no timer is due"),
        Lie.of(
            "aborts: an aborted call is said to have been executed",
            TimerStory.signed()
                .lie(
                    TimerStory.HANG,
                    entry -> {
                      entry.put("kind", "call");
                      Map<String, Object> outcome = new TreeMap<>();
                      outcome.put("fuel", 0L);
                      outcome.put("ok", "100");
                      entry.put("outcomes", Stream.of(outcome, outcome).toList());
                    }),
            Kind.OUTCOME,
            TimerStory.HANG,
            "hang",
            "\"trap\":\"fuel\"",
            "\"ok\":\"100\""),
        Lie.of(
            "aborts: a time before the entry before it",
            TimerStory.signed().lie(TimerStory.HANG, entry -> entry.put("time", HonestLog.START)),
            Kind.CHAIN,
            TimerStory.HANG,
            null,
            "a time not before ",
            "time " + HonestLog.START));
  }

  @ParameterizedTest
  @MethodSource({"forged", "admitted", "turns", "effects"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void thatATurnTookTooLongIsTheHostsWord() {
    // What the report must count: a host can say so of any turn that nothing after it depends on.
    PublishedLog log = TimerStory.signed().lie(TimerStory.LAST, AbortLiesTest::abort);
    Report report = Audits.requireVerified(log, "the last call aborted");
    assertEquals(3, report.counts().aborts());
    assertEquals(12, report.counts().calls());
    assertEquals(9, report.counts().signatures());

    PublishedLog turn = abortedTurn(TimerStory.TURN, "kind", "abort").prefix(TimerStory.TURN);
    Audits.requireVerified(turn, "up to the turn");
  }

  @Test
  void aNumberAfterAnAbortedOneMayBeUsed() {
    Audits.requireVerified(
        TimerStory.signedAnd(
            log -> {
              Peer dave = new Peer("dave", 9);
              log.call(dave, method("hang", "\"/x\""));
              log.call(dave, method("ticks"));
            }),
        "a call after an aborted one");
  }

  // An executed call becomes one that was aborted; its files are as before it.
  private static void abort(Map<String, Object> entry) {
    entry.put("kind", "abort");
    entry.remove("outcomes");
    list(entry.get("inputs")).clear();
  }

  // The abort of a timer's turn in the place of another entry.
  private static PublishedLog abortedTurn(int index, String member, Object value) {
    PublishedLog log = TimerStory.signed();
    Map<String, Object> hung = log.entry(TimerStory.HUNG);
    Map<String, Object> replaced = log.entry(index);
    return log.lie(
        index,
        entry -> {
          entry.clear();
          entry.putAll(hung);
          for (String kept : new String[] {"time", "root", "writes"}) {
            entry.put(kept, replaced.get(kept));
          }
          entry.put(member, value);
        });
  }

  private static PublishedLog removed(int index) {
    PublishedLog log = TimerStory.signed();
    log.entries.remove(index);
    return log.rebuild();
  }

  private static Lie malformed(String name, Consumer<Map<String, Object>> change, String actual) {
    return Lie.of(
        "form: " + name,
        TimerStory.signed().lie(TimerStory.HANG, change),
        Kind.MALFORMED,
        TimerStory.HANG,
        null,
        "an entry in its canonical form",
        actual);
  }

  private static Lie admitted(String name, Consumer<HonestLog> calls, String actual) {
    PublishedLog log = TimerStory.signedAnd(calls);
    String request = log.entry(NEXT).get("request").toString();
    String method = request.split("\"method\":\"", -1)[1].split("\"", 2)[0];
    log.lie(
        NEXT,
        entry -> {
          if (entry.get("kind").equals("call")) {
            abort(entry);
          }
        });
    return Lie.of(
        name, log, Kind.ADMISSION, NEXT, method, "a call that may be entry " + NEXT, actual);
  }

  private static Lie executedAfterItsAbort() {
    PublishedLog log =
        TimerStory.signedAnd(
            host -> {
              Peer dave = new Peer("dave", 9);
              SignedCall call = dave.next(host.id(), method("ticks"));
              host.signed(dave.identity(), call);
              host.signed(dave.identity(), call);
            });
    return Lie.of(
        "row 17: executes a call after its abort",
        log.lie(NEXT, AbortLiesTest::abort),
        Kind.ADMISSION,
        NEXT + 1,
        "ticks",
        "a call that may be entry " + (NEXT + 1),
        "number 1 of this session is used up");
  }

  // The log is told the same signed bytes once more.
  private static void again(HonestLog log, int index) {
    PublishedLog told = TimerStory.signed();
    SignedCall call = SignedCall.parse((String) told.entry(index).get("request"));
    log.signed(HonestLog.identity("carol"), call);
  }

  private static Lie files(String member, int index, String method, String shown) {
    return Lie.of(
        "row 9: other " + member + " after an aborted turn",
        TimerStory.signed().lie(index, entry -> entry.put(member, Hash.ZERO.hex())),
        Kind.FILES,
        index,
        method,
        shown,
        shown + Hash.ZERO);
  }
}
