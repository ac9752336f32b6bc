package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The call, the timer's turn or the script's start at which an entry first departs from its replay.
 * Long texts are cut, with an ellipsis at their end.
 *
 * @param position its position in its request, from 0, or {@link #UNKNOWN}: that the files differ
 *     after several calls does not say which of them wrote
 * @param of calls of the request; 0 for a timer's turn and the script's start
 * @param method its method, or null
 * @param params its arguments, a JSON array, or null
 * @param inputs what it consumed: kind and answer of each, or of the whole entry if the position is
 *     not known
 * @param expected the outcome that the replay came to, or null if it is no matter of an outcome
 * @param actual the outcome that the log has, or null
 * @param expectedWrites hash over the entry's changes to the files as the replay made them, or null
 *     if it did not come so far
 * @param actualWrites the same as the log has it
 */
public record DivergedCall(
    int position,
    int of,
    String method,
    String params,
    List<String> inputs,
    Result expected,
    Result actual,
    Hash expectedWrites,
    Hash actualWrites) {
  /** The position of a call that is not known. */
  public static final int UNKNOWN = -1;

  /** Characters of a text. */
  static final int MAX_TEXT = 1000;

  /** Inputs named. */
  static final int MAX_INPUTS = 20;

  private static final int MAX_ANSWER = 200;

  public DivergedCall {
    inputs = List.copyOf(inputs);
  }

  /**
   * What a call came to.
   *
   * @param outcome JSON, without the fuel
   * @param fuel interrupt polls of the interpreter
   */
  public record Result(String outcome, long fuel) {
    static Result of(Outcome outcome) {
      Map<String, Object> json = outcome.toJson();
      json.remove("fuel");
      byte[] text = CanonicalJson.format(json);
      return new Result(cut(new String(text, StandardCharsets.UTF_8), MAX_TEXT), outcome.fuel());
    }

    private Map<String, Object> toJson() {
      Map<String, Object> map = new TreeMap<>();
      map.put("fuel", fuel);
      map.put("outcome", outcome);
      return map;
    }

    private static Result fromJson(Object json) {
      return json instanceof Map<?, ?> map
          ? new Result((String) map.get("outcome"), (Long) map.get("fuel"))
          : null;
    }
  }

  /** A call by its position in its request; -1 if that is not known. */
  static DivergedCall at(CheckedEntry checked, int position, List<Integer> inputEnds) {
    List<MethodCall> calls = checked.calls();
    MethodCall call = position < 0 || position >= calls.size() ? null : calls.get(position);
    return new DivergedCall(
        position,
        calls.size(),
        call == null ? null : cut(call.method(), MAX_TEXT),
        call == null ? null : cut(call.params(), MAX_TEXT),
        inputs(checked.entry(), position, inputEnds),
        null,
        null,
        null,
        checked.entry().writes());
  }

  /** The only call of an entry, or that it is not known which it is. */
  static DivergedCall only(CheckedEntry checked) {
    return at(checked, checked.calls().size() > 1 ? UNKNOWN : 0, List.of());
  }

  DivergedCall withOutcomes(Outcome right, Outcome said) {
    return new DivergedCall(
        position,
        of,
        method,
        params,
        inputs,
        Result.of(right),
        Result.of(said),
        expectedWrites,
        actualWrites);
  }

  DivergedCall withWrites(Hash right) {
    return new DivergedCall(
        position, of, method, params, inputs, expected, actual, right, actualWrites);
  }

  private static List<String> inputs(Entry entry, int position, List<Integer> ends) {
    List<Input> all = entry.inputs();
    int from = position > 0 && position <= ends.size() ? ends.get(position - 1) : 0;
    int to = position >= 0 && position < ends.size() ? ends.get(position) : all.size();
    List<String> texts = new ArrayList<>();
    for (Input input : all.subList(Math.min(from, all.size()), Math.min(to, all.size()))) {
      if (texts.size() == MAX_INPUTS) {
        texts.add(to - from - MAX_INPUTS + " more");
        break;
      }
      texts.add(input.kind() + " " + answer(input.answer()));
    }
    return texts;
  }

  private static String answer(Text text) {
    return text instanceof Text.Blob blob
        ? "of " + blob.length() + " bytes with SHA-256 " + blob.sha256()
        : cut(((Text.Inline) text).text(), MAX_ANSWER);
  }

  // Never between the two halves of a character.
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "\u2026";
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("actual", actual == null ? null : actual.toJson());
    map.put("actualWrites", actualWrites.hex());
    map.put("expected", expected == null ? null : expected.toJson());
    map.put("expectedWrites", expectedWrites == null ? null : expectedWrites.hex());
    map.put("inputs", new ArrayList<Object>(inputs));
    map.put("method", method);
    map.put("of", (long) of);
    map.put("params", params);
    map.put("position", position == UNKNOWN ? null : (Object) (long) position);
    return map;
  }

  static DivergedCall fromJson(Map<?, ?> map) {
    List<String> inputs = new ArrayList<>();
    for (Object input : (List<?>) map.get("inputs")) {
      inputs.add((String) input);
    }
    return new DivergedCall(
        map.get("position") == null ? UNKNOWN : Math.toIntExact((Long) map.get("position")),
        Math.toIntExact((Long) map.get("of")),
        (String) map.get("method"),
        (String) map.get("params"),
        inputs,
        Result.fromJson(map.get("expected")),
        Result.fromJson(map.get("actual")),
        map.get("expectedWrites") == null
            ? null
            : Hash.parseHex((String) map.get("expectedWrites")),
        Hash.parseHex((String) map.get("actualWrites")));
  }
}
