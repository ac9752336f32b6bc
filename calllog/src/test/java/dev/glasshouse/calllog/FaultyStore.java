package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.MemoryStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.calllog.store.Ticket;
import java.util.Collection;
import java.util.List;

/** A store that outlives its closing, and fails or lies when it is told to. */
final class FaultyStore implements Store {
  private final Store store = new MemoryStore();

  /** The next commit throws and does nothing. */
  boolean failsBeforeCommit;

  /** The next commit throws when it is done. */
  boolean failsAfterCommit;

  /** What entry {@link #changedIndex} reads as, or null. */
  byte[] changedEntry;

  long changedIndex;

  @Override
  public void commit(Batch batch) {
    if (failsBeforeCommit) {
      failsBeforeCommit = false;
      throw new StoreException("stopped before the commit");
    }
    store.commit(batch);
    if (failsAfterCommit) {
      failsAfterCommit = false;
      throw new StoreException("stopped after the commit");
    }
  }

  @Override
  public byte[] entry(long index) {
    return changedEntry != null && index == changedIndex ? changedEntry : store.entry(index);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public List<byte[]> entries(long from, int max, long maxBytes) {
    return store.entries(from, max, maxBytes);
  }

  @Override
  public Hash treeHash(int tileLevel, long index) {
    return store.treeHash(tileLevel, index);
  }

  @Override
  public List<Hash> treeHashes(int tileLevel, long from, int max) {
    return store.treeHashes(tileLevel, from, max);
  }

  @Override
  public byte[] blob(Hash hash) {
    return store.blob(hash);
  }

  @Override
  public boolean hasBlob(Hash hash) {
    return store.hasBlob(hash);
  }

  @Override
  public byte[] page(Hash hash) {
    return store.page(hash);
  }

  @Override
  public List<Long> images() {
    return store.images();
  }

  @Override
  public long imageOrdinal(long index) {
    return store.imageOrdinal(index);
  }

  @Override
  public void dropImages(Collection<Long> indexes) {
    store.dropImages(indexes);
  }

  @Override
  public Ticket ticket(byte[] key, byte[] session, long n) {
    return store.ticket(key, session, n);
  }

  @Override
  public long lastN(byte[] key, byte[] session) {
    return store.lastN(key, session);
  }

  @Override
  public void close() {
    // Stays as it is: opening again finds what was committed.
  }
}
