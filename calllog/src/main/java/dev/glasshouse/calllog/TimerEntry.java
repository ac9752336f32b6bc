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
    long seq = members.count("seq");
    Hash prev = members.hash("prev");
    long time = members.count("time");
    Object inputs = members.any("inputs");
    Outcome outcome = Outcome.fromJson("entry.outcome", members.any("outcome"));
    Hash writes = members.hash("writes");
    Hash root = members.hash("root");
    members.end();
    return new TimerEntry(seq, prev, time, Input.fromJson(inputs, blobs), outcome, writes, root);
  }
}
