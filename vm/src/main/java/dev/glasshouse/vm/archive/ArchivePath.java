package dev.glasshouse.vm.archive;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A path as a backend writes it, normalised: absolute, single slashes, none at the end. A missing
 * leading slash is added, runs of slashes collapse, and so does a trailing slash, which is
 * remembered because a file cannot be written under such a name. Refused with {@code
 * InvalidPathError}: segments {@code .} and {@code ..}, C0 control characters (U+0000 to U+001F),
 * unpaired surrogates, and what is over a limit. Bytes are compared as they are: no Unicode
 * normalisation, no case folding, and a backslash is a character like any other.
 */
final class ArchivePath {
  private static final byte SLASH = ArchiveKey.SLASH;
  private static final int FIRST_PRINTABLE = 0x20;

  /** The normalised path without its leading slash: a file's key; empty for the root. */
  private final byte[] bytes;

  private final boolean trailingSlash;

  private ArchivePath(byte[] bytes, boolean trailingSlash) {
    this.bytes = bytes;
    this.trailingSlash = trailingSlash;
  }

  static ArchivePath parse(String path) throws FileException {
    byte[] utf8;
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(path));
      utf8 = new byte[encoded.remaining()];
      encoded.get(utf8);
    } catch (CharacterCodingException e) {
      throw FileException.invalidPath("Path contains an unpaired surrogate");
    }
    boolean trailingSlash = utf8.length > 0 && utf8[utf8.length - 1] == SLASH;
    return of(collapseSlashes(utf8), trailingSlash);
  }

  private static ArchivePath of(byte[] bytes, boolean trailingSlash) throws FileException {
    if (bytes.length > 0) {
      Optional<String> fault = fault(bytes);
      if (fault.isPresent()) {
        throw FileException.invalidPath(fault.get());
      }
    }
    return new ArchivePath(bytes, trailingSlash);
  }

  private static byte[] collapseSlashes(byte[] utf8) {
    byte[] collapsed = new byte[utf8.length];
    int length = 0;
    for (byte b : utf8) {
      if (b != SLASH || (length > 0 && collapsed[length - 1] != SLASH)) {
        collapsed[length++] = b;
      }
    }
    if (length > 0 && collapsed[length - 1] == SLASH) {
      length--;
    }
    return Arrays.copyOf(collapsed, length);
  }

  /** What is wrong with a path given without leading and trailing slash, if anything. */
  static Optional<String> fault(byte[] path) {
    if (path.length + 1 > ArchiveKey.MAX_PATH_BYTES) {
      return Optional.of("Path is longer than " + ArchiveKey.MAX_PATH_BYTES + " bytes");
    }
    int start = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == SLASH) {
        Optional<String> fault = segmentFault(path, start, i);
        if (fault.isPresent()) {
          return fault;
        }
        start = i + 1;
      } else if (isControl(path[i])) {
        return Optional.of("Path contains invalid characters");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> segmentFault(byte[] path, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return Optional.of("Path contains an empty segment");
    }
    if (length > ArchiveKey.MAX_SEGMENT_BYTES) {
      return Optional.of(
          "Path has a segment longer than " + ArchiveKey.MAX_SEGMENT_BYTES + " bytes");
    }
    boolean dots = path[start] == '.' && path[end - 1] == '.';
    return dots && length <= 2 ? Optional.of("Path contains . or ..") : Optional.empty();
  }

  /** Whether a byte of UTF-8 is a C0 control character. */
  static boolean isControl(byte b) {
    return b >= 0 && b < FIRST_PRINTABLE;
  }

  boolean isRoot() {
    return bytes.length == 0;
  }

  /** Whether the path was written with a slash at its end. */
  boolean hasTrailingSlash() {
    return trailingSlash;
  }

  /** The key of a file at this path. Not for the root. */
  ArchiveKey fileKey() {
    return ArchiveKey.ofChecked(bytes);
  }

  /** The key of a directory at this path. */
  ArchiveKey directoryKey() {
    if (isRoot()) {
      return ArchiveKey.ROOT;
    }
    byte[] key = Arrays.copyOf(bytes, bytes.length + 1);
    key[bytes.length] = SLASH;
    return ArchiveKey.ofChecked(key);
  }

  /** The directory that holds this path; the root's is the root. */
  ArchivePath parent() {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != SLASH) {
      end--;
    }
    return new ArchivePath(Arrays.copyOf(bytes, Math.max(0, end - 1)), false);
  }

  /** Whether this is {@code other} or a path below it. */
  boolean isWithin(ArchivePath other) {
    byte[] outer = other.directoryKey().raw();
    byte[] inner = directoryKey().raw();
    return inner.length >= outer.length
        && Arrays.equals(inner, 0, outer.length, outer, 0, outer.length);
  }

  /** This path followed by what {@code key} has beyond its first {@code from} bytes. */
  ArchivePath resolve(ArchiveKey key, int from) throws FileException {
    byte[] directory = directoryKey().raw();
    int end = key.isDirectory() ? key.raw().length - 1 : key.raw().length;
    byte[] joined = Arrays.copyOf(directory, directory.length + end - from);
    System.arraycopy(key.raw(), from, joined, directory.length, end - from);
    return of(joined, false);
  }

  @Override
  public String toString() {
    return "/" + new String(bytes, StandardCharsets.UTF_8);
  }
}
