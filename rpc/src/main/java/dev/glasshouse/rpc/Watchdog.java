package dev.glasshouse.rpc;

import dev.glasshouse.vm.Watch;
import dev.glasshouse.vm.sandbox.Sandbox;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The watchdog of one module: a thread that looks several times within the limit, and sleeps while
 * the module does. It interrupts under the lock that {@link #end} takes, so that an interrupt never
 * meets a later turn.
 */
final class Watchdog implements Watch, AutoCloseable {
  /** Looks within the limit of a turn: a turn may last longer than that by one part of so many. */
  private static final int LOOKS = 4;

  private final Machine machine;
  private final Lock lock;
  private final Condition changed;

  // All below under the lock.
  private boolean on;
  private boolean closed;
  private boolean asleep;
  private boolean paused;
  private Sandbox guest;
  private long limitNanos;
  private long pollNanos;
  private long began;
  private long pausedAt;
  private int firstPoll;

  Watchdog(String name, Machine machine) {
    this.machine = machine;
    this.lock = machine.lock();
    this.changed = lock.newCondition();
    machine.start("watchdog of " + name, this::watch);
  }

  /** From now on turns are watched; at first, and after {@link #rest}, they are not. */
  void wake() {
    lock.lock();
    try {
      on = true;
    } finally {
      lock.unlock();
    }
  }

  /** Turns are not watched: what a replay executes has come to an end before. */
  void rest() {
    lock.lock();
    try {
      on = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void begin(Sandbox sandbox, long millis, long pollMillis) {
    lock.lock();
    try {
      if (!on) {
        return;
      }
      guest = sandbox;
      limitNanos = TimeUnit.MILLISECONDS.toNanos(millis);
      pollNanos = TimeUnit.MILLISECONDS.toNanos(pollMillis);
      firstPoll = sandbox.progress();
      paused = false;
      began = machine.nanoTime();
      if (asleep) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pause() {
    lock.lock();
    try {
      paused = true;
      pausedAt = machine.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resume() {
    lock.lock();
    try {
      paused = false;
      began += machine.nanoTime() - pausedAt;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long end() {
    lock.lock();
    try {
      boolean watched = guest != null;
      guest = null;
      return watched ? TimeUnit.NANOSECONDS.toMillis(machine.nanoTime() - began) : 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (!closed) {
        if (guest == null) {
          asleep = true;
          changed.awaitUninterruptibly();
          asleep = false;
        } else {
          // Time that is over is looked at again, whichever turn is running by then.
          long unused = changed.awaitNanos(look());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  // Returns nanoseconds until the next look.
  private long look() {
    long step = limitNanos / LOOKS;
    if (paused) {
      return step;
    }
    long polls = Integer.toUnsignedLong(guest.progress() - firstPoll);
    long left = limitNanos + polls * pollNanos - (machine.nanoTime() - began);
    if (left > 0) {
      return Math.min(step, left);
    }
    // Again at each look until the turn is over: the guest may have been between two steps.
    guest.interrupt();
    return step;
  }
}
