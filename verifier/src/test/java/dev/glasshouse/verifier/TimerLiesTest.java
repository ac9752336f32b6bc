package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.PublishedLog.input;
import static dev.glasshouse.verifier.PublishedLog.list;
import static dev.glasshouse.verifier.PublishedLog.object;
import static dev.glasshouse.verifier.PublishedLog.outcome;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lies about timers: their turns, and the waiting of calls. The log is chained and signed again
 * after each.
 */
final class TimerLiesTest {
  private static final String DUE = "a timer that is due, and the recorded inputs";

  static Stream<Lie> turns() {
    PublishedLog reordered = TimerStory.signed();
    Collections.swap(reordered.entries, TimerStory.THROWN, TimerStory.SPUN);
    PublishedLog overtaken = TimerStory.signed();
    Collections.swap(overtaken.entries, TimerStory.TURN, TimerStory.ARMED);
    return Stream.of(
        Lie.of(
            "timers: a turn when none is outstanding",
            inserted(TimerStory.unsigned(), 6, TimerStory.UNSIGNED_TURN),
            Kind.INPUTS,
            6,
            null,
            DUE,
            "no timer is due at " + (HonestLog.START + 62_000)),
        Lie.of(
            "timers: a turn too early",
            TimerStory.signed().lie(TimerStory.TURN, entry -> add(entry, "time", -1)),
            Kind.INPUTS,
            TimerStory.TURN,
            null,
            DUE,
            "the earliest is due at " + (HonestLog.START + 61_000)),
        Lie.of(
            "timers: a turn twice",
            inserted(TimerStory.signed(), TimerStory.TURN + 1, TimerStory.TURN),
            Kind.INPUTS,
            TimerStory.TURN + 1,
            null,
            DUE,
            "no timer is due"),
        Lie.of(
            "timers: hides a turn",
            removed(TimerStory.TURN),
            Kind.FILES,
            TimerStory.TURN,
            "diceLater",
            "/a.txt absent",
            "/a.txt of 16 bytes"),
        Lie.of(
            "timers: hides a turn that failed",
            removed(TimerStory.THROWN),
            Kind.OUTCOME,
            TimerStory.THROWN,
            null,
            "late",
            "\"trap\":\"fuel\""),
        Lie.of(
            "timers: reorders two turns",
            exchangeTimes(reordered, TimerStory.THROWN).rebuild(),
            Kind.OUTCOME,
            TimerStory.THROWN,
            null,
            "late",
            "\"trap\":\"fuel\""),
        Lie.of(
            "timers: reorders a turn and a call",
            exchangeTimes(overtaken, TimerStory.TURN).rebuild(),
            Kind.FILES,
            TimerStory.TURN,
            "diceLater",
            "writes ",
            "; /a.txt of 16 bytes"),
        Lie.of(
            "timers: a turn said to be a call",
            TimerStory.signed().lie(TimerStory.TURN, entry -> entry.put("kind", "call")),
            Kind.MALFORMED,
            TimerStory.TURN,
            null,
            "an entry in its canonical form",
            "lacks"),
        Lie.of(
            "timers: a turn that somebody asked for",
            TimerStory.signed().lie(TimerStory.TURN, entry -> entry.put("caller", null)),
            Kind.MALFORMED,
            TimerStory.TURN,
            null,
            "an entry in its canonical form",
            "caller"));
  }

  static Stream<Lie> outcomes() {
    return Stream.of(
        outcomeOf("another value", TimerStory.TURN, said -> said.put("ok", "1"), "null", "\"1\""),
        outcomeOf(
            "an error for a value",
            TimerStory.TURN,
            said -> {
              said.remove("ok");
              said.put("throw", thrown("RangeError", "late"));
            },
            "\"ok\":\"null\"",
            "late"),
        outcomeOf(
            "hides an error",
            TimerStory.THROWN,
            said -> {
              said.remove("throw");
              said.put("ok", "null");
            },
            "late",
            "\"ok\":\"null\""),
        outcomeOf(
            "another message",
            TimerStory.THROWN,
            said -> said.put("throw", thrown("RangeError", "later")),
            "\"late\"",
            "\"later\""),
        outcomeOf(
            "row 20: hides that a turn ran out of fuel",
            TimerStory.SPUN,
            said -> {
              said.remove("trap");
              said.put("ok", "null");
            },
            "\"trap\":\"fuel\"",
            "\"ok\":\"null\""),
        outcomeOf(
            "row 19: memory for fuel",
            TimerStory.SPUN,
            said -> said.put("trap", "memory"),
            "\"trap\":\"fuel\"",
            "\"trap\":\"memory\""),
        fuel(TimerStory.SPUN, 6, 7),
        fuel(TimerStory.TURN, 0, 1),
        files("root", "archive root "),
        files("writes", "writes "));
  }

  static Stream<Lie> inputsOfTurns() {
    int index = TimerStory.DICED;
    return Stream.of(
        inputs("drops entropy", index, null, List::clear, "asks for entropy"),
        inputs(
            "an answer that nobody asked for",
            TimerStory.TURN,
            null,
            l -> l.add(newInput(Input.ORACLE, Hash.of("() => 1"), "sv1")),
            "the entry records 1 inputs, the replay used 0"),
        inputs(
            "waits where nothing waits",
            TimerStory.TURN,
            null,
            l -> l.add(timerInput(HonestLog.START + 61_001)),
            "the first unused one is timer"),
        inputs(
            "entropy of another length",
            index,
            null,
            l -> object(l.get(0)).put("answer", "00".repeat(15)),
            "not 32 hex digits"),
        Lie.of(
            "timers: other entropy than the turn had",
            TimerStory.signed().lie(index, entry -> input(entry, 0).put("answer", "00".repeat(16))),
            Kind.FILES,
            index,
            null,
            "/dice.txt of ",
            "/dice.txt of "));
  }

  static Stream<Lie> waiting() {
    long due = HonestLog.START + 3000 + 500;
    String time = String.valueOf(due + HonestLog.LATE);
    return Stream.of(
        answered("before the timer is due", String.valueOf(due - 1), "is due at " + due),
        answered("a leading zero", "0" + time, "not a time: 0"),
        answered("a sign", "+" + time, "not a time: +"),
        answered("an exponent", "1e15", "not a time: 1e15"),
        answered("a fraction", time + ".0", ".0"),
        answered("white space", time + " ", "not a time: " + time + " "),
        answered("nothing", "", "not a time: "),
        answered("below zero", "-1", "not a time: -1"),
        answered("over 2^53", "9007199254740993", "9007199254740993"),
        answered("seventeen digits", "10000000000000000", "not a time: 1000"),
        inputs("drops a wait", TimerStory.SLEEP, "sleep", List::clear, "asks for timer"),
        inputs("drops a wait of some", TimerStory.BATCH, "sleep", l -> l.remove(2), "input 2"),
        inputs("reorders waits", TimerStory.BATCH, "sleep", Collections::reverse, "input 0"),
        inputs(
            "repeats a wait", TimerStory.SLEEP, "sleep", l -> l.add(l.get(0)), "the replay used 1"),
        inputs(
            "a wait for another time",
            TimerStory.SLEEP,
            "sleep",
            l -> object(l.get(0)).put("request", Hash.of("timer " + (due + 1)).hex()),
            "the entry records timer " + Hash.of("timer " + (due + 1))),
        inputs(
            "a wait of another kind",
            TimerStory.SLEEP,
            "sleep",
            l -> object(l.get(0)).put("kind", "oracle"),
            "the entry records oracle"),
        inputs(
            "a wait over the limit",
            TimerStory.TIMEOUT,
            "sleep",
            l -> l.add(timerInput(HonestLog.START + 90_000)),
            "the entry records 1 inputs, the replay used 0"),
        Lie.of(
            "waits: a call that gave up is said to have waited",
            TimerStory.signed()
                .lie(
                    TimerStory.TIMEOUT,
                    entry -> {
                      outcome(entry, 0).remove("throw");
                      outcome(entry, 0).put("ok", "10004");
                    }),
            Kind.OUTCOME,
            TimerStory.TIMEOUT,
            "sleep",
            "TimeoutError",
            "\"ok\":\"10004\""),
        Lie.of(
            "waits: another time than the module saw",
            TimerStory.signed()
                .lie(
                    TimerStory.SLEEP,
                    entry -> input(entry, 0).put("answer", String.valueOf(due + 7))),
            Kind.OUTCOME,
            TimerStory.SLEEP,
            "sleep",
            "\"ok\":\"507\"",
            "\"ok\":\"503\""),
        Lie.of(
            "waits: until after the next entry",
            TimerStory.unsigned()
                .lie(
                    TimerStory.UNSIGNED_NAP,
                    entry ->
                        input(entry, 0).put("answer", String.valueOf(HonestLog.START + 61_001))),
            Kind.CHAIN,
            TimerStory.UNSIGNED_TURN,
            null,
            "a time not before " + (HonestLog.START + 61_001),
            "time " + (HonestLog.START + 61_000)),
        Lie.of(
            "waits: the next entry while the call waits",
            TimerStory.signed()
                .lie(TimerStory.TIMEOUT, entry -> entry.put("time", HonestLog.START + 78_100)),
            Kind.CHAIN,
            TimerStory.TIMEOUT,
            null,
            "a time not before " + (HonestLog.START + 78_000 + 513),
            "time " + (HonestLog.START + 78_100)),
        Lie.of(
            "waits: an answer over the limit",
            longAnswer(),
            Kind.INPUTS,
            TimerStory.SLEEP,
            null,
            "answers of at most 4096 bytes",
            "one of 5000 bytes"));
  }

  @ParameterizedTest
  @MethodSource({"turns", "outcomes", "inputsOfTurns", "waiting"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void whenATimerRanIsTheHostsWord() {
    // What the report must count: the time of an entry, and how long a call waited.
    PublishedLog later =
        TimerStory.unsigned().lie(TimerStory.UNSIGNED_IMAGE, entry -> add(entry, "time", 86_400));
    Audits.requireVerified(later, "an image later");

    PublishedLog slower =
        TimerStory.unsigned()
            .lie(
                TimerStory.UNSIGNED_NAP,
                entry -> input(entry, 0).put("answer", String.valueOf(HonestLog.START + 50_000)));
    Report report = Audits.requireVerified(slower, "a call that waited for longer");
    assertEquals(1, report.counts().timerInputs());
  }

  private static Lie answered(String name, String answer, String actual) {
    return inputs(
        "a time with " + name,
        TimerStory.SLEEP,
        "sleep",
        l -> object(l.get(0)).put("answer", answer),
        actual);
  }

  private static Lie inputs(
      String name, int index, String method, Consumer<List<Object>> change, String actual) {
    return Lie.of(
        "inputs: " + name,
        TimerStory.signed().lie(index, entry -> change.accept(list(entry.get("inputs")))),
        Kind.INPUTS,
        index,
        method,
        method == null ? DUE : "the recorded inputs",
        actual);
  }

  private static Lie outcomeOf(
      String name,
      int index,
      Consumer<Map<String, Object>> change,
      String expected,
      String actual) {
    return Lie.of(
        "turns: " + name,
        TimerStory.signed().lie(index, entry -> change.accept(outcome(entry, 0))),
        Kind.OUTCOME,
        index,
        null,
        expected,
        actual);
  }

  private static Lie fuel(int index, long right, long said) {
    return Lie.of(
        "turns: other fuel",
        TimerStory.signed().lie(index, entry -> outcome(entry, 0).put("fuel", said)),
        Kind.FUEL,
        index,
        null,
        "\"fuel\":" + right,
        "\"fuel\":" + said);
  }

  private static Lie files(String member, String shown) {
    return Lie.of(
        "turns: other files",
        TimerStory.signed().lie(TimerStory.TURN, entry -> entry.put(member, Hash.ZERO.hex())),
        Kind.FILES,
        TimerStory.TURN,
        null,
        shown,
        shown + Hash.ZERO);
  }

  private static PublishedLog longAnswer() {
    PublishedLog log = TimerStory.signed();
    Map<String, Object> answer = log.blob("1".repeat(5000).getBytes(UTF_8));
    return log.lie(TimerStory.SLEEP, entry -> input(entry, 0).put("answer", answer));
  }

  private static PublishedLog removed(int index) {
    PublishedLog log = TimerStory.signed();
    log.entries.remove(index);
    return log.rebuild();
  }

  private static PublishedLog inserted(PublishedLog log, int at, int copied) {
    log.entries.add(at, log.entries.get(copied));
    long time = (Long) log.entry(at - 1).get("time");
    return log.lie(at, entry -> entry.put("time", time));
  }

  private static PublishedLog exchangeTimes(PublishedLog log, int index) {
    long first = (Long) log.entry(index + 1).get("time");
    long second = (Long) log.entry(index).get("time");
    log.edit(index, entry -> entry.put("time", first));
    return log.edit(index + 1, entry -> entry.put("time", second));
  }

  private static Map<String, Object> timerInput(long due) {
    return newInput(Input.TIMER, Hash.of("timer " + due), String.valueOf(due));
  }

  private static Map<String, Object> newInput(String kind, Hash request, String answer) {
    Map<String, Object> input = new TreeMap<>();
    input.put("kind", kind);
    input.put("request", request.hex());
    input.put("answer", answer);
    return input;
  }

  private static Map<String, Object> thrown(String name, String message) {
    Map<String, Object> thrown = new TreeMap<>();
    thrown.put("name", name);
    thrown.put("message", message);
    return thrown;
  }

  private static void add(Map<String, Object> entry, String member, long more) {
    entry.put(member, (Long) entry.get(member) + more);
  }
}
