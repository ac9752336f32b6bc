package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * A turn of the guest that nobody asked for: the earliest timer was due, and its callback ran.
 *
 * @param outcome what the callback came to
 */
public record TimerEntry(
    long seq, Hash prev, long time, List<Input> inputs, Outcome outcome, Hash writes, Hash root)
    implements Entry {
  /** The member {@code kind}. */
  public static final String KIND = "timer";

  public TimerEntry {
    inputs = List.copyOf(inputs);
  }

  @Override
  public byte[] format(Map<Hash, byte[]> blobs) {
    Map<String, Object> map = commonJson(KIND, blobs);
    map.put("outcome", outcome.toJson());
    return CanonicalJson.format(map);
  }

  static TimerEntry from(Members members, BlobReader blobs) {
    return new TimerEntry(
        members.count("seq"),
        members.hash("prev"),
        members.count("time"),
        Input.fromJson(members.any("inputs"), blobs),
        Outcome.fromJson("entry.outcome", members.any("outcome")),
        members.hash("writes"),
        members.hash("root"));
  }
}
