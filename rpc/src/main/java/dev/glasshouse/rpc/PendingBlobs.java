package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import java.util.HashMap;
import java.util.Map;

/**
 * The store's blobs, and those of entries that were executed but are not in the store yet: an entry
 * reads files that the one before it wrote. Confined to the module's thread.
 */
final class PendingBlobs implements BlobReader {
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Pending(byte[] bytes, long entry) {}

  private final BlobReader store;
  private final Map<Hash, Pending> pending = new HashMap<>();

  PendingBlobs(BlobReader store) {
    this.store = store;
  }

  @Override
  public byte[] blob(Hash hash) {
    Pending found = pending.get(hash);
    return found != null ? found.bytes() : store.blob(hash);
  }

  /** Adds the blobs of an executed entry. */
  void add(Executed executed) {
    executed
        .pending()
        .blobs()
        .forEach((hash, bytes) -> pending.put(hash, new Pending(bytes, executed.index())));
  }

  /** Forgets what no later entry added too: it is in the store now. */
  void forget(Executed durable) {
    for (Hash hash : durable.pending().blobs().keySet()) {
      Pending found = pending.get(hash);
      if (found != null && found.entry() == durable.index()) {
        pending.remove(hash);
      }
    }
  }
}
