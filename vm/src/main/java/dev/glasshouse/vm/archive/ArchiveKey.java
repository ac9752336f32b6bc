package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The key of a file or directory: the UTF-8 bytes of its absolute path without the leading slash; a
 * directory's key ends in {@code /}. Always well formed: no segment is empty, {@code .}, {@code ..}
 * or over its limit, and there are no C0 control characters. Ordered as unsigned bytes.
 */
public final class ArchiveKey implements Comparable<ArchiveKey> {
  /** Most bytes of UTF-8 in one segment of a path. */
  public static final int MAX_SEGMENT_BYTES = 255;

  /** Most bytes of UTF-8 in a path, its leading slash included and a trailing one not. */
  public static final int MAX_PATH_BYTES = 1024;

  /** Stands for the root directory, which always exists and has no key in the tree. */
  public static final ArchiveKey ROOT = new ArchiveKey(new byte[0]);

  static final byte SLASH = '/';

  private final byte[] bytes;

  private ArchiveKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes a copy of {@code bytes}, which must be a well-formed key and not that of the root. */
  public static ArchiveKey decode(byte[] bytes) {
    if (bytes.length == 0) {
      throw new MalformedException("an archive key is not empty");
    }
    boolean directory = bytes[bytes.length - 1] == SLASH;
    byte[] path = Arrays.copyOf(bytes, bytes.length - (directory ? 1 : 0));
    Optional<String> fault = ArchivePath.fault(path);
    if (fault.isPresent()) {
      throw new MalformedException("not an archive key: " + fault.get());
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path));
    } catch (CharacterCodingException e) {
      throw new MalformedException("an archive key is UTF-8", e);
    }
    return new ArchiveKey(bytes.clone());
  }

  /** The key with this text, such as {@code photos/} or {@code photos/a.png}. */
  public static ArchiveKey parse(String text) {
    ArchiveKey key = decode(text.getBytes(StandardCharsets.UTF_8));
    if (!key.text().equals(text)) {
      throw new MalformedException("an archive key has no unpaired surrogates");
    }
    return key;
  }

  /** Wraps bytes that the caller has checked and gives away. */
  static ArchiveKey ofChecked(byte[] bytes) {
    return bytes.length == 0 ? ROOT : new ArchiveKey(bytes);
  }

  /** A copy of the bytes; none for the root. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes themselves, to read only. */
  byte[] raw() {
    return bytes;
  }

  /** Whether this is a directory's key. */
  public boolean isDirectory() {
    return bytes.length == 0 || bytes[bytes.length - 1] == SLASH;
  }

  /** The key as text, with the trailing slash of a directory. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The absolute path: {@code /photos/a.png}, {@code /photos}, {@code /}. */
  public String path() {
    int end = isDirectory() ? Math.max(0, bytes.length - 1) : bytes.length;
    return "/" + new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** The key of the directory that holds this one; the root's is the root. */
  public ArchiveKey parent() {
    int end = bytes.length - 1;
    while (end > 0 && bytes[end - 1] != SLASH) {
      end--;
    }
    return ofChecked(Arrays.copyOf(bytes, Math.max(0, end)));
  }

  @Override
  public int compareTo(ArchiveKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArchiveKey archiveKey && Arrays.equals(bytes, archiveKey.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
