package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.calllog.store.Ticket;
import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One call log: its store, its tree and its signed checkpoints. {@link #append} is the only way in;
 * everything else reads.
 *
 * <p>Entries are appended by one thread. Reading is safe from any thread and sees a batch only
 * after its checkpoint was signed.
 */
public final class CallLog implements AutoCloseable {
  /** Checkpoints kept in memory, for callers who have seen one of the newest. */
  private static final int RECENT_ROOTS = 4096;

  private static final HexFormat HEX = HexFormat.of();

  private final Store store;
  private final TreeHeadRecord record;
  private final CheckpointFile checkpointFile;
  private final Identity host;
  private final RecentHashes hashes;
  private final LastNumbers numbers = new LastNumbers();
  private final Map<Long, Hash> recentRoots =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Hash> eldest) {
          return size() > RECENT_ROOTS;
        }
      };

  private RightEdge edge;
  private Hash lastLeaf;
  private volatile GenesisEntry genesis;
  private volatile Hash id;
  private volatile SignedCheckpoint checkpoint;

  /**
   * An entry to be appended, with all that becomes durable together with it.
   *
   * @param bytes the formatted entry; its {@code prev} is the leaf hash of the one before it
   * @param blobs what the entry names: texts, file contents, archive nodes
   * @param call the signed call of the entry, or null
   * @param key the key that signed it, or null
   * @param image the pages that are kept with an image entry, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Pending(
      byte[] bytes, Map<Hash, byte[]> blobs, SignedCall call, PublicKey key, ImagePages image) {
    /** An entry without an image. */
    public Pending(byte[] bytes, Map<Hash, byte[]> blobs, SignedCall call, PublicKey key) {
      this(bytes, blobs, call, key, null);
    }
  }

  private CallLog(
      Store store, TreeHeadRecord record, CheckpointFile checkpointFile, Identity host) {
    this.store = store;
    this.record = record;
    this.checkpointFile = checkpointFile;
    this.host = host;
    this.hashes = new RecentHashes(new TileHashReader(store::treeHash));
  }

  /**
   * Opens the log in {@code dir}, or makes an empty one there.
   *
   * @throws StoreDamagedException if the log is shorter than, or different from, what was recorded
   *     or signed; the message says what was found
   * @throws RestoredException if the directory is from a backup
   */
  public static CallLog open(Path dir, Identity host) {
    RestoredMark.of(dir).requireNone();
    try {
      if (!Files.isDirectory(dir)) {
        Files.createDirectories(dir);
      }
    } catch (IOException e) {
      throw new StoreException("cannot make the directory " + dir + ": " + e.getMessage(), e);
    }
    TreeHeadRecord record = TreeHeadRecord.open(dir.resolve("treehead"));
    try {
      Store store = RocksStore.open(dir.resolve("log"), recorded(record).size());
      return open(store, record, dir.resolve("checkpoint"), host);
    } catch (RuntimeException e) {
      record.close();
      throw e;
    }
  }

  /** As above, over any store. Closes what it was given when it throws. */
  static CallLog open(Store store, TreeHeadRecord record, Path checkpointFile, Identity host) {
    return open(store, record, checkpointFile, host, System::nanoTime);
  }

  /** As above, by any clock that never goes back. */
  static CallLog open(
      Store store, TreeHeadRecord record, Path checkpointFile, Identity host, LongSupplier nanos) {
    CallLog log = new CallLog(store, record, new CheckpointFile(checkpointFile, nanos), host);
    try {
      log.start();
      return log;
    } catch (RuntimeException e) {
      store.close();
      record.close();
      throw e;
    }
  }

  /** Whether the log has no genesis entry yet. */
  public boolean isEmpty() {
    return genesis == null;
  }

  /** The log's id: the leaf hash of its genesis entry. */
  public Hash id() {
    return id;
  }

  /** The genesis entry. */
  public GenesisEntry genesis() {
    return genesis;
  }

  /** The newest signed checkpoint. */
  public SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  /** Size and root of the newest signed checkpoint. */
  public TreeHead head() {
    return checkpoint == null ? TreeHead.EMPTY : checkpoint.head();
  }

  /** The leaf hash of the last entry: the {@code prev} of the next. */
  public Hash lastLeaf() {
    return lastLeaf;
  }

  /** The store's entries, tree hashes and blobs, for publication. */
  public Store store() {
    return store;
  }

  /**
   * Makes entries durable and signs the tree that ends with them.
   *
   * <p>When this throws, the log's state is unknown: close it and open it again.
   */
  public SignedCheckpoint append(List<Pending> entries) {
    RightEdge grown = edge.copy();
    Batch batch = new Batch(grown.size());
    long size = grown.size() + entries.size();
    Hash leaf = lastLeaf;
    for (Pending entry : entries) {
      leaf = add(entry, batch, grown, size);
    }

    // If we stop here, nothing has happened.
    store.commit(batch);
    for (Pending entry : entries) {
      if (entry.call() != null) {
        numbers.used(entry.key(), entry.call().session(), entry.call().n());
      }
    }
    // If we stop here, the entries are in the log and nobody was told; the next start signs them.
    record.write(grown.head());
    // If we stop here, the next start signs this very head.
    edge = grown;
    lastLeaf = leaf;
    if (genesis == null) {
      adoptGenesis();
    }
    SignedCheckpoint signed = sign(grown.head());
    // If we stop here, the checkpoint may be known to nobody; signing again gives the same bytes.
    checkpoint = signed;
    checkpointFile.saveNowAndThen(signed);
    return signed;
  }

  private Hash add(Pending entry, Batch batch, RightEdge grown, long size) {
    long index = batch.addEntry(entry.bytes());
    for (byte[] blob : entry.blobs().values()) {
      batch.addBlob(blob);
    }
    if (entry.image() != null) {
      batch.addImage(entry.image().pages(), entry.image().fresh());
    }
    Hash leaf = Merkle.leafHash(entry.bytes());
    grown.append(
        leaf,
        (level, place, hash) -> {
          hashes.subtree(level, place, hash);
          if (level % 8 == 0) {
            batch.addTreeHash(level / 8, place, hash);
          }
        });
    if (entry.call() != null) {
      byte[] session = HEX.parseHex(entry.call().session());
      batch.addTicket(entry.key().bytes(), session, entry.call().n(), new Ticket(index, size));
    }
    return leaf;
  }

  /** The receipt of an entry in the tree of {@code size} entries; the same bytes every time. */
  public Receipt receipt(long index, long size) {
    return receipt(index, store.entry(index), size);
  }

  /** As above, for an entry whose bytes the caller has at hand. */
  public Receipt receipt(long index, byte[] entry, long size) {
    SignedCheckpoint current = checkpoint;
    SignedCheckpoint signed =
        current.head().size() == size
            ? current
            : SignedCheckpoint.sign(genesis.origin(), new TreeHead(size, rootAt(size)), host);
    return new Receipt(index, entry, Proofs.inclusion(index, size, hashes), signed.note());
  }

  /** The receipt that a call was first answered with, or null if the log does not hold the call. */
  public Receipt receiptOf(SignedCall call, PublicKey key) {
    if (call.n() > lastNumber(key, call.session())) {
      return null;
    }
    Ticket ticket = store.ticket(key.bytes(), HEX.parseHex(call.session()), call.n());
    return ticket == null ? null : receipt(ticket.index(), ticket.checkpointSize());
  }

  /** The highest number that a session has used, 0 if none. */
  public long lastNumber(PublicKey key, String session) {
    return numbers.get(key, session, () -> store.lastN(key.bytes(), HEX.parseHex(session)));
  }

  /** The root of the tree of the first {@code size} entries. */
  public Hash rootAt(long size) {
    synchronized (recentRoots) {
      Hash recent = recentRoots.get(size);
      if (recent != null) {
        return recent;
      }
    }
    return Proofs.root(size, hashes);
  }

  /** The proof that the tree of {@code newSize} entries begins with that of {@code oldSize}. */
  public List<Hash> consistency(long oldSize, long newSize) {
    return Proofs.consistency(oldSize, newSize, hashes);
  }

  /** An entry, parsed. */
  public Entry entry(long index) {
    return Entry.parse(store.entry(index), store);
  }

  /** The indexes of the image entries whose pages are kept, newest first. */
  public List<Long> images() {
    List<Long> indexes = new ArrayList<>(store.images());
    Collections.reverse(indexes);
    return indexes;
  }

  /**
   * Drops the pages of old images: the newest 2 always stay, and of the older ones at most 62,
   * evenly spaced. To be called after an image was appended, by whoever appends.
   */
  public void pruneImages() {
    List<Long> kept = images();
    List<Long> dropped = new ArrayList<>();
    for (long index : kept) {
      if (!ImageSpacing.keeps(store.imageOrdinal(index), store.imageOrdinal(kept.get(0)))) {
        dropped.add(index);
      }
    }
    if (!dropped.isEmpty()) {
      store.dropImages(dropped);
    }
  }

  @Override
  public void close() {
    try {
      if (checkpoint != null) {
        checkpointFile.save(checkpoint);
      }
    } finally {
      store.close();
      record.close();
    }
  }

  private static TreeHead recorded(TreeHeadRecord record) {
    TreeHead head = record.read();
    return head == null ? TreeHead.EMPTY : head;
  }

  private void start() {
    TreeHead recorded = recorded(record);
    StartCheck check = new StartCheck(store, hashes, checkpointFile);
    check.requireRecorded(recorded);
    edge = RightEdge.read(store.size(), hashes);
    if (edge.size() > 0) {
      adoptGenesis();
      lastLeaf = check.lastLeaf();
      check.requireSigned(recorded, record.isHalf(), genesis);
      record.write(edge.head());
      checkpoint = sign(edge.head());
      checkpointFile.save(checkpoint);
    }
  }

  private void adoptGenesis() {
    byte[] bytes = store.entry(0);
    if (!(Entry.parse(bytes, store) instanceof GenesisEntry found)) {
      throw new StoreDamagedException(
          checkpointFile.directory(), "its first entry is not a genesis entry");
    }
    if (!found.host().equals(host.publicKey())) {
      throw new WrongHostKeyException(found.host(), host.publicKey());
    }
    genesis = found;
    id = Merkle.leafHash(bytes);
  }

  private SignedCheckpoint sign(TreeHead head) {
    SignedCheckpoint signed = SignedCheckpoint.sign(genesis.origin(), head, host);
    synchronized (recentRoots) {
      recentRoots.put(head.size(), head.root());
    }
    return signed;
  }
}
