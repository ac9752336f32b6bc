package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Has executed entries made durable by a thread of its own, while the module's thread executes the
 * next ones. All that gathers meanwhile is made durable together, so that a slow disk gets fewer
 * and larger batches.
 *
 * <p>Entries are handed in by the module's thread alone, in their order.
 */
final class Committer implements AutoCloseable {
  /** Bytes of entries that may be in memory on their way into the log. */
  static final long MAX_BYTES = 64L << 20;

  /** Entries that may. */
  static final int MAX_ENTRIES = 1024;

  private final Consumer<List<Executed>> commit;
  private final Machine machine;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final Lock lock;
  private final Condition changed;

  // Guarded by the lock.
  private final Deque<Executed> waiting = new ArrayDeque<>();
  private List<Executed> batch = List.of();
  private long bytes;
  private boolean closed;
  private Throwable failure;

  private volatile long durable;

  /**
   * Starts the thread.
   *
   * @param durable how many entries the log has
   * @param commit makes entries durable and answers for them; what it throws ends this object
   */
  Committer(String title, long durable, Consumer<List<Executed>> commit, Machine machine) {
    this.commit = commit;
    this.durable = durable;
    this.machine = machine;
    this.lock = machine.lock();
    this.changed = lock.newCondition();
    machine.start("commit " + title, this::run);
  }

  /** How many entries of the log are durable and answered for. */
  long durable() {
    return durable;
  }

  /** Whether what is handed in now is appended at once. */
  boolean isIdle() {
    lock.lock();
    try {
      return batch.isEmpty() && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes over entries, when there is room for them.
   *
   * @throws CommitException if what came before could not be made durable
   */
  void hand(List<Executed> entries) {
    lock.lock();
    try {
      while (failure == null && (bytes >= MAX_BYTES || waiting.size() >= MAX_ENTRIES)) {
        changed.awaitUninterruptibly();
      }
      requireWorking();
      waiting.addAll(entries);
      bytes += bytes(entries);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes entries durable before it returns, on the thread that hands them in: for a caller who is
   * alone, to wake another thread would take a good part of the time that a disk takes. If entries
   * before them are on their way, these only join them.
   *
   * @throws CommitException if these or what came before could not be made durable
   */
  void append(List<Executed> entries) {
    List<Executed> own = List.copyOf(entries);
    if (!begin(own)) {
      hand(own);
      return;
    }
    try {
      commit(own);
    } catch (RuntimeException | Error e) {
      fail(e);
      throw new CommitException(e);
    }
    end();
  }

  // Makes this the batch, if there is no other.
  private boolean begin(List<Executed> entries) {
    lock.lock();
    try {
      requireWorking();
      if (closed || !isIdle()) {
        return false;
      }
      batch = entries;
      bytes += bytes(entries);
      return true;
    } finally {
      lock.unlock();
    }
  }

  // There is no batch any more.
  private void end() {
    lock.lock();
    try {
      bytes -= bytes(batch);
      batch = List.of();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that was handed in is durable.
   *
   * @throws CommitException if it could not be made so
   */
  void settle() {
    lock.lock();
    try {
      while (failure == null && !(batch.isEmpty() && waiting.isEmpty())) {
        changed.awaitUninterruptibly();
      }
      requireWorking();
    } finally {
      lock.unlock();
    }
  }

  /** Throws {@link CommitException} if an append has failed: the log's state is then unknown. */
  void requireWorking() {
    lock.lock();
    try {
      if (failure != null) {
        throw new CommitException(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has what waits made durable, and ends. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    machine.await(ended);
  }

  private void run() {
    try {
      for (List<Executed> next = next(); !next.isEmpty(); next = next()) {
        commit(next);
        end();
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      ended.complete(null);
    }
  }

  private void commit(List<Executed> entries) {
    commit.accept(entries);
    durable = entries.get(entries.size() - 1).index() + 1;
  }

  // Gives what has gathered; nothing at the end.
  private List<Executed> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      batch = List.copyOf(waiting);
      waiting.clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable why) {
    List<Executed> left = new ArrayList<>();
    lock.lock();
    try {
      failure = why;
      left.addAll(batch);
      left.addAll(waiting);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Executed executed : left) {
      if (executed.waiting() != null) {
        executed
            .waiting()
            .refuse(new CallRefused(CallRefused.Reason.STOPPED, RequestQueue.LOADING_AGAIN));
      }
    }
  }

  private static long bytes(List<Executed> entries) {
    long sum = 0;
    for (Executed executed : entries) {
      sum += executed.bytes();
    }
    return sum;
  }
}
