package dev.glasshouse.calllog.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;

/**
 * Opens the database of a locked folder. It is first read without being changed, because an
 * ordinary open cuts the write-ahead log, deletes tables it does not know, and so destroys the
 * evidence that it is damaged. Only a database that passed is opened for writing.
 */
final class RocksOpening {
  /** How many of the last entries every open looks for. */
  private static final int EDGE = 256;

  /** How much of its tables a host reads before it signs, the newest first: some seconds' worth. */
  private static final long CHECKED_BYTES = 4L << 30;

  /** A damaged page of an image costs time at a start, and nothing else. */
  private static final String PAGES = "pages";

  private final Path dir;
  private final long atLeast;

  RocksOpening(Path dir, long atLeast) {
    this.dir = dir;
    this.atLeast = atLeast;
  }

  /** Loads RocksDB's native library, once per process: from java.library.path, or from its jar. */
  static void loadNative() {
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      throw new StoreException("RocksDB's native library does not load: " + e.getMessage(), e);
    }
  }

  /**
   * @param repair whether a log that ends in a torn record may be cut there, if {@code atLeast}
   *     entries are left
   */
  RocksColumns open(boolean repair) throws IOException {
    try {
      RocksColumns.Recovery recovery = RocksColumns.Recovery.ABSOLUTE;
      if (!exists()) {
        requireAtLeast(0, "CURRENT is gone");
      } else {
        recovery = inspect(repair, true);
      }
      if (recovery != RocksColumns.Recovery.ABSOLUTE) {
        // If we stop here, the next start finds the same torn log and one copy more.
        Folder.saveLog(dir);
      }
      return RocksColumns.open(dir, recovery);
    } catch (RocksDBException e) {
      throw failure(dir, "open", e);
    }
  }

  /**
   * Opens a database for reading, as it is: a log that ends in a torn record is read up to there if
   * {@code atLeast} entries come before it.
   */
  RocksColumns openReadOnly() throws IOException {
    try {
      if (!exists()) {
        throw new StoreException("there is no log in " + dir);
      }
      return RocksColumns.openReadOnly(dir, inspect(true, false));
    } catch (RocksDBException e) {
      throw failure(dir, "open", e);
    }
  }

  /** Whether there is a database that may have been committed to. */
  private boolean exists() throws IOException, RocksDBException {
    if (!Folder.hasDatabase(dir)) {
      return false;
    }
    if (RocksColumns.complete(dir)) {
      return true;
    }
    // A crash while it was made leaves it so, and then there are no tables.
    if (atLeast > 0 || !RocksTables.in(dir).isEmpty()) {
      throw new StoreDamagedException(dir, Folder.listOfFiles(dir) + " does not list its tables");
    }
    return false;
  }

  /**
   * Reads the database as it is and returns the recovery with which it may be opened.
   *
   * @param whole whether tables are read whole, as for a host; a reader finds what is damaged when
   *     it comes to it
   */
  private RocksColumns.Recovery inspect(boolean repair, boolean whole)
      throws IOException, RocksDBException {
    try (RocksColumns columns = RocksColumns.openReadOnly(dir, RocksColumns.Recovery.ABSOLUTE)) {
      if (whole) {
        requireWholeTables(columns);
      }
      requireAtLeast(size(columns), Folder.ends(dir) + " lost its end");
      return RocksColumns.Recovery.ABSOLUTE;
    } catch (RocksDBException e) {
      if (e.getStatus() == null || e.getStatus().getCode() != Status.Code.Corruption) {
        throw e;
      }
      requireReadableTables();
      if (!repair) {
        throw e;
      }
      try (RocksColumns cut = RocksColumns.openReadOnly(dir, RocksColumns.Recovery.POINT_IN_TIME)) {
        long size = size(cut);
        requireAtLeast(size, Folder.ends(dir) + " is damaged");
        requireNoGap(cut, cut.entries(), Keys.entry(0), size);
        requireNoGap(cut, cut.tree(), Keys.treeHash(0, 0), size);
        if (whole) {
          requireWholeTables(cut);
        }
        return RocksColumns.Recovery.POINT_IN_TIME;
      } catch (RocksDBException second) {
        e.addSuppressed(second);
        throw e;
      }
    }
  }

  private void requireAtLeast(long size, String why) {
    if (size < atLeast) {
      throw new StoreDamagedException(
          dir,
          why + ": " + size + " entries are left of at least " + atLeast + " that were recorded");
    }
  }

  // A damaged block would be noticed by whoever reads it: an entry that nobody can have any more.
  private void requireWholeTables(RocksColumns columns) {
    long left = CHECKED_BYTES;
    for (RocksTables.Table table : RocksTables.of(columns)) {
      if (!table.column().equals(PAGES) && left > 0) {
        requireWhole(dir.resolve(table.name()));
        left -= table.bytes();
      }
    }
  }

  // RocksDB names the wrong file, or none, for some of the damage that keeps it from opening.
  private void requireReadableTables() throws IOException {
    for (Path table : RocksTables.in(dir)) {
      requireWhole(table);
    }
  }

  private void requireWhole(Path table) {
    String damage = RocksTables.damage(table);
    if (damage != null) {
      throw new StoreDamagedException(table, damage);
    }
  }

  /** Number of entries, once the last ones and the last tree hash of each level agree on it. */
  long size(RocksColumns columns) throws RocksDBException {
    long size = 0;
    try (RocksIterator it = columns.db().newIterator(columns.entries(), columns.read)) {
      it.seekToLast();
      if (it.isValid()) {
        size = Keys.last(it.key()) + 1;
      }
      it.status();
    }
    try (RocksIterator it = columns.db().newIterator(columns.images(), columns.read)) {
      it.seekToLast();
      if (it.isValid() && Keys.last(it.key()) >= size) {
        throw contradictory(size + " entries with an image of entry " + Keys.last(it.key()));
      }
      it.status();
    }
    for (int level = 0; level < Store.TILE_LEVELS; level++) {
      long hashes = treeHashCount(columns, level);
      if (hashes != Store.treeHashCount(level, size)) {
        throw contradictory(size + " entries with " + hashes + " tree hashes of level " + level);
      }
    }
    long edge = Math.max(0, size - EDGE);
    requireNoGap(columns, columns.entries(), Keys.entry(edge), size);
    requireNoGap(columns, columns.tree(), Keys.treeHash(0, edge), size);
    return size;
  }

  // Whole tables that do not fit each other were not all read.
  private StoreDamagedException contradictory(String what) {
    return new StoreDamagedException(dir, Folder.ends(dir) + " is damaged: " + what);
  }

  private static long treeHashCount(RocksColumns columns, int level) throws RocksDBException {
    try (RocksIterator it = columns.db().newIterator(columns.tree(), columns.read)) {
      it.seekForPrev(Keys.treeHash(level, Long.MAX_VALUE));
      long count = it.isValid() && it.key()[0] == level ? Keys.last(it.key()) + 1 : 0;
      it.status();
      return count;
    }
  }

  /** Checks that keys count up by one from {@code from} to {@code end}. */
  private void requireNoGap(RocksColumns open, ColumnFamilyHandle column, byte[] from, long end)
      throws RocksDBException {
    byte[] key = from.clone();
    try (RocksIterator it = open.db().newIterator(column, open.read)) {
      it.seek(from);
      for (long index = Keys.last(from); index < end; index++, it.next()) {
        if (!it.isValid() || !Arrays.equals(it.key(), Keys.at(key, index))) {
          it.status();
          throw contradictory("number " + index + " of " + end + " is missing");
        }
      }
    }
  }

  /** Tells damage from trouble: RocksDB's status codes in our two kinds. */
  static StoreFailure failure(Path dir, String what, RocksDBException e) {
    Status.Code code = e.getStatus() == null ? Status.Code.Undefined : e.getStatus().getCode();
    String message = String.valueOf(e.getMessage());
    boolean damaged =
        code == Status.Code.Corruption
            || code == Status.Code.InvalidArgument
            || (code == Status.Code.IOError && message.contains("No such file"));
    return damaged
        ? new StoreDamagedException(dir, message, e)
        : new StoreException("the store in " + dir + " could not " + what + ": " + message, e);
  }
}
