package dev.glasshouse.calllog.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB with the columns of a store, and every option that is not RocksDB's default. The
 * write-ahead log is never recovered in RocksDB's default way: that drops acknowledged writes
 * behind a damaged one without a word (seen with RocksDB 11.8.1).
 */
final class RocksColumns implements AutoCloseable {
  /** What to do about a write-ahead log that does not read to its end; RocksDB's own names. */
  enum Recovery {
    /** Refuse. */
    ABSOLUTE("kAbsoluteConsistency"),
    /** Drop the first bad record and all behind it. Only after checking what is left. */
    POINT_IN_TIME("kPointInTimeRecovery");

    private final String rocksName;

    Recovery(String rocksName) {
      this.rocksName = rocksName;
    }
  }

  private static final long BLOCK_CACHE_BYTES = 32L << 20;

  /** Parts of the cache: a block that is larger than one would be read again each time. */
  private static final int BLOCK_CACHE_SHARD_BITS = 2;

  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final long WRITE_BUFFERS_TOGETHER_BYTES = 2 * WRITE_BUFFER_BYTES;
  private static final long LOG_BYTES = 4 * WRITE_BUFFER_BYTES;
  private static final int OPEN_FILES = 256;
  private static final int BACKGROUND_JOBS = 2;
  private static final long INFO_LOG_BYTES = 1L << 20;
  private static final int FILTER_BITS = 10;

  /** In order of creation. {@code entries} is last: without it nothing was ever committed. */
  private static final List<String> NAMES =
      List.of("blobs", "tickets", "tree", "images", "pages", "entries");

  private static final Set<String> COMPRESSED = Set.of("entries", "blobs", "pages");

  private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  final ReadOptions read = own(new ReadOptions().setVerifyChecksums(true));
  final WriteOptions syncedWrite = own(new WriteOptions().setSync(true));
  final WriteOptions write = own(new WriteOptions());
  private RocksDB db;

  private RocksColumns() {}

  /** Opens for reading and writing; makes the database and its columns if they are not there. */
  static RocksColumns open(Path dir, Recovery recovery) throws RocksDBException {
    return open(dir, recovery, false);
  }

  /** Opens an existing database without changing a byte of its logs and tables. */
  static RocksColumns openReadOnly(Path dir, Recovery recovery) throws RocksDBException {
    return open(dir, recovery, true);
  }

  private static RocksColumns open(Path dir, Recovery recovery, boolean readOnly)
      throws RocksDBException {
    RocksColumns columns = new RocksColumns();
    try {
      DBOptions options = columns.databaseOptions(recovery);
      List<ColumnFamilyDescriptor> descriptors = columns.descriptors();
      String path = dir.toString();
      columns.db =
          readOnly
              ? RocksDB.openReadOnly(options, path, descriptors, columns.handles)
              : RocksDB.open(options, path, descriptors, columns.handles);
      columns.own(columns.db);
      columns.handles.forEach(columns::own);
      return columns;
    } catch (RocksDBException | RuntimeException e) {
      columns.close();
      throw e;
    }
  }

  /** Whether the columns of a database were all made; if not, it was never committed to. */
  static boolean complete(Path dir) throws RocksDBException {
    try (Options options = new Options()) {
      byte[] last = NAMES.get(NAMES.size() - 1).getBytes(StandardCharsets.US_ASCII);
      return RocksDB.listColumnFamilies(options, dir.toString()).stream()
          .anyMatch(name -> Arrays.equals(name, last));
    }
  }

  private DBOptions databaseOptions(Recovery recovery) {
    Properties properties = new Properties();
    properties.setProperty("wal_recovery_mode", recovery.rocksName);
    // Has no setter in RocksDB's Java API. Each log file then tells how its predecessor ended.
    properties.setProperty("track_and_verify_wals", "true");
    DBOptions options = DBOptions.getDBOptionsFromProps(properties);
    if (options == null) {
      throw new StoreException("this RocksDB does not know the options " + properties);
    }
    return own(options)
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        // Columns reach their tables together, so that a cut log cuts them at the same batch.
        .setAtomicFlush(true)
        // A failed write is final: the log reloads instead of RocksDB trying again behind it.
        .setMaxBgErrorResumeCount(0)
        .setDbWriteBufferSize(WRITE_BUFFERS_TOGETHER_BYTES)
        .setMaxTotalWalSize(LOG_BYTES)
        .setMaxOpenFiles(OPEN_FILES)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(2);
  }

  private List<ColumnFamilyDescriptor> descriptors() {
    Cache cache = own(new LRUCache(BLOCK_CACHE_BYTES, BLOCK_CACHE_SHARD_BITS));
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            // In blocks of 4 KiB: those of a large table as a whole would drive out each other.
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setFilterPolicy(own(new BloomFilter(FILTER_BITS)));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, column(table)));
    for (String name : NAMES) {
      ColumnFamilyOptions options = column(table);
      if (COMPRESSED.contains(name)) {
        options
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION);
      }
      descriptors.add(
          new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), options));
    }
    return descriptors;
  }

  private ColumnFamilyOptions column(BlockBasedTableConfig table) {
    ColumnFamilyOptions options = own(new ColumnFamilyOptions());
    options.setTableFormatConfig(table);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setCompressionType(CompressionType.NO_COMPRESSION);
    options.setParanoidFileChecks(true);
    return options;
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle blobs() {
    return handles.get(1);
  }

  ColumnFamilyHandle tickets() {
    return handles.get(2);
  }

  ColumnFamilyHandle tree() {
    return handles.get(3);
  }

  ColumnFamilyHandle images() {
    return handles.get(4);
  }

  ColumnFamilyHandle pages() {
    return handles.get(5);
  }

  ColumnFamilyHandle entries() {
    return handles.get(6);
  }

  private <T extends AbstractNativeReference> T own(T reference) {
    owned.push(reference);
    return reference;
  }

  /** Handles first, then the database, then its options: the order RocksDB asks for. */
  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
