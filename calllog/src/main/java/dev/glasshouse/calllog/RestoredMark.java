package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code restored} in a directory of a host: while it is there, nothing is signed from
 * that directory. Its text is for people.
 */
public final class RestoredMark {
  private static final String NAME = "restored";

  private final Path file;

  private RestoredMark(Path file) {
    this.file = file;
  }

  /** That of a directory, be it there or not. */
  public static RestoredMark of(Path dir) {
    return new RestoredMark(dir.resolve(NAME));
  }

  /** Whether the directory is marked. */
  public boolean exists() {
    return Files.exists(file);
  }

  /** Throws {@link RestoredException} if the directory is marked. */
  void requireNone() {
    if (exists()) {
      throw new RestoredException(file.getParent(), file);
    }
  }

  /** Marks the directory; durable on return. */
  public void write(String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Takes the mark away. */
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StoreException("cannot delete " + file + ": " + e.getMessage(), e);
    }
  }

  /** Where it is. */
  public Path file() {
    return file;
  }
}
