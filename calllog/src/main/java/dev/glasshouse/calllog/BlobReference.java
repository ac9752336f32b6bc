package dev.glasshouse.calllog;

import java.util.Map;

/**
 * A blob that an entry names whatever its length.
 *
 * @param length bytes
 */
public record BlobReference(Hash sha256, long length) {
  /** The form in an entry, {@code {"len":…,"sha256":…}}. */
  Map<String, Object> toJson() {
    return Text.reference(sha256, length);
  }

  /** The inverse of {@link #toJson}. */
  static BlobReference fromJson(Members members) {
    BlobReference reference = new BlobReference(members.hash("sha256"), members.count("len"));
    members.end();
    return reference;
  }
}
