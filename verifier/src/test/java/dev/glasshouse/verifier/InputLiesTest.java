package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * Lies about what came from outside while a call ran. The log is chained and signed again after
 * each.
 */
final class InputLiesTest {
  static Stream<Lie> inputs() {
    return Stream.of(
        inputs("row 25: drops the last answer", Story.TWO, "two", l -> l.remove(1), "input 1"),
        inputs("row 25: drops the first answer", Story.TWO, "two", l -> l.remove(0), "input 0"),
        inputs("row 25: drops all answers", Story.TWO, "two", List::clear, "only 0"),
        inputs("row 25: reorders answers", Story.TWO, "two", Collections::reverse, "input 0"),
        inputs(
            "row 25: repeats an answer",
            Story.TWO,
            "two",
            l -> l.add(1, l.get(0)),
            "input 1, the entry records oracle"),
        inputs(
            "row 25: repeats the last answer",
            Story.TWO,
            "two",
            l -> l.add(l.get(1)),
            "the entry records 3 inputs, the replay used 2"),
        inputs(
            "row 25: an answer to another request",
            Story.TWO,
            "two",
            l -> PublishedLog.object(l.get(0)).put("request", Hash.ZERO.hex()),
            "the entry records oracle " + Hash.ZERO),
        inputs(
            "row 25: an answer of another kind",
            Story.TWO,
            "two",
            l -> PublishedLog.object(l.get(0)).put("kind", "entropy"),
            "the entry records entropy"),
        inputs(
            "row 25: an answer that nobody asked for",
            Story.ADD,
            "add",
            l -> l.add(input(Input.ORACLE, "() => 1", "sv1")),
            "the entry records 1 inputs, the replay used 0"),
        inputs(
            "row 25: entropy that nobody asked for",
            Story.WRITE,
            "write",
            l -> l.add(input(Input.ENTROPY, "entropy 16", "00".repeat(16))),
            "the first unused one is entropy"),
        inputs(
            "row 23: drops entropy", Story.RANDOM, "random", l -> l.remove(0), "asks for entropy"),
        inputs(
            "row 23: entropy that is none",
            Story.RANDOM,
            "random",
            l -> PublishedLog.object(l.get(0)).put("answer", "dice"),
            "not 32 hex digits"),
        Lie.of(
            "row 25: drops what the script drew while it loaded",
            Story.unsigned().lie(0, genesis -> PublishedLog.list(genesis.get("inputs")).clear()),
            Kind.INPUTS,
            0,
            null,
            "the recorded inputs",
            "asks for entropy"),
        Lie.of(
            "row 23: other entropy than the module had",
            Story.signed()
                .lie(
                    Story.RANDOM, entry -> inputsOf(entry, l -> answer(l.get(0), "00".repeat(16)))),
            Kind.OUTCOME,
            Story.RANDOM,
            "random",
            "\"ok\":\"[",
            "\"ok\":\"["),
        Lie.of(
            "row 24: another answer than the module had",
            Story.signed()
                .lie(Story.FETCHED, entry -> inputsOf(entry, l -> answer(l.get(0), "av\"x\""))),
            Kind.OUTCOME,
            Story.FETCHED,
            "fetched",
            "\\\"x\\\"",
            "\\\"fetched\\\""),
        Lie.of(
            "row 25: swaps two answers to one request",
            Story.signed().lie(Story.SAME, entry -> inputsOf(entry, Collections::reverse)),
            Kind.OUTCOME,
            Story.SAME,
            "same",
            "\"ok\":\"[",
            "\"ok\":\"["),
        Lie.of(
            "row 25: an answer over the limit",
            overlongAnswer(),
            Kind.INPUTS,
            Story.ANSWER,
            null,
            "answers of at most 4096 bytes",
            "one of 5004 bytes"));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void anOracleIsTheHostsWord() {
    // What the report must count: an answer that fits the outcome cannot be told from a true one.
    PublishedLog log = Story.signed();
    Map<String, Object> other = log.blob(("sv\"" + "p".repeat(3000) + "\"").getBytes(UTF_8));
    Map<String, Object> result = log.blob(("\"" + "p".repeat(3000) + "\"").getBytes(UTF_8));
    log.edit(Story.ANSWER, entry -> inputsOf(entry, l -> answer(l.get(0), other)));
    log.edit(
        Story.ANSWER,
        entry ->
            PublishedLog.object(PublishedLog.list(entry.get("outcomes")).get(0)).put("ok", result));
    Audits.requireVerified(log.prefix(Story.ANSWER + 1).rebuild(), "another answer and outcome");
  }

  private static Lie inputs(
      String name, int index, String method, Consumer<List<Object>> change, String actual) {
    return Lie.of(
        name,
        Story.signed().lie(index, entry -> inputsOf(entry, change)),
        Kind.INPUTS,
        index,
        method,
        "the recorded inputs",
        actual);
  }

  private static PublishedLog overlongAnswer() {
    PublishedLog log = Story.signed();
    Map<String, Object> other = log.blob(("sv\"" + "o".repeat(5000) + "\"").getBytes(UTF_8));
    return log.lie(Story.ANSWER, entry -> inputsOf(entry, l -> answer(l.get(0), other)));
  }

  private static void inputsOf(Map<String, Object> entry, Consumer<List<Object>> change) {
    change.accept(PublishedLog.list(entry.get("inputs")));
  }

  private static void answer(Object input, Object answer) {
    PublishedLog.object(input).put("answer", answer);
  }

  private static Map<String, Object> input(String kind, String request, String answer) {
    Map<String, Object> input = new TreeMap<>();
    input.put("kind", kind);
    input.put("request", Hash.of(request).hex());
    input.put("answer", answer);
    return input;
  }
}
