package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.ForwardingStore;
import dev.glasshouse.calllog.store.Store;
import java.util.Collection;

/** A simulated database that is open. */
final class SimulatedStore extends ForwardingStore {
  private final SimulatedDisk disk;

  /**
   * Opens a database.
   *
   * @param memory what it holds
   */
  SimulatedStore(SimulatedDisk disk, Store memory) {
    super(memory);
    this.disk = disk;
  }

  @Override
  public void commit(Batch batch) {
    disk.commit(batch);
    super.commit(batch);
  }

  @Override
  public void dropImages(Collection<Long> indexes) {
    disk.dropImages(indexes);
    super.dropImages(indexes);
  }
}
