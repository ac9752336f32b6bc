package dev.glasshouse.calllog;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Subtree hashes that were lately completed or asked for, before the store. With them a receipt for
 * a recent entry reads nothing from the store, however long the log is.
 */
final class RecentHashes implements HashReader, HashWriter {
  /** Hashes kept, some 300 bytes each. */
  private static final int CAPACITY = 8192;

  private record Place(int level, long index) {}

  private final HashReader store;
  private final Map<Place, Hash> recent =
      new LinkedHashMap<>(CAPACITY, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Hash> eldest) {
          return size() > CAPACITY;
        }
      };

  RecentHashes(HashReader store) {
    this.store = store;
  }

  @Override
  public synchronized Hash subtree(int level, long index) {
    Place place = new Place(level, index);
    Hash hash = recent.get(place);
    if (hash == null) {
      hash = store.subtree(level, index);
      recent.put(place, hash);
    }
    return hash;
  }

  @Override
  public synchronized void subtree(int level, long index, Hash hash) {
    recent.put(new Place(level, index), hash);
  }
}
