package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TreeHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The newest tree head, in a file beside the store that only ever grows: what the host may have
 * signed. Two slots of 512 bytes are written in turn, each synced before {@link #write} returns, so
 * that a torn write costs only the head that was being written, which nobody has signed yet.
 *
 * <p>A slot is, in bytes: 16 {@code "glasshouse/head\n"}, 8 sequence, 8 size, 32 root, zeros up to
 * 480, 32 SHA-256 of those 480. Numbers are big-endian; sequence {@code s} is in slot {@code s %
 * 2}.
 */
public final class TreeHeadRecord implements AutoCloseable {
  static final int SLOT_BYTES = 512;
  private static final int CONTENT_BYTES = SLOT_BYTES - Hash.BYTES;
  private static final byte[] MAGIC = "glasshouse/head\n".getBytes(StandardCharsets.US_ASCII);

  private record Slot(long sequence, TreeHead head) {}

  /**
   * What a record's file holds.
   *
   * @param newest the newest head; null if the file has none
   * @param half whether one of the slots has bytes that are no head: a torn write, or damage
   */
  public record Found(TreeHead newest, boolean half) {}

  private final Path file;
  private FileChannel channel;
  private final boolean half;
  private Slot newest;
  private boolean closed;
  private boolean failed;

  private TreeHeadRecord(Path file, FileChannel channel, Slot newest, boolean half) {
    this.file = file;
    this.half = half;
    this.channel = channel;
    this.newest = newest;
  }

  /**
   * Opens the record in {@code file}, which need not exist yet; its folder must.
   *
   * @throws StoreDamagedException if the file exists and holds no valid slot, or two that cannot
   *     both have been written
   */
  public static TreeHeadRecord open(Path file) {
    try {
      if (!Files.exists(file)) {
        return new TreeHeadRecord(file, null, null, false);
      }
      byte[] bytes = Files.readAllBytes(file);
      Slot newest = newest(file, bytes);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        // What a failed sync has left unwritten is read all the same, from memory, and no later
        // sync writes it: before the other slot is given up, this one must be on disk, and so must
        // the file's name.
        write(channel, newest);
        Folder.sync(file.toAbsolutePath().getParent());
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return new TreeHeadRecord(file, channel, newest, isHalf(bytes));
    } catch (IOException e) {
      throw new StoreException("the record " + file + " could not open: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the record in {@code file} and leaves it alone.
   *
   * @throws StoreDamagedException as {@link #open}
   */
  public static Found look(Path file) {
    try {
      if (!Files.exists(file)) {
        return new Found(null, false);
      }
      byte[] bytes = Files.readAllBytes(file);
      return new Found(newest(file, bytes).head(), isHalf(bytes));
    } catch (IOException e) {
      throw new StoreException("the record " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Whether one of the slots had bytes that are no head when the record was opened. Which head it
   * had is then unknown: a torn write's, which was never signed, or after damage the newest.
   */
  public boolean isHalf() {
    return half;
  }

  /** The newest head whose write was not torn, or null if none was ever written. */
  public synchronized TreeHead read() {
    requireOpen();
    return newest == null ? null : newest.head();
  }

  /**
   * Records {@code head} and returns when it is on disk. Writing the newest head again does
   * nothing.
   *
   * @throws IllegalStateException if the record would shrink, or change its root at the same size;
   *     nothing was changed
   * @throws StoreException if the write failed; open the record again to learn what it holds
   */
  public synchronized void write(TreeHead head) {
    requireOpen();
    if (newest != null && !grows(head)) {
      return;
    }
    Slot next = new Slot(newest == null ? 0 : newest.sequence() + 1, head);
    failed = true;
    try {
      if (channel == null) {
        channel = create(next);
      } else {
        write(channel, next);
      }
    } catch (IOException e) {
      throw new StoreException("the record " + file + " could not write: " + e.getMessage(), e);
    }
    failed = false;
    newest = next;
  }

  private static void write(FileChannel channel, Slot slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(encode(slot));
    long at = slot.sequence() % 2 * SLOT_BYTES;
    while (bytes.hasRemaining()) {
      // If we stop here, this slot is torn and the other one still has the head before.
      at += channel.write(bytes, at);
    }
    channel.force(false);
  }

  private boolean grows(TreeHead head) {
    TreeHead old = newest.head();
    if (head.size() < old.size()
        || (head.size() == old.size() && !head.root().equals(old.root()))) {
      throw new IllegalStateException(
          "the record "
              + file
              + " has size "
              + old.size()
              + " root "
              + old.root().hex()
              + " and cannot go to size "
              + head.size()
              + " root "
              + head.root().hex());
    }
    return head.size() > old.size();
  }

  /**
   * Makes the whole file under another name first: it appears with one valid slot or not at all.
   */
  private FileChannel create(Slot first) throws IOException {
    Path making = file.resolveSibling(file.getFileName() + ".new");
    FileChannel made =
        FileChannel.open(
            making,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer both = ByteBuffer.wrap(Arrays.copyOf(encode(first), 2 * SLOT_BYTES));
      while (both.hasRemaining()) {
        made.write(both);
      }
      made.force(true);
      Files.move(making, file, StandardCopyOption.ATOMIC_MOVE);
      Folder.sync(file.toAbsolutePath().getParent());
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static Slot newest(Path file, byte[] bytes) {
    Slot even = decode(bytes, 0);
    Slot odd = decode(bytes, 1);
    if (even == null && odd == null) {
      throw new StoreDamagedException(file, "neither of its two slots is valid");
    }
    if (even == null || odd == null) {
      return even == null ? odd : even;
    }
    boolean evenIsNewer = even.sequence() > odd.sequence();
    Slot newer = evenIsNewer ? even : odd;
    Slot older = evenIsNewer ? odd : even;
    if (newer.sequence() != older.sequence() + 1 || newer.head().size() <= older.head().size()) {
      throw new StoreDamagedException(file, "its two slots contradict each other");
    }
    return newer;
  }

  // The second slot is all zeros until it is written for the first time.
  private static boolean isHalf(byte[] bytes) {
    boolean fresh =
        bytes.length == 2 * SLOT_BYTES
            && Arrays.equals(
                Arrays.copyOfRange(bytes, SLOT_BYTES, bytes.length), new byte[SLOT_BYTES]);
    return decode(bytes, 0) == null || (decode(bytes, 1) == null && !fresh);
  }

  private static byte[] encode(Slot slot) {
    byte[] bytes = new byte[SLOT_BYTES];
    ByteBuffer.wrap(bytes)
        .put(MAGIC)
        .putLong(slot.sequence())
        .putLong(slot.head().size())
        .put(slot.head().root().bytes());
    Hash.of(Arrays.copyOf(bytes, CONTENT_BYTES)).copyTo(bytes, CONTENT_BYTES);
    return bytes;
  }

  /** The slot at {@code position} (0 or 1), or null if its bytes are not exactly one. */
  private static Slot decode(byte[] file, int position) {
    int from = position * SLOT_BYTES;
    if (file.length < from + SLOT_BYTES) {
      return null;
    }
    byte[] bytes = Arrays.copyOfRange(file, from, from + SLOT_BYTES);
    Hash checksum = Hash.ofBytes(bytes, CONTENT_BYTES, Hash.BYTES);
    if (!Hash.of(Arrays.copyOf(bytes, CONTENT_BYTES)).equals(checksum)) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(MAGIC.length);
    long sequence = buffer.getLong();
    long size = buffer.getLong();
    if (sequence < 0 || sequence % 2 != position || size < 0) {
      return null;
    }
    Slot slot = new Slot(sequence, new TreeHead(size, Hash.ofBytes(bytes, buffer.position(), 32)));
    return Arrays.equals(encode(slot), bytes) ? slot : null;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the record is closed");
    }
    if (failed) {
      throw new StoreException("a write to " + file + " failed: open the record again");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new StoreException("the record " + file + " could not close: " + e.getMessage(), e);
    }
  }
}
