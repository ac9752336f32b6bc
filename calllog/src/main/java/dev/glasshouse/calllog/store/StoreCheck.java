package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * A store that is looked at from end to end, and not changed. Everything is read one after the
 * other, so that the memory it takes does not depend on the store's size.
 */
public final class StoreCheck implements AutoCloseable {
  /** Takes a step of reading, in bytes. */
  public interface Steps {
    /** So many bytes more are read. */
    void read(long bytes);
  }

  private final Path dir;
  private final RocksStore store;

  private StoreCheck(Path dir, RocksStore store) {
    this.dir = dir;
    this.store = store;
  }

  /**
   * Opens the store in {@code dir} as {@link RocksStore#openReadOnly} does.
   *
   * @throws StoreException if there is none, or a host has it open
   * @throws StoreDamagedException if it does not open
   */
  public static StoreCheck open(Path dir, long atLeast) {
    return new StoreCheck(dir, (RocksStore) RocksStore.openReadOnly(dir, atLeast));
  }

  /** Its entries, tree hashes, blobs and pages. */
  public Store store() {
    return store;
  }

  /** How many bytes {@link #damagedTables} will read. */
  public long tableBytes() {
    return store.reading(open -> RocksTables.of(open).stream().mapToLong(t -> t.bytes()).sum());
  }

  /** The tables with a block whose checksum is wrong, and what RocksDB says of it. */
  public Map<Path, String> damagedTables(Steps steps) {
    Map<Path, String> damaged = new LinkedHashMap<>();
    for (RocksTables.Table table : store.reading(RocksTables::of)) {
      Path file = dir.resolve(table.name());
      String damage = RocksTables.damage(file);
      if (damage != null) {
        damaged.put(file, damage);
      }
      steps.read(table.bytes());
    }
    return damaged;
  }

  /** The same of all tables in the folder of a store that does not open. */
  public static Map<Path, String> damagedTablesIn(Path dir) throws IOException {
    RocksOpening.loadNative();
    Map<Path, String> damaged = new LinkedHashMap<>();
    for (Path file : RocksTables.in(dir)) {
      String damage = RocksTables.damage(file);
      if (damage != null) {
        damaged.put(file, damage);
      }
    }
    return damaged;
  }

  /** Gives {@code wrong} the name of each blob whose bytes are others. */
  public void wrongBlobs(Consumer<Hash> wrong) {
    store.reading(open -> hashes(open, open.blobs(), wrong));
  }

  /** Gives {@code wrong} the name of each page whose bytes are others. */
  public void wrongPages(Consumer<Hash> wrong) {
    store.reading(open -> hashes(open, open.pages(), wrong));
  }

  private static Void hashes(RocksColumns open, ColumnFamilyHandle column, Consumer<Hash> wrong)
      throws RocksDBException {
    try (RocksIterator it = open.db().newIterator(column, open.read)) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        Hash name = Hash.ofBytes(it.key());
        if (!Hash.of(it.value()).equals(name)) {
          wrong.accept(name);
        }
      }
      it.status();
    }
    return null;
  }

  /** How many call numbers are in the index. */
  public long tickets() {
    return store.reading(
        open -> {
          long count = 0;
          try (RocksIterator it = open.db().newIterator(open.tickets(), open.read)) {
            for (it.seekToFirst(); it.isValid(); it.next()) {
              count++;
            }
            it.status();
          }
          return count;
        });
  }

  /** The pages of a kept image, in order, as its row has them; null without such a row. */
  public List<Hash> imageRow(long index) {
    byte[] row = store.reading(open -> open.db().get(open.images(), open.read, Keys.entry(index)));
    if (row == null || !ImageRow.valid(row)) {
      return null;
    }
    List<Hash> pages = new ArrayList<>();
    byte[] hashes = Arrays.copyOfRange(row, Long.BYTES, row.length);
    for (ByteBuffer left = ByteBuffer.wrap(hashes); left.hasRemaining(); ) {
      byte[] hash = new byte[Hash.BYTES];
      left.get(hash);
      pages.add(Hash.ofBytes(hash));
    }
    return pages;
  }

  @Override
  public void close() {
    store.close();
  }
}
