package dev.glasshouse.calllog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The highest numbers of the sessions that called lately, before the store: to look there takes
 * longer the longer the log is, and every call has to be looked for. Safe for several threads.
 */
final class LastNumbers {
  /** Sessions kept, some 300 bytes each. */
  static final int CAPACITY = 10_000;

  private record Session(PublicKey key, String session) {}

  private final Map<Session, Long> lately =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Session, Long> eldest) {
          return size() > CAPACITY;
        }
      };

  /**
   * The number of a session.
   *
   * @param store gives it as the store has it; asked for under the lock, so that what it gives is
   *     not put over a higher number that was used meanwhile
   */
  synchronized long get(PublicKey key, String session, LongSupplier store) {
    Session of = new Session(key, session);
    Long known = lately.get(of);
    if (known == null) {
      known = store.getAsLong();
      lately.put(of, known);
    }
    return known;
  }

  /** A number was used, and the store has it. */
  synchronized void used(PublicKey key, String session, long number) {
    lately.merge(new Session(key, session), number, Math::max);
  }
}
