package dev.glasshouse.rpc.access;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A bucket of calls for each caller: it holds what may be called at once, every call takes one out,
 * and it fills at a steady rate. Safe for several threads.
 *
 * <p>A bucket is stored as the time at which it will be full again, so that one which is full needs
 * no storing. The number of buckets is bounded; the one whose caller has been silent for longest
 * makes room for a new one.
 */
final class RateLimit {
  /** What a full bucket holds: the calls of so many seconds, but at least one. */
  static final int BURST_SECONDS = 5;

  /** Callers whose buckets are kept. */
  static final int MAX_CALLERS = 10_000;

  private static final int SWEPT_AT_ONCE = 2;

  private final double nanosPerCall;
  private final long capacity;
  private final LongSupplier nanos;
  private final Map<Object, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * No buckets yet.
   *
   * @param perSecond calls of one caller, more than 0
   * @param nanos a clock that never goes back, as {@link System#nanoTime}
   */
  RateLimit(double perSecond, LongSupplier nanos) {
    this.nanosPerCall = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.capacity = Math.max(TimeUnit.SECONDS.toNanos(BURST_SECONDS), (long) nanosPerCall);
    this.nanos = nanos;
  }

  /**
   * How long a caller must wait before one call is taken.
   *
   * @return nanoseconds; 0 if it is taken now
   */
  synchronized long waitFor(Object caller) {
    return missing(caller, nanos.getAsLong(), 1);
  }

  /**
   * Takes calls out of a caller's bucket. More than it can hold are taken once it is full, and the
   * bucket then owes them: that is how a message with many calls can be paid for.
   *
   * @return 0, or for how many nanoseconds the bucket has too little, in which case it is as it was
   */
  synchronized long take(Object caller, int calls) {
    long now = nanos.getAsLong();
    long missing = missing(caller, now, calls);
    if (missing > 0) {
      return missing;
    }
    fullAt.put(caller, now + owed(caller, now) + cost(calls));
    makeRoom(now);
    return 0;
  }

  /** The number of buckets that are kept. */
  synchronized int size() {
    return fullAt.size();
  }

  private long missing(Object caller, long now, int calls) {
    return Math.max(0, Math.min(cost(calls), capacity) - (capacity - owed(caller, now)));
  }

  private long cost(int calls) {
    return (long) Math.min(calls * nanosPerCall, Long.MAX_VALUE / 4.0);
  }

  private long owed(Object caller, long now) {
    Long full = fullAt.get(caller);
    return full == null ? 0 : Math.max(0, full - now);
  }

  private void makeRoom(long now) {
    Iterator<Map.Entry<Object, Long>> oldest = fullAt.entrySet().iterator();
    for (int i = 0; i < SWEPT_AT_ONCE && oldest.hasNext(); i++) {
      boolean isFull = oldest.next().getValue() - now <= 0;
      if (!isFull && fullAt.size() <= MAX_CALLERS) {
        return;
      }
      oldest.remove();
    }
  }
}
