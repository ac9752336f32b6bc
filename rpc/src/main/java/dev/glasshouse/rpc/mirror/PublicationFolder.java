package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The directory that a publication is written to. Every file is written elsewhere first and then
 * given its name, so that it is there whole or not at all; one process at a time writes.
 *
 * <p>{@code .glasshouse} marks the directory as one of ours, names the log, and is what is locked.
 * {@code .next} holds files that have no name yet. Neither is part of the publication.
 */
final class PublicationFolder implements AutoCloseable {
  private static final String MARK = ".glasshouse";
  private static final String NEXT = ".next";
  private static final String FORM = "glasshouse/publication/v1\n";
  private static final int MARK_BYTES = FORM.length() + 2 * Hash.BYTES + 1;

  private final Path dir;
  private final FileChannel lock;
  private long written;

  private PublicationFolder(Path dir, FileChannel lock) {
    this.dir = dir;
    this.lock = lock;
  }

  /**
   * Which log a directory holds; empty if it is absent or empty.
   *
   * @throws UncheckedIOException if it holds something else
   */
  static Optional<Hash> log(Path dir) {
    try {
      if (!Files.exists(dir, LinkOption.NOFOLLOW_LINKS) || isEmpty(dir)) {
        return Optional.empty();
      }
      byte[] mark = Files.readAllBytes(dir.resolve(MARK));
      String text = new String(mark, StandardCharsets.UTF_8);
      if (mark.length == 0) {
        // Stopped just after the mark was made: nothing else is there yet.
        return Optional.empty();
      }
      if (mark.length != MARK_BYTES || !text.startsWith(FORM) || !text.endsWith("\n")) {
        throw new IOException(dir.resolve(MARK) + " is damaged: it does not name a log");
      }
      return Optional.of(Hash.parseHex(text.substring(FORM.length(), MARK_BYTES - 1)));
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(
          new IOException(
              dir + " is not empty, and no export or mirror; name another directory", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path dir) throws IOException {
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(dir)) {
      return !listed.iterator().hasNext();
    }
  }

  /**
   * Makes the directory one for a log, or goes on with it.
   *
   * @throws UncheckedIOException if it holds another log or something else, or is being written
   */
  static PublicationFolder open(Path dir, Hash log) {
    Optional<Hash> held = log(dir);
    if (held.isPresent() && !held.get().equals(log)) {
      throw new UncheckedIOException(new IOException(dir + " holds another log, " + held.get()));
    }
    try {
      Files.createDirectories(dir);
      FileChannel channel =
          FileChannel.open(dir.resolve(MARK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      requireLock(dir, channel);
      if (held.isEmpty()) {
        ByteBuffer mark =
            ByteBuffer.wrap((FORM + log.hex() + "\n").getBytes(StandardCharsets.UTF_8));
        while (mark.hasRemaining()) {
          channel.write(mark);
        }
      }
      PublicationFolder folder = new PublicationFolder(dir, channel);
      folder.clearNext();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireLock(Path dir, FileChannel channel) throws IOException {
    FileLock got = null;
    try {
      got = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This process writes there: the same answer.
    }
    if (got == null) {
      channel.close();
      throw new IOException(dir + " is being written by another export or mirror");
    }
  }

  // What a process that was killed left behind.
  private void clearNext() throws IOException {
    Path next = Files.createDirectories(dir.resolve(NEXT));
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(next)) {
      for (Path file : listed) {
        Files.delete(file);
      }
    }
  }

  Path dir() {
    return dir;
  }

  /** Whether there is a file of this path; an empty one may be a torn one. */
  boolean has(String path) {
    try {
      return Files.size(dir.resolve(path)) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes a file below the directory, in place of one that is there. */
  void write(String path, byte[] bytes) {
    write(dir.resolve(path), bytes);
  }

  /** Writes a file in the directory. */
  void write(Path file, byte[] bytes) {
    Path next = dir.resolve(NEXT).resolve(String.valueOf(written++));
    try {
      Files.write(next, bytes);
      if (!Files.isDirectory(file.getParent())) {
        Files.createDirectories(file.getParent());
      }
      // If we stop here, the next start deletes it.
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file, or a directory that is empty; one that is not there is deleted already. */
  void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException e) {
      throw new UncheckedIOException(
          new IOException(file + " holds what no archive put there; take it away", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory that has files only. */
  void deleteAll(String path) {
    Path below = dir.resolve(path);
    if (Files.isDirectory(below)) {
      try (DirectoryStream<Path> listed = Files.newDirectoryStream(below)) {
        listed.forEach(this::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      delete(below);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
