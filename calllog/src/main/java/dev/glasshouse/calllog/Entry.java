package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One entry of the call log, as canonical JSON. The bytes that {@link #format} writes are what is
 * stored, hashed and published; {@link #parse} refuses any other.
 */
public sealed interface Entry permits GenesisEntry, CallEntry, TimerEntry, AbortEntry, ImageEntry {
  /** Bytes of an entry, the limit of the tile format. */
  int MAX_BYTES = 65_535;

  /** The index, 0 for genesis. */
  long seq();

  /** The leaf hash of the entry before it, {@link Hash#ZERO} for genesis. */
  Hash prev();

  /**
   * The time that the host claims, in milliseconds since 1970; never less than the entry before.
   */
  long time();

  /** What came from outside while the entry ran, in the order in which it was consumed. */
  List<Input> inputs();

  /** Hash over the entry's changes to the archive. */
  Hash writes();

  /** The archive's root after the entry. */
  Hash root();

  /** The entry's bytes; what does not fit in them is added to {@code blobs}. */
  byte[] format(Map<Hash, byte[]> blobs);

  /**
   * Parses an entry of a kind and version that this build knows; {@link UnknownEntryException} for
   * any other. Lists that may be blobs are read last: {@code inputs}, {@code outcomes}, {@code
   * script.files}. What else is malformed is told whether those are to be had or not.
   *
   * @param blobs where the lists of a large entry are read; {@link MissingBlobException} if it
   *     lacks one
   */
  static Entry parse(byte[] bytes, BlobReader blobs) {
    Members members = Members.of("entry", CanonicalJson.parse(bytes, MAX_BYTES));
    long version = members.count("v");
    String kind = members.string("kind");
    if (version != 1) {
      throw new UnknownEntryException("entry version " + version + " is unknown; only 1 is known");
    }
    return switch (kind) {
      case GenesisEntry.KIND -> GenesisEntry.from(members, blobs);
      case CallEntry.KIND -> CallEntry.from(members, blobs);
      case TimerEntry.KIND -> TimerEntry.from(members, blobs);
      case AbortEntry.KIND -> AbortEntry.from(members);
      case ImageEntry.KIND -> ImageEntry.from(members);
      default -> throw new UnknownEntryException("entry kind \"" + kind + "\" is unknown");
    };
  }

  /** The members that entries of all kinds have. */
  default Map<String, Object> commonJson(String kind, Map<Hash, byte[]> blobs) {
    Map<String, Object> map = new TreeMap<>();
    map.put("inputs", LongList.toJson(Input.toJson(inputs()), blobs));
    map.put("kind", kind);
    map.put("prev", prev().hex());
    map.put("root", root().hex());
    map.put("seq", seq());
    map.put("time", time());
    map.put("v", 1L);
    map.put("writes", writes().hex());
    return map;
  }
}
