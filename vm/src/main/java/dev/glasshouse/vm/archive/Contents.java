package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contents written in one entry, each once, in the order they were first written. */
final class Contents {
  private final Map<Hash, byte[]> byHash = new HashMap<>();
  private final List<Hash> order = new ArrayList<>();

  /** Takes the array as its own. */
  Hash add(byte[] content) {
    Hash sha256 = Hash.of(content);
    if (byHash.putIfAbsent(sha256, content) == null) {
      order.add(sha256);
    }
    return sha256;
  }

  Optional<byte[]> get(Hash sha256) {
    return Optional.ofNullable(byHash.get(sha256));
  }

  int count() {
    return order.size();
  }

  /** Forgets all but the first {@code count}. */
  void truncate(int count) {
    List<Hash> dropped = order.subList(count, order.size());
    dropped.forEach(byHash::remove);
    dropped.clear();
  }
}
