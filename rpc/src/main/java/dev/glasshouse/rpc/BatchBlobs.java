package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import java.util.HashMap;
import java.util.Map;

/**
 * The store's blobs, and those of entries that were executed but are not in the store yet: the next
 * entry of a batch reads files that the one before it wrote. Confined to the module's thread.
 */
final class BatchBlobs implements BlobReader {
  private final BlobReader store;
  private final Map<Hash, byte[]> pending = new HashMap<>();

  BatchBlobs(BlobReader store) {
    this.store = store;
  }

  @Override
  public byte[] blob(Hash hash) {
    byte[] bytes = pending.get(hash);
    return bytes != null ? bytes : store.blob(hash);
  }

  /** Adds the blobs of an executed entry. */
  void add(Map<Hash, byte[]> blobs) {
    pending.putAll(blobs);
  }

  /** Forgets all that was added: it is in the store now. */
  void clear() {
    pending.clear();
  }
}
