package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text in an entry: itself if it is short, otherwise the name of the blob that holds its UTF-8
 * bytes.
 */
public sealed interface Text permits Text.Inline, Text.Blob {
  /** A text of more UTF-8 bytes than this is a blob, and no shorter one is. */
  int MAX_INLINE = 1024;

  /** A text that stands in the entry. */
  record Inline(String text) implements Text {
    public Inline {
      if (text.getBytes(StandardCharsets.UTF_8).length > MAX_INLINE) {
        throw new MalformedException("a text over " + MAX_INLINE + " bytes must be a blob");
      }
    }
  }

  /**
   * A text that stands in a blob.
   *
   * @param length UTF-8 bytes
   */
  record Blob(Hash sha256, long length) implements Text {
    public Blob {
      if (length <= MAX_INLINE) {
        throw new MalformedException("a text of up to " + MAX_INLINE + " bytes must not be a blob");
      }
    }
  }

  /** The text's form in an entry; one that must be a blob is added to {@code blobs}. */
  static Text of(String text, Map<Hash, byte[]> blobs) {
    // A char is at most three bytes of UTF-8: most texts need no encoding to be measured.
    if (text.length() * 3 <= MAX_INLINE) {
      return new Inline(text);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_INLINE) {
      return new Inline(text);
    }
    Hash sha256 = Hash.of(bytes);
    blobs.put(sha256, bytes);
    return new Blob(sha256, bytes.length);
  }

  /** The text itself; {@link MissingBlobException} if its blob is not to be had. */
  default String read(BlobReader blobs) {
    if (this instanceof Inline inline) {
      return inline.text();
    }
    Blob blob = (Blob) this;
    byte[] bytes = blobs.require(blob.sha256());
    if (bytes.length != blob.length()) {
      throw new MalformedException(
          "blob " + blob.sha256() + " has " + bytes.length + " bytes, not " + blob.length());
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
      throw new MalformedException("blob " + blob.sha256() + " is not UTF-8");
    }
    return text;
  }

  /** The form in canonical JSON: a string, or {@code {"len":…,"sha256":…}}. */
  default Object toJson() {
    if (this instanceof Inline inline) {
      return inline.text();
    }
    Blob blob = (Blob) this;
    return reference(blob.sha256(), blob.length());
  }

  /** The inverse of {@link #toJson}. */
  static Text fromJson(String where, Object json) {
    if (json instanceof String string) {
      return new Inline(string);
    }
    Members members = Members.of(where, json);
    Blob blob = new Blob(members.hash("sha256"), members.count("len"));
    members.end();
    return blob;
  }

  /** How entries name a blob. */
  static Map<String, Object> reference(Hash sha256, long length) {
    Map<String, Object> map = new TreeMap<>();
    map.put("len", length);
    map.put("sha256", sha256.hex());
    return map;
  }
}
