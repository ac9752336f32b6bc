package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One request that was executed.
 *
 * @param request the exact text that the caller sent: a {@link SignedCall}, or a {@link Request} on
 *     a debug host
 * @param outcomes one for each call of the request
 */
public record CallEntry(
    long seq,
    Hash prev,
    long time,
    Caller caller,
    Text request,
    List<Input> inputs,
    List<Outcome> outcomes,
    Hash writes,
    Hash root)
    implements Entry {
  /** The member {@code kind}. */
  public static final String KIND = "call";

  public CallEntry {
    inputs = List.copyOf(inputs);
    outcomes = List.copyOf(outcomes);
  }

  @Override
  public byte[] format(Map<Hash, byte[]> blobs) {
    Map<String, Object> map = commonJson(KIND, blobs);
    map.put("caller", caller.toJson());
    map.put("request", request.toJson());
    List<Object> list = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      list.add(outcome.toJson());
    }
    map.put("outcomes", LongList.toJson(list, blobs));
    return CanonicalJson.format(map);
  }

  static CallEntry from(Members members, BlobReader blobs) {
    long seq = members.count("seq");
    Hash prev = members.hash("prev");
    long time = members.count("time");
    Caller caller = Caller.fromJson(members.any("caller"));
    Text request = Text.fromJson("entry.request", members.any("request"));
    Object inputs = members.any("inputs");
    Object outcomes = members.any("outcomes");
    Hash writes = members.hash("writes");
    Hash root = members.hash("root");
    members.end();
    return new CallEntry(
        seq,
        prev,
        time,
        caller,
        request,
        Input.fromJson(inputs, blobs),
        outcomes(outcomes, blobs),
        writes,
        root);
  }

  private static List<Outcome> outcomes(Object json, BlobReader blobs) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Object outcome : LongList.fromJson("entry.outcomes", json, Request.MAX_CALLS, blobs)) {
      outcomes.add(Outcome.fromJson("entry.outcomes", outcome));
    }
    return outcomes;
  }
}
