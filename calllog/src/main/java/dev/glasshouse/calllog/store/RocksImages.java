package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The images of a store on RocksDB: the index, with a row for each image that is kept, and the
 * pages. A page is in its column if and only if a row names it, so the rows tell what is there.
 */
final class RocksImages {
  private final Path dir;
  private final RocksColumns columns;

  RocksImages(Path dir, RocksColumns columns) {
    this.dir = dir;
    this.columns = columns;
  }

  List<Long> indexes() throws RocksDBException {
    List<Long> indexes = new ArrayList<>();
    try (RocksIterator it = rows()) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        indexes.add(Keys.last(it.key()));
      }
      it.status();
    }
    return indexes;
  }

  /** The ordinal of a kept image, or -1. */
  long ordinal(long index) throws RocksDBException {
    byte[] row = columns.db().get(columns.images(), columns.read, Keys.entry(index));
    return row == null ? -1 : ImageRow.ordinal(valid(row));
  }

  /** Adds the images of {@code batch} and the pages that it brings. */
  void add(WriteBatch write, Batch batch) throws RocksDBException {
    if (batch.images().isEmpty()) {
      return;
    }
    long ordinal = 0;
    Set<Hash> needed = batch.pagesOfOthers();
    try (RocksIterator it = rows()) {
      it.seekToLast();
      if (it.isValid()) {
        ordinal = ImageRow.ordinal(valid(it.value())) + 1;
      }
      // An image has most pages in common with the one before it.
      for (; it.isValid() && !needed.isEmpty(); it.prev()) {
        ImageRow.removePages(valid(it.value()), needed);
      }
      it.status();
    }
    if (!needed.isEmpty()) {
      throw Batch.lacking(needed);
    }
    for (Map.Entry<Hash, byte[]> page : batch.pages().entrySet()) {
      write.put(columns.pages(), page.getKey().bytes(), page.getValue());
    }
    for (Map.Entry<Long, List<Hash>> image : batch.images().entrySet()) {
      byte[] row = ImageRow.encode(ordinal++, image.getValue());
      write.put(columns.images(), Keys.entry(image.getKey()), row);
    }
  }

  /** Deletes the rows of {@code indexes} and the pages that only they name. */
  void drop(WriteBatch write, Collection<Long> indexes) throws RocksDBException {
    Set<Long> dropped = Set.copyOf(indexes);
    Set<Hash> unused = new HashSet<>();
    try (RocksIterator it = rows()) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        if (dropped.contains(Keys.last(it.key()))) {
          ImageRow.addPages(valid(it.value()), unused);
          write.delete(columns.images(), it.key());
        }
      }
      for (it.seekToFirst(); it.isValid() && !unused.isEmpty(); it.next()) {
        if (!dropped.contains(Keys.last(it.key()))) {
          ImageRow.removePages(valid(it.value()), unused);
        }
      }
      it.status();
    }
    for (Hash page : unused) {
      write.delete(columns.pages(), page.bytes());
    }
  }

  private RocksIterator rows() {
    return columns.db().newIterator(columns.images(), columns.read);
  }

  private byte[] valid(byte[] row) {
    if (!ImageRow.valid(row)) {
      throw new StoreDamagedException(dir, "an image has a row of " + row.length + " bytes");
    }
    return row;
  }
}
