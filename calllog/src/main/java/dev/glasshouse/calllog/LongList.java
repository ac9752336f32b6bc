package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * A list in an entry that may outgrow it: the array itself if its canonical JSON is short,
 * otherwise the name of the blob that holds that JSON.
 */
final class LongList {
  /** An array of more bytes than this is a blob, and no shorter one is. */
  static final int MAX_INLINE = 16_384;

  /** Bytes of the blob. */
  static final int MAX_BYTES = 32 << 20;

  private LongList() {}

  static Object toJson(List<Object> list, Map<Hash, byte[]> blobs) {
    // Most lists need not be formatted to be measured.
    if (CanonicalJson.mostBytes(list) <= MAX_INLINE) {
      return list;
    }
    byte[] bytes = CanonicalJson.format(list);
    if (bytes.length <= MAX_INLINE) {
      return list;
    }
    Hash sha256 = Hash.of(bytes);
    blobs.put(sha256, bytes);
    return Text.reference(sha256, bytes.length);
  }

  static List<?> fromJson(String where, Object json, int maxItems, BlobReader blobs) {
    Object value = json;
    if (!(json instanceof List)) {
      Members members = Members.of(where, json);
      Hash sha256 = members.hash("sha256");
      long length = members.count("len");
      members.end();
      if (length <= MAX_INLINE) {
        throw new MalformedException(where + " is too short to be a blob");
      }
      byte[] bytes = blobs.require(sha256);
      if (bytes.length != length) {
        throw new MalformedException(where + " names a blob of a wrong length");
      }
      value = CanonicalJson.parse(bytes, MAX_BYTES);
    } else if (CanonicalJson.mostBytes(json) > MAX_INLINE
        && CanonicalJson.format(json).length > MAX_INLINE) {
      throw new MalformedException(where + " is too long to stand in an entry");
    }
    if (!(value instanceof List) || ((List<?>) value).size() > maxItems) {
      throw new MalformedException(where + " is an array of at most " + maxItems + " items");
    }
    return (List<?>) value;
  }
}
