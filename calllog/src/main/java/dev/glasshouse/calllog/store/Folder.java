package dev.glasshouse.calllog.store;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The folder of a store as files: its lock, what is in it, and making changes to it durable. */
final class Folder {
  private static final String LOCK = "glasshouse.lock";
  private static final String ASIDE = "damaged-wal-";

  private Folder() {}

  /**
   * Makes the folder if needed and locks it against other processes and other stores of this one.
   * RocksDB's own LOCK file is not touched: closing any descriptor of it would drop RocksDB's lock.
   */
  static FileChannel lock(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      Files.createDirectories(dir);
      sync(dir.toAbsolutePath().getParent());
    }
    FileChannel channel =
        FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it open: the same answer.
    }
    channel.close();
    throw isOpen(dir);
  }

  /**
   * Keeps others from writing to a folder while it is read, and changes nothing in it. Others may
   * read it too.
   *
   * @return what to close at the end; null for a folder that was never locked, such as a copy
   */
  static FileChannel lockForReading(Path dir) throws IOException {
    if (!Files.exists(dir.resolve(LOCK))) {
      return null;
    }
    FileChannel channel = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.READ);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, true) != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it open.
    }
    channel.close();
    throw isOpen(dir);
  }

  private static StoreException isOpen(Path dir) {
    return new StoreException(
        "the store in " + dir + " is already open, here or in another process: close that first");
  }

  /** Whether RocksDB ever finished creating its files here. */
  static boolean hasDatabase(Path dir) throws IOException {
    if (Files.exists(dir.resolve("CURRENT"))) {
      return true;
    }
    // RocksDB writes CURRENT before its first log or table. Without it, it would begin a new
    // database among them.
    if (!list(dir, "*.log").isEmpty() || !list(dir, "*.sst").isEmpty()) {
      throw new StoreDamagedException(dir, "the file CURRENT is missing");
    }
    return false;
  }

  /** The files that the newest commits are in, for a message. */
  static String ends(Path dir) {
    try {
      return "its write-ahead log ("
          + names(list(dir, "*.log"))
          + ") or the list of its tables ("
          + names(list(dir, "MANIFEST-*"))
          + ")";
    } catch (IOException e) {
      return "its write-ahead log or the list of its tables";
    }
  }

  /** The names of the files that say which files belong to the database, for a message. */
  static String listOfFiles(Path dir) {
    try {
      String current = Files.readString(dir.resolve("CURRENT"), StandardCharsets.ISO_8859_1);
      for (Path manifest : list(dir, "MANIFEST-*")) {
        if (current.equals(manifest.getFileName() + "\n")) {
          return "its file " + manifest.getFileName();
        }
      }
      return current.matches("MANIFEST-[0-9]+\n")
          ? "its file CURRENT, or " + current.strip() + ", which it names and which is not there,"
          : "its file CURRENT";
    } catch (IOException e) {
      return "its file CURRENT (" + e.getMessage() + ")";
    }
  }

  private static String names(List<Path> files) {
    return files.stream()
        .map(file -> file.getFileName().toString())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Copies the write-ahead log to {@code damaged-wal-<n>}, durably, before a repair cuts it. */
  static void saveLog(Path dir) throws IOException {
    int n = 1;
    while (Files.exists(dir.resolve(ASIDE + n))) {
      n++;
    }
    Path aside = Files.createDirectory(dir.resolve(ASIDE + n));
    for (Path log : list(dir, "*.log")) {
      Path copy = aside.resolve(log.getFileName());
      Files.copy(log, copy);
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    sync(aside);
    sync(dir);
  }

  /** Makes the names in a folder durable. */
  static void sync(Path dir) throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows has no such call; NTFS journals names itself.
    }
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The files of a folder whose names match. */
  static List<Path> list(Path dir, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir, glob)) {
      stream.forEach(found::add);
    }
    return found;
  }
}
