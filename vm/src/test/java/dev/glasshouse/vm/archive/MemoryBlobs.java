package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import java.util.HashMap;
import java.util.Map;

/** Blobs in a map, counting how often one is read. */
final class MemoryBlobs implements BlobReader {
  final Map<Hash, byte[]> blobs = new HashMap<>();
  int reads;

  @Override
  public byte[] blob(Hash sha256) {
    reads++;
    return blobs.get(sha256);
  }

  /** Stores what a commit gives and checks that each blob has its hash. */
  ArchiveChange store(ArchiveChange change) {
    store(change.blobs());
    return change;
  }

  void store(Map<Hash, byte[]> added) {
    added.forEach(
        (hash, bytes) -> {
          if (!Hash.of(bytes).equals(hash)) {
            throw new AssertionError("blob does not have its hash " + hash);
          }
          blobs.put(hash, bytes);
        });
  }
}
