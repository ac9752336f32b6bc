package dev.glasshouse.calllog.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Copies the files of a store, and keeps hosts from opening it meanwhile. */
public final class StoreCopy implements AutoCloseable {
  /** All that a store is made of; its locks and RocksDB's text log are not. */
  private static final List<String> KINDS =
      List.of("*.sst", "*.log", "MANIFEST-*", "CURRENT", "OPTIONS-*", "IDENTITY");

  private final Path dir;
  // Null if the folder was never locked, such as a backup.
  private final FileChannel lock;

  private StoreCopy(Path dir, FileChannel lock) {
    this.dir = dir;
    this.lock = lock;
  }

  /**
   * Locks the store in {@code dir} against hosts until this is closed.
   *
   * @throws StoreException if a host has it open
   */
  public static StoreCopy of(Path dir) throws IOException {
    return new StoreCopy(dir, Folder.lockForReading(dir));
  }

  /** Copies it into a new folder, durably, and returns how many bytes that were. */
  public long to(Path out) throws IOException {
    Files.createDirectory(out);
    long bytes = 0;
    for (String kind : KINDS) {
      for (Path file : Folder.list(dir, kind)) {
        bytes += copy(file, out.resolve(file.getFileName()));
      }
    }
    Folder.sync(out);
    return bytes;
  }

  /** Copies one file, durably, with its permissions, and returns its length. */
  public static long copy(Path file, Path to) throws IOException {
    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
      return channel.size();
    }
  }

  /** Makes the names in a folder durable. */
  public static void sync(Path dir) throws IOException {
    Folder.sync(dir);
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
