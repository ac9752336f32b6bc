package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveKey;

/**
 * A path of the archive as a user asks for it: slashes around it may be left out; one at its end
 * asks for a directory.
 *
 * @param directory the key of a directory at the path
 * @param slashed whether only a directory will do
 */
record AskedPath(ArchiveKey directory, boolean slashed) {

  /**
   * Reads a path.
   *
   * @throws MalformedException if no archive has it
   */
  static AskedPath parse(String text) {
    String plain = text.replaceFirst("^/+", "").replaceFirst("/+$", "");
    return new AskedPath(
        plain.isEmpty() ? ArchiveKey.ROOT : ArchiveKey.parse(plain + "/"), text.endsWith("/"));
  }

  /** The absolute path: {@code /photos/a.png}, {@code /photos}, {@code /}. */
  String path() {
    return directory.path();
  }

  /** The path without its leading slash. */
  String relative() {
    return path().substring(1);
  }

  /** The last name in the path; empty for the root. */
  String name() {
    return path().substring(path().lastIndexOf('/') + 1);
  }
}
