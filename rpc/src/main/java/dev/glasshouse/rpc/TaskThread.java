package dev.glasshouse.rpc;

/** A thread that does what it is given, one thing after another. Safe for many threads. */
public interface TaskThread {
  /**
   * Does something after all that it was given before.
   *
   * @throws java.util.concurrent.RejectedExecutionException once it has ended
   */
  void run(Runnable task);

  /**
   * Does something after a while.
   *
   * @throws java.util.concurrent.RejectedExecutionException once it has ended
   */
  void runAfter(long millis, Runnable task);

  /** Does nothing more. */
  void end();
}
