package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that came from outside while an entry ran: the host's word, captured so that a replay
 * can use it again.
 *
 * @param kind {@link #ENTROPY}, {@link #ORACLE} or {@link #TIMER}
 * @param request SHA-256 of the UTF-8 text that asked for it
 * @param answer what was answered
 */
public record Input(String kind, Hash request, Text answer) {
  /** Inputs in one entry. */
  public static final int MAX_PER_ENTRY = 1024;

  /** Random bytes as hex digits; the request for n of them is {@code entropy n}. */
  public static final String ENTROPY = "entropy";

  /** The outcome of an oracle's function. */
  public static final String ORACLE = "oracle";

  /**
   * The time while a call waited for a timer, in decimal milliseconds since 1970; the request is
   * {@code timer } and when the timer was due. It is not before that.
   */
  public static final String TIMER = "timer";

  /** Refuses the inputs of an entry of a kind that has none. */
  static void requireNone(String kind, Object json) {
    if (!(json instanceof List) || !((List<?>) json).isEmpty()) {
      throw new MalformedException("an entry of kind " + kind + " has no inputs");
    }
  }

  static List<Object> toJson(List<Input> inputs) {
    List<Object> list = new ArrayList<>();
    for (Input input : inputs) {
      Map<String, Object> map = new TreeMap<>();
      map.put("answer", input.answer().toJson());
      map.put("kind", input.kind());
      map.put("request", input.request().hex());
      list.add(map);
    }
    return list;
  }

  static List<Input> fromJson(Object json, BlobReader blobs) {
    List<Input> inputs = new ArrayList<>();
    for (Object item : LongList.fromJson("entry.inputs", json, MAX_PER_ENTRY, blobs)) {
      Members members = Members.of("entry.inputs", item);
      Text answer = Text.fromJson("entry.inputs.answer", members.any("answer"));
      inputs.add(new Input(members.string("kind"), members.hash("request"), answer));
      members.end();
    }
    return List.copyOf(inputs);
  }
}
