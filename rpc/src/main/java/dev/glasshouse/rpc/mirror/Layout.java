package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.Hash;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where things lie below the directory of a publication: as in the URLs of a host. */
final class Layout {
  static final String CHECKPOINT = "checkpoint";
  static final String COSIGNED = "cosigned";
  static final String TILES = "tile";
  static final String IMAGES = "images";
  static final String FILES = "files";

  private Layout() {}

  static String blob(Hash hash) {
    return "blob/" + hash.hex();
  }

  static String page(Hash hash) {
    return "page/" + hash.hex();
  }

  /**
   * The plain file or directory of a key of the archive.
   *
   * @param key without a leading slash; empty for the root
   * @throws UnnamableException if this system has no such name, or reads another path from it
   */
  static Path file(Path dir, String key) {
    Path path = dir.resolve(FILES);
    if (key.isEmpty()) {
      return path;
    }
    for (String segment :
        (key.endsWith("/") ? key.substring(0, key.length() - 1) : key).split("/", -1)) {
      Path below;
      try {
        below = path.resolve(segment);
      } catch (InvalidPathException e) {
        throw new UnnamableException(key, e);
      }
      // Where a backslash parts directories, a segment could lead anywhere.
      if (below.getNameCount() != path.getNameCount() + 1
          || !below.getFileName().toString().equals(segment)
          || segment.equals("..")
          || segment.equals(".")) {
        throw new UnnamableException(key, null);
      }
      path = below;
    }
    return path;
  }

  /** A name of the archive that the file system does not take as it is. */
  static final class UnnamableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnnamableException(String key, Throwable cause) {
      super(
          "this system cannot name a file "
              + key
              + " here; it may be able to in a UTF-8 locale, and --no-files does without plain"
              + " files",
          cause);
    }
  }
}
