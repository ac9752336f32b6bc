package dev.glasshouse.rpc;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds timers back after the host has failed with one, for longer each time: nobody asks for a
 * timer's turn, so nobody but the host can keep from asking at once again.
 */
final class TimerHold {
  private static final long FIRST_MILLIS = 1000;
  private static final long MAX_MILLIS = 60_000;

  private final LongSupplier nanoTime;
  private long millis;
  private long until;

  TimerHold(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A timer's turn failed. */
  void failed() {
    millis = millis == 0 ? FIRST_MILLIS : Math.min(2 * millis, MAX_MILLIS);
    until = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** The timers that were due had their turn. */
  void passed() {
    millis = 0;
  }

  /** Whether timers have their turn now. */
  boolean isOver() {
    return millis == 0 || nanoTime.getAsLong() - until >= 0;
  }
}
