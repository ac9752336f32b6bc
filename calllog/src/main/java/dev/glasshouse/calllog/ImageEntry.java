package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * What the guest's heap was after the entry before. It changes neither guest nor files; a host may
 * start from it, and a verifier that replayed the log up to it compares.
 *
 * @param due when the earliest outstanding timer is due, in milliseconds since 1970, or {@link
 *     #NO_TIMER}; null in the entry's JSON
 */
public record ImageEntry(
    long seq, Hash prev, long time, HeapReference heap, long due, Hash writes, Hash root)
    implements Entry {
  /** The member {@code kind}. */
  public static final String KIND = "image";

  /** The {@code due} of a guest without timers. */
  public static final long NO_TIMER = -1;

  public ImageEntry {
    if (due < NO_TIMER) {
      throw new MalformedException("entry.due must not be negative");
    }
  }

  @Override
  public List<Input> inputs() {
    return List.of();
  }

  @Override
  public byte[] format(Map<Hash, byte[]> blobs) {
    Map<String, Object> map = commonJson(KIND, blobs);
    map.put("due", due == NO_TIMER ? null : (Object) due);
    map.put("heap", heap.toJson());
    return CanonicalJson.format(map);
  }

  static ImageEntry from(Members members) {
    Input.requireNone(KIND, members.any("inputs"));
    ImageEntry entry =
        new ImageEntry(
            members.count("seq"),
            members.hash("prev"),
            members.count("time"),
            HeapReference.fromJson(members.object("heap")),
            members.any("due") == null ? NO_TIMER : members.count("due"),
            members.hash("writes"),
            members.hash("root"));
    members.end();
    return entry;
  }
}
