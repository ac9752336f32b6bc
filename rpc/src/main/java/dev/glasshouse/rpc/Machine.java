package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.witness.WitnessHttp;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;

/**
 * What a module runs on: its threads, how they wait for each other and for how long, its disk, and
 * its way to the witnesses. All of it is in one place, so that a simulation can let a module run by
 * the throw of its dice.
 */
public interface Machine {
  /** This one. */
  Machine REAL = new RealMachine();

  /** Opens the log in a directory, as {@link CallLog#open(Path, Identity)}. */
  CallLog open(Path dir, Identity host);

  /** Starts the thread of a module, which may own a sandbox. */
  void startModule(String name, Runnable body);

  /** Starts a thread that a module has beside its own. */
  void start(String name, Runnable body);

  /** Starts a thread that does what it is given. */
  TaskThread startTasks(String name);

  /** The way to the witnesses. */
  WitnessHttp witnesses();

  /** A lock that its owner may take again. */
  Lock lock();

  /** Waits for a future, and gives or throws what {@link CompletableFuture#join} does. */
  <T> T await(CompletableFuture<T> future);

  /**
   * Waits for a future, but no longer than that.
   *
   * @throws TimeoutException if it has not come to its end then, or the thread is interrupted
   */
  <T> T await(CompletableFuture<T> future, long millis) throws TimeoutException;

  /** A clock for durations, as {@link System#nanoTime}. */
  long nanoTime();
}
