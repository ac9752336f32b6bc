package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * A turn that the host's watchdog ended: heap and files are as before it, and nothing that came
 * from outside is kept. That the turn took too long is the host's word.
 *
 * <p>Without a caller and a request it was a timer's turn, and that timer is dropped.
 *
 * @param caller as in a {@link CallEntry}, or null
 * @param request as in a {@link CallEntry}, or null; null if and only if {@code caller} is
 */
public record AbortEntry(
    long seq, Hash prev, long time, Caller caller, Text request, Hash writes, Hash root)
    implements Entry {
  /** The member {@code kind}. */
  public static final String KIND = "abort";

  public AbortEntry {
    if ((caller == null) != (request == null)) {
      throw new MalformedException("entry.caller and entry.request are null together or not");
    }
  }

  /** Whether it was a timer's turn. */
  public boolean ofTimer() {
    return caller == null;
  }

  @Override
  public List<Input> inputs() {
    return List.of();
  }

  @Override
  public byte[] format(Map<Hash, byte[]> blobs) {
    Map<String, Object> map = commonJson(KIND, blobs);
    map.put("caller", caller == null ? null : caller.toJson());
    map.put("request", request == null ? null : request.toJson());
    return CanonicalJson.format(map);
  }

  static AbortEntry from(Members members) {
    Input.requireNone(KIND, members.any("inputs"));
    Object caller = members.any("caller");
    Object request = members.any("request");
    AbortEntry entry =
        new AbortEntry(
            members.count("seq"),
            members.hash("prev"),
            members.count("time"),
            caller == null ? null : Caller.fromJson(caller),
            request == null ? null : Text.fromJson("entry.request", request),
            members.hash("writes"),
            members.hash("root"));
    members.end();
    return entry;
  }
}
