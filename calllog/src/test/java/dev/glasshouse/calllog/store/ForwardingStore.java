package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.util.Collection;
import java.util.List;

/** A store that does as another one does; its kinds differ in something. */
public abstract class ForwardingStore implements Store {
  private final Store store;

  /** Forwards to a store, which is closed with this one. */
  protected ForwardingStore(Store store) {
    this.store = store;
  }

  @Override
  public void commit(Batch batch) {
    store.commit(batch);
  }

  @Override
  public void dropImages(Collection<Long> indexes) {
    store.dropImages(indexes);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public byte[] entry(long index) {
    return store.entry(index);
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
  public Ticket ticket(byte[] key, byte[] session, long n) {
    return store.ticket(key, session, n);
  }

  @Override
  public long lastN(byte[] key, byte[] session) {
    return store.lastN(key, session);
  }

  @Override
  public void close() {
    store.close();
  }
}
