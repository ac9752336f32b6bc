package dev.glasshouse.rpc.client;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * How long a request that a host refused for now waits before it is sent again: as long as the host
 * named, twice that the next time, and a random part more, so that those who were refused together
 * do not come back together. Used under the lock of who waits.
 */
final class Backoff {
  /** How often one request is sent again. */
  static final int MAX_REFUSALS = 3;

  /** A host that names more is not waited for. */
  static final long MAX_MILLIS = 10_000;

  private final RandomGenerator random;
  private final LongFunction<CompletableFuture<Void>> timer;

  /**
   * A patience.
   *
   * @param timer given milliseconds, gives what completes after them unless it is cancelled
   */
  Backoff(RandomGenerator random, LongFunction<CompletableFuture<Void>> timer) {
    this.random = random;
    this.timer = timer;
  }

  /** With this machine's time. */
  static Backoff real() {
    return new Backoff(
        new SplittableRandom(),
        millis ->
            new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS));
  }

  /**
   * For how many milliseconds a request waits; empty if it is not sent again.
   *
   * @param refusals how often it was refused by now, from 1
   */
  OptionalLong millis(RefusedException refused, int refusals) {
    long named = refused.retryMillis();
    if (named <= 0 || named > MAX_MILLIS || refusals > MAX_REFUSALS) {
      return OptionalLong.empty();
    }
    long least = Math.min(named << (refusals - 1), MAX_MILLIS);
    return OptionalLong.of(least + random.nextLong(least / 2 + 1));
  }

  /** Completes when the time is over. */
  CompletableFuture<Void> pause(long millis) {
    return timer.apply(millis);
  }
}
