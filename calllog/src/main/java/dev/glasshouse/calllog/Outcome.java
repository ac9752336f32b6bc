package dev.glasshouse.calllog;

import java.util.Map;
import java.util.TreeMap;

/** What one call came to. All three are ordinary results of the guest: logged, and replayed. */
public sealed interface Outcome permits Outcome.Ok, Outcome.Thrown, Outcome.Trapped {
  /** Interrupt polls of the interpreter used by the call. */
  long fuel();

  /**
   * The method returned.
   *
   * @param value guest JSON text
   */
  record Ok(Text value, long fuel) implements Outcome {}

  /** The method threw. The guest's stack trace is not part of it. */
  record Thrown(String name, String message, long fuel) implements Outcome {}

  /**
   * A limit stopped the method; heap and files are as they were before the call.
   *
   * @param limit {@code fuel} or {@code memory}
   */
  record Trapped(String limit, long fuel) implements Outcome {}

  /** The form in an entry. */
  default Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("fuel", fuel());
    if (this instanceof Ok ok) {
      map.put("ok", ok.value().toJson());
    } else if (this instanceof Thrown thrown) {
      map.put("throw", Map.of("message", thrown.message(), "name", thrown.name()));
    } else {
      map.put("trap", ((Trapped) this).limit());
    }
    return map;
  }

  /** The inverse of {@link #toJson}. */
  static Outcome fromJson(String where, Object json) {
    Members members = Members.of(where, json);
    long fuel = members.count("fuel");
    Outcome outcome;
    if (members.has("ok")) {
      outcome = new Ok(Text.fromJson(where + ".ok", members.any("ok")), fuel);
    } else if (members.has("throw")) {
      Members thrown = members.object("throw");
      outcome = new Thrown(thrown.string("name"), thrown.string("message"), fuel);
      thrown.end();
    } else {
      outcome = new Trapped(members.string("trap"), fuel);
    }
    members.end();
    return outcome;
  }
}
