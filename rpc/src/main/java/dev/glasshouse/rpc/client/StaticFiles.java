package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The archive of a publication that is files and has no listings of its own. As it was at a root it
 * is read from the blobs. As it is now, it is what lies below {@code files/} as plain files,
 * wherever there are any; what cannot be listed there is listed from the blobs, at the root that
 * the last entry names.
 *
 * <p>Somebody may be bringing these files up to date while they are read. What does not fit the
 * newest checkpoint is therefore read again for a while, as long as the publication itself says
 * that its files are not those of the checkpoint.
 */
public final class StaticFiles {
  /**
   * The file that says which archive lies in {@code files/}: a root in hex and a newline; two of
   * them, the old and the new, while files are being replaced. Absent if there are no plain files.
   */
  public static final String ROOT_FILE = "files.root";

  /** Bytes of that file: two lines. */
  public static final int MAX_ROOT_FILE = 2 * (2 * Hash.BYTES + 1);

  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long PAUSE_MILLIS = 20;

  /** The plain files, wherever they are. */
  public interface Plain {
    /** None: everything is read from the blobs. */
    Plain NONE =
        new Plain() {
          @Override
          public byte[] root() {
            return null;
          }

          @Override
          public List<String> names(String path) {
            return null;
          }

          @Override
          public byte[] bytes(String path) {
            return null;
          }
        };

    /** The bytes of {@link #ROOT_FILE}, or null. */
    byte[] root();

    /** The names in a directory, a directory's with a slash at its end; null if it has no list. */
    List<String> names(String path);

    /** The bytes of a file, or null. */
    byte[] bytes(String path);
  }

  private interface Reading<T> {
    /** What is published now; null if it is not there. */
    T published();

    /** Whether it is what the archive has. */
    boolean fits(T published, ArchiveTree archive);
  }

  private final LogReader reader;
  private final CheckedBlobs blobs;
  private final Plain plain;
  private final LongSupplier nanos;
  private byte[] note = {};
  private ArchiveTree newest;

  /**
   * The archive of what {@code reader} reads.
   *
   * @param reader whose checkpoint, entries and blobs are used
   */
  public StaticFiles(LogReader reader, Plain plain) {
    this(reader, plain, System::nanoTime);
  }

  StaticFiles(LogReader reader, Plain plain, LongSupplier nanos) {
    this.reader = reader;
    this.blobs = new CheckedBlobs(reader);
    this.plain = plain;
    this.nanos = nanos;
  }

  /** As {@link LogReader#directory}. */
  public synchronized List<String> directory(String path, Optional<Hash> root) {
    ArchiveKey key = path.equals("/") ? ArchiveKey.ROOT : key(path);
    if (root.isPresent() || plain.root() == null) {
      return names(archive(root), key);
    }
    return read(
        new Reading<List<String>>() {
          @Override
          public List<String> published() {
            List<String> listed = plain.names(path);
            return listed != null ? listed : names(newest(), key);
          }

          @Override
          public boolean fits(List<String> published, ArchiveTree archive) {
            return sorted(published).equals(sorted(names(archive, key)));
          }
        });
  }

  /** As {@link LogReader#file}. */
  public synchronized byte[] file(String path, Optional<Hash> root) {
    ArchiveKey key = key(path);
    if (root.isPresent() || plain.root() == null) {
      return content(archive(root), key);
    }
    byte[] bytes =
        read(
            new Reading<byte[]>() {
              @Override
              public byte[] published() {
                return plain.bytes(path);
              }

              @Override
              public boolean fits(byte[] published, ArchiveTree archive) {
                return archive.get(key).orElse(null) instanceof ArchiveValue.FileRef file
                    && published != null
                    && Hash.of(published).equals(file.sha256());
              }
            });
    if (bytes == null) {
      throw new UnreachableException(reader + " has no file " + path);
    }
    return bytes;
  }

  private <T> T read(Reading<T> reading) {
    long started = nanos.getAsLong();
    while (true) {
      T published = reading.published();
      if (isSettled() && reading.fits(published, newest())) {
        return published;
      }
      // Whoever reads decides what it means that this does not fit.
      if (isSettled() || nanos.getAsLong() - started > PATIENCE_NANOS) {
        return reading.published();
      }
      pause();
    }
  }

  // Whether the files are said to be those of the newest checkpoint. What is no root in its form
  // is nothing to wait for.
  private boolean isSettled() {
    byte[] root = plain.root();
    return root == null
        || (root.length != MAX_ROOT_FILE / 2 && root.length != MAX_ROOT_FILE)
        || new String(root, StandardCharsets.US_ASCII).equals(newest().rootHash().hex() + "\n");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while files were being replaced", e);
    }
  }

  private ArchiveTree archive(Optional<Hash> root) {
    return root.isEmpty() ? newest() : open(root.get());
  }

  private ArchiveTree newest() {
    byte[] served = reader.checkpoint();
    if (!Arrays.equals(served, note)) {
      long size = Checkpoint.parse(Note.parse(served, Note.MAX_BYTES).text()).head().size();
      if (size == 0) {
        throw new UnreachableException(reader + " has an empty log");
      }
      newest = open(Entry.parse(reader.entries(size - 1, size).get(0), blobs).root());
      note = served;
    }
    return newest;
  }

  private ArchiveTree open(Hash root) {
    try {
      return ArchiveTree.open(root, blobs);
    } catch (MissingBlobException e) {
      throw new UnreachableException(reader + " has no archive of root " + root, e);
    }
  }

  private List<String> names(ArchiveTree archive, ArchiveKey directory) {
    if (archive.get(directory).isEmpty()) {
      throw new UnreachableException(reader + " has no directory /" + directory.text());
    }
    List<String> names = new ArrayList<>();
    for (ArchiveEntry entry : archive.list(directory)) {
      names.add(entry.key().text().substring(directory.text().length()));
    }
    return names;
  }

  private byte[] content(ArchiveTree archive, ArchiveKey key) {
    if (!(archive.get(key).orElse(null) instanceof ArchiveValue.FileRef file)) {
      throw new UnreachableException(reader + " has no file /" + key.text());
    }
    byte[] bytes = blobs.blob(file.sha256());
    if (bytes == null) {
      throw new UnreachableException(reader + " has no content of /" + key.text());
    }
    return bytes;
  }

  private static List<String> sorted(List<String> names) {
    List<String> sorted = new ArrayList<>(names);
    Collections.sort(sorted);
    return sorted;
  }

  private ArchiveKey key(String path) {
    try {
      return ArchiveKey.parse(path.substring(1));
    } catch (MalformedException e) {
      throw new UnreachableException(reader + " has no " + path, e);
    }
  }
}
