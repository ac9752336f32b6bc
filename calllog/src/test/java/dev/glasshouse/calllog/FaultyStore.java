package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.ForwardingStore;
import dev.glasshouse.calllog.store.MemoryStore;
import dev.glasshouse.calllog.store.StoreException;

/** A store that outlives its closing, and fails or lies when it is told to. */
final class FaultyStore extends ForwardingStore {
  /** The next commit throws and does nothing. */
  boolean failsBeforeCommit;

  /** The next commit throws when it is done. */
  boolean failsAfterCommit;

  /** What entry {@link #changedIndex} reads as, or null. */
  byte[] changedEntry;

  long changedIndex;

  FaultyStore() {
    super(new MemoryStore());
  }

  @Override
  public void commit(Batch batch) {
    if (failsBeforeCommit) {
      failsBeforeCommit = false;
      throw new StoreException("stopped before the commit");
    }
    super.commit(batch);
    if (failsAfterCommit) {
      failsAfterCommit = false;
      throw new StoreException("stopped after the commit");
    }
  }

  @Override
  public byte[] entry(long index) {
    return changedEntry != null && index == changedIndex ? changedEntry : super.entry(index);
  }

  @Override
  public void close() {
    // Stays as it is: opening again finds what was committed.
  }
}
