package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import java.util.Map;
import java.util.TreeMap;

/**
 * The entries whose signatures were verified and whose calls were replayed by an audit that is
 * shared between machines. Each of them checks everything else of the whole log.
 *
 * @param share which of how many
 * @param from the first entry, or {@link #UNKNOWN} if the audit ended before that could be told
 * @param to the entry after the last one; not above {@code from} if there are none
 * @param begin the heap's root in the image that the replay began with, which the segment before
 *     shows to be right; null for genesis
 * @param end the heap's root in the image that it came to and compared, or null if no image is the
 *     last entry
 * @param holds whether all of these entries were verified
 */
public record Segment(Share share, long from, long to, Hash begin, Hash end, boolean holds) {
  /** The place of entries that are not known yet. */
  public static final long UNKNOWN = -1;

  static Segment unknown(Share share) {
    return new Segment(share, UNKNOWN, UNKNOWN, null, null, false);
  }

  boolean isKnown() {
    return from != UNKNOWN;
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("begin", begin == null ? null : begin.hex());
    map.put("end", end == null ? null : end.hex());
    map.put("from", isKnown() ? (Object) from : null);
    map.put("holds", holds);
    map.put("index", (long) share.index());
    map.put("of", (long) share.of());
    map.put("to", isKnown() ? (Object) to : null);
    return map;
  }

  static Segment fromJson(Map<?, ?> map) {
    int index = Math.toIntExact((Long) map.get("index"));
    Share share = new Share(index, Math.toIntExact((Long) map.get("of")));
    if (map.get("from") == null) {
      return unknown(share);
    }
    return new Segment(
        share,
        (Long) map.get("from"),
        (Long) map.get("to"),
        map.get("begin") == null ? null : Hash.parseHex((String) map.get("begin")),
        map.get("end") == null ? null : Hash.parseHex((String) map.get("end")),
        (Boolean) map.get("holds"));
  }

  Segment verified() {
    return new Segment(share, from, to, begin, end, true);
  }
}
