package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.witness.JdkHttp;
import dev.glasshouse.rpc.witness.WitnessHttp;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The machine that this process runs on. */
final class RealMachine implements Machine {
  @Override
  public CallLog open(Path dir, Identity host) {
    return CallLog.open(dir, host);
  }

  @Override
  public void startModule(String name, Runnable body) {
    SandboxThread.create(name, body).start();
  }

  @Override
  public void start(String name, Runnable body) {
    daemon(name, body).start();
  }

  @Override
  public TaskThread startTasks(String name) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(body -> daemon(name, body));
    return new TaskThread() {
      @Override
      public void run(Runnable task) {
        thread.execute(task);
      }

      @Override
      public void runAfter(long millis, Runnable task) {
        var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
      }

      @Override
      public void end() {
        var unused = thread.shutdownNow();
      }
    };
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public WitnessHttp witnesses() {
    return new JdkHttp();
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
  public <T> T await(CompletableFuture<T> future, long millis) throws TimeoutException {
    try {
      return future.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
