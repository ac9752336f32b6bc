package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/**
 * The file that holds a checkpoint which was signed lately. A start relies on the recorded tree
 * head; this is a second witness to it, and may be some moments old: replacing it with every batch
 * would cost as much as a sync.
 */
final class CheckpointFile {
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Path path;
  private final LongSupplier nanos;
  private SignedCheckpoint saved;
  private long savedAt;

  /** That at a path, saved to by a clock that never goes back, as {@link System#nanoTime}. */
  CheckpointFile(Path path, LongSupplier nanos) {
    this.path = path;
    this.nanos = nanos;
  }

  /** The directory that it is in. */
  Path directory() {
    return path.toAbsolutePath().getParent();
  }

  boolean exists() {
    return Files.exists(path);
  }

  byte[] read() {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new StoreException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** Saves a checkpoint unless another one was saved within the last second. */
  void saveNowAndThen(SignedCheckpoint signed) {
    if (saved == null || nanos.getAsLong() - savedAt >= INTERVAL_NANOS) {
      save(signed);
    }
  }

  /** Saves a checkpoint unless it is there; durable on return. */
  void save(SignedCheckpoint signed) {
    if (signed.equals(saved)) {
      return;
    }
    Path next = path.resolveSibling("checkpoint.next");
    try (FileChannel file =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(signed.format());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StoreException("cannot write " + path + ": " + e.getMessage(), e);
    }
    saved = signed;
    savedAt = nanos.getAsLong();
  }

  /** The path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
