package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.List;

/** Hashes by consecutive numbers, 32 bytes each. */
final class HashList {
  private static final int CHUNK = 4096;

  private final long first;
  private final List<byte[]> chunks = new ArrayList<>();
  private long end;

  /** A list whose first hash will have this number. */
  HashList(long first) {
    this.first = first;
    this.end = first;
  }

  void add(Hash hash) {
    int at = (int) ((end - first) % CHUNK);
    if (at == 0) {
      chunks.add(new byte[CHUNK * Hash.BYTES]);
    }
    hash.copyTo(chunks.get(chunks.size() - 1), at * Hash.BYTES);
    end++;
  }

  Hash at(long number) {
    long at = number - first;
    return Hash.ofBytes(
        chunks.get((int) (at / CHUNK)), (int) (at % CHUNK) * Hash.BYTES, Hash.BYTES);
  }

  /** One more than the last number. */
  long end() {
    return end;
  }
}
