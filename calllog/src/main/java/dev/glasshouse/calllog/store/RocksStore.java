package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Env;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * A store in a folder, on RocksDB. A commit is one synced write; every block read is checked
 * against its checksum, every blob and page against its hash. One process at a time may have the
 * folder open.
 */
public final class RocksStore implements Store {
  private static final byte[] NOTHING = new byte[0];

  /** One step of reading, which RocksDB may fail. */
  interface Reading<T> {
    T read(RocksColumns open) throws RocksDBException;
  }

  /** One step of opening. */
  private interface Opening<T> {
    T open() throws IOException;
  }

  private final Path dir;
  // Null if the folder is only read and was never locked.
  private final FileChannel lock;
  private final RocksColumns columns;
  private final RocksImages images;

  /** Held shared by all who use the database, so that close cannot free it under them. */
  private final ReadWriteLock usage = new ReentrantReadWriteLock();

  private volatile long size;
  private boolean closed;
  private boolean failed;

  private RocksStore(Path dir, FileChannel lock, RocksColumns columns, long size) {
    this.dir = dir;
    this.lock = lock;
    this.columns = columns;
    this.images = new RocksImages(dir, columns);
    this.size = size;
  }

  /**
   * Lets so many open stores write tables at the same time, and as many merge them. RocksDB's
   * threads are the process's: with too few, a store whose disk is slow would hold up another.
   */
  public static void expect(int stores) {
    RocksOpening.loadNative();
    for (Priority each : List.of(Priority.HIGH, Priority.LOW)) {
      Env unused = Env.getDefault().incBackgroundThreadsIfNeeded(stores, each);
    }
  }

  /**
   * Opens the store in {@code dir}, or makes an empty one, and repairs nothing. A log that was cut
   * exactly between two commits cannot be told from a shorter one here: whoever has acknowledged
   * entries opens with their number.
   *
   * @throws StoreException if it cannot be opened, or is open already
   * @throws StoreDamagedException if it is not as it was left, a torn last write included
   */
  public static RocksStore open(Path dir) {
    return open(dir, 0, false);
  }

  /**
   * Opens the store in {@code dir}, in which at least {@code atLeast} entries were acknowledged. A
   * last write that was torn by a crash is dropped if that many entries are left without it; the
   * write-ahead log as it was found is then kept in {@code damaged-wal-<n>} inside {@code dir}.
   *
   * @throws StoreException if it cannot be opened, or is open already
   * @throws StoreDamagedException if fewer entries are left, or it is damaged anywhere else; its
   *     files are left as they are
   */
  public static RocksStore open(Path dir, long atLeast) {
    return open(dir, Keys.requireIndex(atLeast), true);
  }

  /**
   * Opens the store in {@code dir} for reading, without changing anything in it: nothing can be
   * committed or dropped. A last write that was torn by a crash is passed over if {@code atLeast}
   * entries are left without it.
   *
   * @throws StoreException if there is none, or a host has it open
   * @throws StoreDamagedException if it is damaged otherwise
   */
  public static Store openReadOnly(Path dir, long atLeast) {
    RocksOpening opening = new RocksOpening(dir, Keys.requireIndex(atLeast));
    return open(dir, opening, () -> Folder.lockForReading(dir), opening::openReadOnly);
  }

  private static RocksStore open(Path dir, long atLeast, boolean repair) {
    RocksOpening opening = new RocksOpening(dir, atLeast);
    return open(dir, opening, () -> Folder.lock(dir), () -> opening.open(repair));
  }

  private static RocksStore open(
      Path dir, RocksOpening opening, Opening<FileChannel> locking, Opening<RocksColumns> reading) {
    RocksOpening.loadNative();
    try {
      FileChannel lock = locking.open();
      RocksColumns columns = null;
      try {
        columns = reading.open();
        RocksStore store = new RocksStore(dir, lock, columns, opening.size(columns));
        columns = null;
        lock = null;
        return store;
      } catch (RocksDBException e) {
        throw RocksOpening.failure(dir, "open", e);
      } finally {
        if (columns != null) {
          columns.close();
        }
        if (lock != null) {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw new StoreException("the store in " + dir + " could not open: " + e.getMessage(), e);
    }
  }

  @Override
  public long size() {
    return using(open -> size);
  }

  @Override
  public byte[] entry(long index) {
    byte[] key = Keys.entry(index);
    return using(open -> index < size ? present(open.entries(), key) : null);
  }

  @Override
  public List<byte[]> entries(long from, int max, long maxBytes) {
    byte[] start = Keys.entry(from);
    long count = Math.min(Keys.requireMax(max), size() - from);
    return using(open -> range(open.entries(), start, count, maxBytes));
  }

  @Override
  public Hash treeHash(int tileLevel, long index) {
    byte[] key = Keys.treeHash(tileLevel, index);
    return using(
        open ->
            index < Store.treeHashCount(tileLevel, size) ? hash(present(open.tree(), key)) : null);
  }

  @Override
  public List<Hash> treeHashes(int tileLevel, long from, int max) {
    byte[] start = Keys.treeHash(tileLevel, from);
    long count = Math.min(Keys.requireMax(max), Store.treeHashCount(tileLevel, size()) - from);
    List<Hash> hashes = new ArrayList<>();
    for (byte[] value : using(open -> range(open.tree(), start, count, Long.MAX_VALUE))) {
      hashes.add(hash(value));
    }
    return hashes;
  }

  @Override
  public byte[] blob(Hash hash) {
    return checked(
        "blob", hash, using(open -> open.db().get(open.blobs(), open.read, hash.bytes())));
  }

  @Override
  public boolean hasBlob(Hash hash) {
    return using(open -> has(open.blobs(), hash.bytes()));
  }

  @Override
  public byte[] page(Hash hash) {
    return checked(
        "page", hash, using(open -> open.db().get(open.pages(), open.read, hash.bytes())));
  }

  @Override
  public List<Long> images() {
    return using(open -> images.indexes());
  }

  @Override
  public long imageOrdinal(long index) {
    Keys.requireIndex(index);
    return using(open -> images.ordinal(index));
  }

  @Override
  public Ticket ticket(byte[] key, byte[] session, long n) {
    byte[] value =
        using(open -> open.db().get(open.tickets(), open.read, Keys.ticket(key, session, n)));
    if (value == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new Ticket(buffer.getLong(), buffer.getLong());
  }

  @Override
  public long lastN(byte[] key, byte[] session) {
    byte[] bound = Keys.ticket(key, session, Long.MAX_VALUE);
    return using(
        open -> {
          try (RocksIterator it = open.db().newIterator(open.tickets(), open.read)) {
            it.seekForPrev(bound);
            boolean found = it.isValid() && Keys.sameSession(it.key(), bound);
            it.status();
            return found ? Keys.last(it.key()) : 0L;
          }
        });
  }

  @Override
  public synchronized void commit(Batch batch) {
    using(
        open -> {
          requireNotFailed();
          batch.requireFollows(size);
          try (WriteBatch write = new WriteBatch()) {
            fill(write, batch);
            failed = true;
            open.db().write(open.syncedWrite, write);
            failed = false;
          }
          // If we stop here, the batch is there and nobody was told: the next open finds it.
          size = batch.end();
          return null;
        });
  }

  @Override
  public synchronized void dropImages(Collection<Long> indexes) {
    using(
        open -> {
          requireNotFailed();
          try (WriteBatch write = new WriteBatch()) {
            images.drop(write, indexes);
            failed = true;
            open.db().write(open.write, write);
            failed = false;
          }
          return null;
        });
  }

  private void requireNotFailed() {
    if (failed) {
      throw new StoreException(
          "an earlier write to " + dir + " failed: open the store again and reload");
    }
  }

  private void fill(WriteBatch write, Batch batch) throws RocksDBException {
    long index = batch.first();
    for (byte[] entry : batch.entries()) {
      write.put(columns.entries(), Keys.entry(index++), entry);
    }
    for (Batch.TreeNode node : batch.treeNodes()) {
      byte[] key = Keys.treeHash(node.tileLevel(), node.index());
      write.put(columns.tree(), key, node.hash().bytes());
    }
    for (Map.Entry<Hash, byte[]> blob : batch.blobs().entrySet()) {
      byte[] key = blob.getKey().bytes();
      if (!has(columns.blobs(), key)) {
        write.put(columns.blobs(), key, blob.getValue());
      }
    }
    images.add(write, batch);
    for (Map.Entry<byte[], Ticket> ticket : batch.tickets().entrySet()) {
      if (has(columns.tickets(), ticket.getKey())) {
        throw Batch.taken(ticket.getKey());
      }
      write.put(columns.tickets(), ticket.getKey(), Keys.ticketValue(ticket.getValue()));
    }
  }

  @Override
  public void close() {
    Lock alone = usage.writeLock();
    alone.lock();
    try {
      if (!closed) {
        closed = true;
        columns.close();
        if (lock != null) {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw new StoreException("the lock of " + dir + " could not close: " + e.getMessage(), e);
    } finally {
      alone.unlock();
    }
  }

  /** Reads what {@link Store} has no method for. */
  <T> T reading(Reading<T> reading) {
    return using(reading);
  }

  private <T> T using(Reading<T> reading) {
    Lock shared = usage.readLock();
    shared.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the store is closed");
      }
      return reading.read(columns);
    } catch (RocksDBException e) {
      throw RocksOpening.failure(dir, "read or write", e);
    } finally {
      shared.unlock();
    }
  }

  private byte[] checked(String what, Hash hash, byte[] bytes) {
    if (bytes != null && !Hash.of(bytes).equals(hash)) {
      throw new StoreDamagedException(dir, what + " " + hash + " has other bytes");
    }
    return bytes;
  }

  private boolean has(ColumnFamilyHandle column, byte[] key) throws RocksDBException {
    return columns.db().get(column, columns.read, key, NOTHING) != RocksDB.NOT_FOUND;
  }

  /** The value of a key that must be there. */
  private byte[] present(ColumnFamilyHandle column, byte[] key) throws RocksDBException {
    byte[] value = columns.db().get(column, columns.read, key);
    if (value == null) {
      throw missing(Keys.last(key));
    }
    return value;
  }

  /** The values of {@code count} keys that must be there, counting up from {@code start}. */
  private List<byte[]> range(ColumnFamilyHandle column, byte[] start, long count, long maxBytes)
      throws RocksDBException {
    List<byte[]> values = new ArrayList<>();
    if (count <= 0) {
      return values;
    }
    long bytes = 0;
    byte[] key = start.clone();
    try (RocksIterator it = columns.db().newIterator(column, columns.read)) {
      it.seek(start);
      for (long index = Keys.last(start); values.size() < count; index++, it.next()) {
        if (!it.isValid() || !Arrays.equals(it.key(), Keys.at(key, index))) {
          it.status();
          throw missing(index);
        }
        byte[] value = it.value();
        bytes += value.length;
        if (bytes > maxBytes && !values.isEmpty()) {
          break;
        }
        values.add(value);
      }
    }
    return values;
  }

  private StoreDamagedException missing(long index) {
    return new StoreDamagedException(dir, "number " + index + " of " + size + " is missing");
  }

  private Hash hash(byte[] value) {
    if (value.length != Hash.BYTES) {
      throw new StoreDamagedException(dir, "a tree hash has " + value.length + " bytes");
    }
    return Hash.ofBytes(value);
  }
}
