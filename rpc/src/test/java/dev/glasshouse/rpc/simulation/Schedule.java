package dev.glasshouse.rpc.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Decides who runs: of the simulated threads and the events that are due, one at a time, by the
 * dice. A thread runs until it waits, or until it takes a lock and the dice say that another one is
 * faster. Time is a number that goes on when nobody can run.
 *
 * <p>The threads are real ones that pass a baton. Whoever constructs this object drives it by
 * {@link #runUntil}, and runs the events.
 */
final class Schedule {
  /** Ends the threads of a life that is over. */
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super("the machine has crashed", null, false, false);
    }
  }

  /** Between two steps something else may have taken its time. */
  private static final int MAX_STEP_NANOS = 20_000;

  /** Far more than a run ever takes: whoever needs them runs in circles. */
  private static final int MAX_STEPS = 2_000_000;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          body -> {
            Thread thread = new Thread(body, "simulated");
            thread.setDaemon(true);
            return thread;
          });

  private final Random dice;
  private final List<SimulatedThread> threads = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Semaphore baton = new Semaphore(0);
  private SimulatedThread running;
  private long now;
  private long sequence;
  private int steps;
  private Throwable failure;

  private record Event(long at, long sequence, Runnable body) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  /** A thread, and what it waits for. */
  private final class SimulatedThread {
    private final String name;
    private final Life life;
    private final Semaphore turn = new Semaphore(0);
    private BooleanSupplier until = () -> true;
    private long wakeAt = Long.MAX_VALUE;
    private boolean ended;

    SimulatedThread(String name, Life life) {
      this.name = name;
      this.life = life;
    }

    boolean canRun() {
      return until.getAsBoolean() || wakeAt <= now;
    }

    void run(Runnable body) {
      turn.acquireUninterruptibly();
      try {
        body.run();
      } catch (Crashed e) {
        // It was told to.
      } catch (RuntimeException | Error e) {
        if (!life.isOver()) {
          failure = e;
        }
      } finally {
        ended = true;
        baton.release();
      }
    }
  }

  Schedule(Random dice) {
    this.dice = dice;
  }

  /** What has been decided by chance from the start is decided by this. */
  Random dice() {
    return dice;
  }

  /** Nanoseconds since the start. */
  long now() {
    return now;
  }

  /** Lets some time pass for whoever runs. */
  void spend(long nanos) {
    now += nanos;
  }

  /** Adds a thread of a life. */
  void start(String name, Life life, Runnable body) {
    SimulatedThread thread = new SimulatedThread(name, life);
    threads.add(thread);
    THREADS.execute(() -> thread.run(body));
  }

  /** Runs something after a while, when nobody else does. */
  void after(long nanos, Runnable body) {
    events.add(new Event(now + nanos, sequence++, body));
  }

  /** Whether a simulated thread runs, and not an event. */
  boolean isInThread() {
    return running != null;
  }

  /** The thread that runs waits; Crashed if its life is over by the time it may go on. */
  void block(BooleanSupplier until, long nanos) {
    SimulatedThread self = running;
    if (self == null) {
      throw new IllegalStateException("an event must not wait");
    }
    if (self.life.isOver()) {
      if (until.getAsBoolean()) {
        return;
      }
      throw new Crashed();
    }
    self.until = until;
    self.wakeAt = nanos == Long.MAX_VALUE ? nanos : now + nanos;
    baton.release();
    self.turn.acquireUninterruptibly();
    self.until = () -> true;
    self.wakeAt = Long.MAX_VALUE;
    if (self.life.isOver() && !until.getAsBoolean()) {
      throw new Crashed();
    }
  }

  /** The thread that runs lets others go first, if the dice say so. */
  void maybeYield() {
    if (running != null && !running.life.isOver() && dice.nextInt(4) == 0) {
      block(() -> true, 0);
    }
  }

  /**
   * Runs until something is so.
   *
   * @return false if nobody can run any more, or the time is over
   */
  boolean runUntil(BooleanSupplier until, long nanos) {
    long end = now + nanos;
    while (!until.getAsBoolean()) {
      if (now > end || !step()) {
        return false;
      }
    }
    return true;
  }

  private boolean step() {
    if (++steps > MAX_STEPS) {
      throw new IllegalStateException("this run does not end");
    }
    threads.removeIf(thread -> thread.ended);
    List<SimulatedThread> able = new ArrayList<>();
    for (SimulatedThread thread : threads) {
      if (thread.canRun()) {
        able.add(thread);
      }
    }
    boolean isDue = !events.isEmpty() && events.peek().at() <= now;
    int choices = able.size() + (isDue ? 1 : 0);
    if (choices == 0) {
      long next = events.isEmpty() ? Long.MAX_VALUE : events.peek().at();
      for (SimulatedThread thread : threads) {
        next = Math.min(next, thread.wakeAt);
      }
      if (next == Long.MAX_VALUE) {
        return false;
      }
      now = next;
      return true;
    }
    now += dice.nextInt(MAX_STEP_NANOS);
    int choice = dice.nextInt(choices);
    if (choice < able.size()) {
      resume(able.get(choice));
    } else {
      events.remove().body().run();
    }
    return true;
  }

  private void resume(SimulatedThread thread) {
    running = thread;
    thread.turn.release();
    try {
      // Whoever has the baton runs Java and a guest, for milliseconds.
      if (!baton.tryAcquire(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException(thread.name + " waits for what the schedule does not know");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      running = null;
    }
    if (failure != null) {
      throw new IllegalStateException(thread.name + " has failed", failure);
    }
  }

  /** Ends the threads of a life that is over, those first that were started last. */
  void end(Life life) {
    for (int i = threads.size() - 1; i >= 0; i--) {
      SimulatedThread thread = threads.get(i);
      while (thread.life == life && !thread.ended) {
        resume(thread);
      }
    }
    threads.removeIf(thread -> thread.ended);
  }
}
