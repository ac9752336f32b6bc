package dev.glasshouse.rpc.simulation;

import dev.glasshouse.rpc.TaskThread;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

/** A simulated thread that does what it is given. */
final class SimulatedTasks implements TaskThread {
  private final Schedule schedule;
  private final Life life;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean ended;

  SimulatedTasks(Schedule schedule, Life life, String name) {
    this.schedule = schedule;
    this.life = life;
    schedule.start(name, life, this::work);
  }

  @Override
  public void run(Runnable task) {
    requireLiving();
    waiting.add(task);
  }

  @Override
  public void runAfter(long millis, Runnable task) {
    requireLiving();
    schedule.after(
        millis * 1_000_000,
        () -> {
          if (!ended) {
            waiting.add(task);
          }
        });
  }

  private void requireLiving() {
    if (ended || life.isOver()) {
      throw new RejectedExecutionException("this thread has ended");
    }
  }

  @Override
  public void end() {
    ended = true;
  }

  private void work() {
    while (!ended) {
      schedule.block(() -> ended || !waiting.isEmpty(), Long.MAX_VALUE);
      if (!ended) {
        waiting.remove().run();
      }
    }
  }
}
