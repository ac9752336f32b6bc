package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps a host's last cosigned checkpoint over a restart. A convenience: losing it
 * costs one round of the witnesses, so it is neither synced nor written with every checkpoint.
 */
final class CosignedFile {
  private static final Logger LOG = LoggerFactory.getLogger(CosignedFile.class);
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Path path;
  private final LongSupplier nanoTime;
  private Note saved;
  private long savedAt;

  CosignedFile(Path path, LongSupplier nanoTime) {
    this.path = path;
    this.nanoTime = nanoTime;
  }

  /** What was kept, or null if there is nothing of use. */
  Note read() {
    if (!Files.exists(path)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Note.parse(in.readNBytes(Note.MAX_BYTES + 1), Note.MAX_BYTES);
    } catch (IOException | MalformedException e) {
      LOG.warn("{} is of no use: {}", path, e.getMessage());
      return null;
    }
  }

  /** Keeps a note unless another was kept within the last second. */
  void writeNowAndThen(Note note) {
    if (saved == null || nanoTime.getAsLong() - savedAt >= INTERVAL_NANOS) {
      write(note);
    }
  }

  /** Keeps a note unless it is there. */
  void write(Note note) {
    if (note.equals(saved)) {
      return;
    }
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try {
      Files.write(next, note.format());
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("cannot keep the cosigned checkpoint in {}: {}", path, e.toString());
    }
    saved = note;
    savedAt = nanoTime.getAsLong();
  }

  /** The path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
