package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.StoredLog;
import dev.glasshouse.rpc.Machine;
import dev.glasshouse.rpc.TaskThread;
import dev.glasshouse.rpc.witness.WitnessHttp;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The simulated machine from one start of a program to its end: what is in memory ends with it. The
 * disk is another object and outlives it.
 */
final class Life implements Machine {
  private final Schedule schedule;
  private final SimulatedDisk disk;
  private final SimulatedWitnesses witnesses;
  private boolean over;

  /**
   * Begins.
   *
   * @param witnesses that there are for it, or null
   */
  Life(Schedule schedule, SimulatedDisk disk, SimulatedWitnesses witnesses) {
    this.schedule = schedule;
    this.disk = disk;
    this.witnesses = witnesses;
  }

  /** Whether it has ended. */
  boolean isOver() {
    return over;
  }

  /** Ends it: none of its threads gets any further, nothing of it reaches the disk. */
  void end() {
    over = true;
    schedule.end(this);
  }

  /** Starts the thread that a program begins with. */
  void startMain(Runnable body) {
    schedule.start("main", this, body);
  }

  @Override
  public CallLog open(Path dir, Identity host) {
    return StoredLog.open(dir, disk.openStore(), host, this::nanoTime);
  }

  @Override
  public void startModule(String name, Runnable body) {
    schedule.start(name, this, body);
  }

  @Override
  public void start(String name, Runnable body) {
    schedule.start(name, this, body);
  }

  @Override
  public TaskThread startTasks(String name) {
    return new SimulatedTasks(schedule, this, name);
  }

  @Override
  public WitnessHttp witnesses() {
    return witnesses.of(this);
  }

  @Override
  public Lock lock() {
    return new SimulatedLock();
  }

  @Override
  public <T> T await(CompletableFuture<T> future) {
    if (!future.isDone()) {
      schedule.block(future::isDone, Long.MAX_VALUE);
    }
    return future.join();
  }

  // Who waits no longer than a while is never told that the machine has crashed.
  @Override
  public <T> T await(CompletableFuture<T> future, long millis) throws TimeoutException {
    try {
      if (!future.isDone()) {
        schedule.block(future::isDone, millis * 1_000_000);
      }
    } catch (Schedule.Crashed e) {
      throw new TimeoutException(e.getMessage());
    }
    if (!future.isDone()) {
      throw new TimeoutException();
    }
    return future.join();
  }

  /** Time passes while a program runs, now and then more of it. */
  @Override
  public long nanoTime() {
    boolean isSlow = schedule.dice().nextInt(16) == 0;
    schedule.spend(isSlow ? schedule.dice().nextInt(3_000_000) : 2_000);
    return schedule.now();
  }

  /** Waits for a device. */
  void sleep(long nanos) {
    schedule.block(() -> false, nanos);
  }

  /** Never comes back. */
  Error hang() {
    schedule.block(() -> false, Long.MAX_VALUE);
    return new Schedule.Crashed();
  }

  /**
   * Uncontended: a thread gives the baton away before it takes a lock, and never while it has one,
   * but to wait for a condition.
   */
  private final class SimulatedLock implements Lock {
    private int held;

    @Override
    public void lock() {
      if (held == 0) {
        schedule.maybeYield();
      }
      held++;
    }

    @Override
    public void unlock() {
      held--;
    }

    @Override
    public Condition newCondition() {
      return new SimulatedCondition(this);
    }

    @Override
    public void lockInterruptibly() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }
  }

  private final class SimulatedCondition implements Condition {
    private final SimulatedLock lock;
    private final Deque<boolean[]> waiting = new ArrayDeque<>();

    SimulatedCondition(SimulatedLock lock) {
      this.lock = lock;
    }

    private void block(long nanos) {
      boolean[] signalled = {false};
      waiting.add(signalled);
      int held = lock.held;
      lock.held = 0;
      try {
        schedule.block(() -> signalled[0] && lock.held == 0, nanos);
      } finally {
        waiting.remove(signalled);
        lock.held = held;
      }
    }

    @Override
    public long awaitNanos(long nanos) {
      long begun = schedule.now();
      block(nanos);
      return nanos - (schedule.now() - begun);
    }

    @Override
    public void awaitUninterruptibly() {
      block(Long.MAX_VALUE);
    }

    @Override
    public void signal() {
      boolean[] first = waiting.poll();
      if (first != null) {
        first[0] = true;
      }
    }

    @Override
    public void signalAll() {
      while (!waiting.isEmpty()) {
        signal();
      }
    }

    @Override
    public void await() {
      block(Long.MAX_VALUE);
    }

    @Override
    public boolean await(long time, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean awaitUntil(Date deadline) {
      throw new UnsupportedOperationException();
    }
  }
}
