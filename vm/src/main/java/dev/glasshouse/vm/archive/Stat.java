package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import java.util.Optional;

/**
 * What {@code stat} tells of a path.
 *
 * @param size bytes of a file's content; 0 for a directory
 * @param sha256 hash of a file's content; empty for a directory
 */
public record Stat(long size, Optional<Hash> sha256) {
  /** Whether the path is a file. */
  public boolean isFile() {
    return sha256.isPresent();
  }

  /** Whether the path is a directory. */
  public boolean isDirectory() {
    return sha256.isEmpty();
  }
}
