package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.List;

/** The leaf hashes of the entries that were verified, 32 bytes each. */
final class LeafHashes {
  private static final int CHUNK = 4096;

  private final List<byte[]> chunks = new ArrayList<>();
  private long size;

  void add(Hash leaf) {
    int at = (int) (size % CHUNK);
    if (at == 0) {
      chunks.add(new byte[CHUNK * Hash.BYTES]);
    }
    leaf.copyTo(chunks.get(chunks.size() - 1), at * Hash.BYTES);
    size++;
  }

  Hash at(long index) {
    byte[] chunk = chunks.get((int) (index / CHUNK));
    return Hash.ofBytes(chunk, (int) (index % CHUNK) * Hash.BYTES, Hash.BYTES);
  }

  long size() {
    return size;
  }
}
