package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Note;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What a witness must never forget: for each log one file, named by the SHA-256 of its origin in
 * hex, with the checkpoint that was cosigned last, cosignature and all. A file is replaced whole
 * and is on disk before {@link #put} returns.
 *
 * <p>Files and no database: a witness holds a few bytes for each of a few logs and writes them once
 * per cosignature, its owner can read and copy them, and what is stored is what is served.
 */
final class WitnessFiles implements AutoCloseable {
  /** Contradictions kept for one log; the first already proves all. */
  static final int MAX_REFUSED = 100;

  private static final String DRAFT = ".draft";

  private final Path cosigned;
  private final Path refused;
  private final FileChannel lock;

  private WitnessFiles(Path dir, FileChannel lock) {
    this.cosigned = dir.resolve("cosigned");
    this.refused = dir.resolve("refused");
    this.lock = lock;
  }

  /**
   * Opens the files in {@code dir} for this process alone, making what is not there.
   *
   * @throws IOException also if another process has them open
   */
  static WitnessFiles open(Path dir) throws IOException {
    Files.createDirectories(dir);
    WitnessFiles files = new WitnessFiles(dir, lock(dir.resolve("lock")));
    try {
      Files.createDirectories(files.cosigned);
      Files.createDirectories(files.refused);
      sync(dir);
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it: the same answer.
    }
    channel.close();
    throw new IOException(
        "another witness uses " + file.toAbsolutePath().getParent() + "; two must not share it");
  }

  /** The name of a log's file, and of its address: SHA-256 of the origin in hex. */
  static String name(String origin) {
    return Hash.of(origin).hex();
  }

  /** What was cosigned last of a log, or null. */
  byte[] get(String origin) throws IOException {
    Path file = cosigned.resolve(name(origin));
    if (!Files.exists(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Note.MAX_BYTES + 1);
      if (bytes.length > Note.MAX_BYTES) {
        throw new IOException(file + " is no checkpoint: it is too large");
      }
      return bytes;
    }
  }

  /** Replaces what was cosigned last; on disk on return. If it throws, either may be there. */
  void put(String origin, byte[] note) throws IOException {
    write(cosigned.resolve(name(origin)), note);
  }

  /**
   * Keeps a submission that contradicts what was cosigned: NAME{@code .request}, the body that
   * came, and NAME{@code .cosigned}, what was held then.
   *
   * @return where, or null if it is there already or enough is there
   */
  Path refuse(String origin, byte[] request, byte[] held) throws IOException {
    String log = name(origin);
    String name = log + "-" + Hash.of(request).hex().substring(0, 16);
    Path file = refused.resolve(name + ".request");
    if (Files.exists(file) || count(log) >= MAX_REFUSED) {
      return null;
    }
    write(refused.resolve(name + ".cosigned"), held);
    write(file, request);
    return file;
  }

  private int count(String log) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(refused, log + "-*.request")) {
      for (Path unused : files) {
        count++;
      }
    }
    return count;
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    // If we stop here, the old content stands and nobody was told of the new.
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.getParent());
  }

  private static void sync(Path dir) throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows has no such call; NTFS journals names itself.
    }
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
