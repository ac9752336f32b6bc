package dev.glasshouse.bench;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

/** Calls a target with a fixed number of calls in flight, and takes the time of each. */
final class Load {
  private final Target target;
  private final int inFlight;
  private final Semaphore free;
  private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private record Answered(long value, long nanos) {}

  private Load(Target target, int inFlight) {
    this.target = target;
    this.inFlight = inFlight;
    this.free = new Semaphore(inFlight);
  }

  /** Calls for as long as told, then waits for the last answers. */
  static Measured forSeconds(Target target, int inFlight, double seconds) {
    long nanos = (long) (seconds * 1e9);
    long start = System.nanoTime();
    return new Load(target, inFlight).run(made -> System.nanoTime() - start < nanos);
  }

  /** Calls this many times. */
  static Measured calls(Target target, int inFlight, long calls) {
    return new Load(target, inFlight).run(made -> made < calls);
  }

  private Measured run(LongPredicate goOn) {
    long start = System.nanoTime();
    for (long made = 0; goOn.test(made) && failure.get() == null; made++) {
      free.acquireUninterruptibly();
      long called = System.nanoTime();
      target
          .increment()
          .whenComplete(
              (value, thrown) -> {
                if (thrown == null) {
                  answered.add(new Answered(value, System.nanoTime() - called));
                } else {
                  failure.compareAndSet(null, thrown);
                }
                free.release();
              });
    }
    free.acquireUninterruptibly(inFlight);
    long nanos = System.nanoTime() - start;
    if (failure.get() != null) {
      throw new IllegalStateException("a call failed", failure.get());
    }
    requireCounted();
    return new Measured(nanos, answered.stream().mapToLong(Answered::nanos).sorted().toArray());
  }

  // A service that answers fast and wrong is not worth measuring.
  private void requireCounted() {
    long[] values = answered.stream().mapToLong(Answered::value).sorted().toArray();
    for (int i = 1; i < values.length; i++) {
      if (values[i] != values[i - 1] + 1) {
        throw new IllegalStateException(
            "the counter went from " + values[i - 1] + " to " + values[i]);
      }
    }
  }

  /**
   * What was measured.
   *
   * @param nanos from the first call to the last answer
   * @param latencies of each call in nanoseconds, sorted
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Measured(long nanos, long[] latencies) {
    int calls() {
      return latencies.length;
    }

    double callsPerSecond() {
      return latencies.length * 1e9 / nanos;
    }

    /** In milliseconds. */
    double percentile(double share) {
      return latencies[(int) Math.min(latencies.length - 1L, (long) (latencies.length * share))]
          / 1e6;
    }
  }

  /** The middle of some values, the lower one of two. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
