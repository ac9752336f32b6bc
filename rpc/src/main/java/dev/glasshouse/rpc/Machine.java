package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a module runs on: its threads, how they wait for each other and for how long, and its disk.
 * All of it is in one place, so that a simulation can let a module run by the throw of its dice.
 */
public interface Machine {
  /** This one. */
  Machine REAL =
      new Machine() {
        @Override
        public CallLog open(Path dir, Identity host) {
          return CallLog.open(dir, host);
        }

        @Override
        public void startModule(String name, Runnable body) {
          SandboxThread.create(name, body).start();
        }

        @Override
        public void startCommitter(String name, Runnable body) {
          Thread thread = new Thread(body, name);
          thread.setDaemon(true);
          thread.start();
        }

        @Override
        public Lock lock() {
          return new ReentrantLock();
        }

        @Override
        public <T> T await(CompletableFuture<T> future) {
          return future.join();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }
      };

  /** Opens the log in a directory, as {@link CallLog#open(Path, Identity)}. */
  CallLog open(Path dir, Identity host);

  /** Starts the thread of a module, which may own a sandbox. */
  void startModule(String name, Runnable body);

  /** Starts the thread that makes a module's entries durable. */
  void startCommitter(String name, Runnable body);

  /** A lock that its owner may take again. */
  Lock lock();

  /** Waits for a future, and gives or throws what {@link CompletableFuture#join} does. */
  <T> T await(CompletableFuture<T> future);

  /** A clock for durations, as {@link System#nanoTime}. */
  long nanoTime();
}
