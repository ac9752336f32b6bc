package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.Ticket;
import java.util.Collection;
import java.util.List;

/** A simulated database that is open. */
final class SimulatedStore implements Store {
  private final SimulatedDisk disk;
  private final Store memory;

  /**
   * Opens a database.
   *
   * @param memory what it holds
   */
  SimulatedStore(SimulatedDisk disk, Store memory) {
    this.disk = disk;
    this.memory = memory;
  }

  @Override
  public void commit(Batch batch) {
    disk.commit(batch);
    memory.commit(batch);
  }

  @Override
  public void dropImages(Collection<Long> indexes) {
    disk.dropImages(indexes);
    memory.dropImages(indexes);
  }

  @Override
  public long size() {
    return memory.size();
  }

  @Override
  public byte[] entry(long index) {
    return memory.entry(index);
  }

  @Override
  public List<byte[]> entries(long from, int max, long maxBytes) {
    return memory.entries(from, max, maxBytes);
  }

  @Override
  public Hash treeHash(int tileLevel, long index) {
    return memory.treeHash(tileLevel, index);
  }

  @Override
  public List<Hash> treeHashes(int tileLevel, long from, int max) {
    return memory.treeHashes(tileLevel, from, max);
  }

  @Override
  public byte[] blob(Hash hash) {
    return memory.blob(hash);
  }

  @Override
  public boolean hasBlob(Hash hash) {
    return memory.hasBlob(hash);
  }

  @Override
  public byte[] page(Hash hash) {
    return memory.page(hash);
  }

  @Override
  public List<Long> images() {
    return memory.images();
  }

  @Override
  public long imageOrdinal(long index) {
    return memory.imageOrdinal(index);
  }

  @Override
  public Ticket ticket(byte[] key, byte[] session, long n) {
    return memory.ticket(key, session, n);
  }

  @Override
  public long lastN(byte[] key, byte[] session) {
    return memory.lastN(key, session);
  }

  @Override
  public void close() {
    memory.close();
  }
}
