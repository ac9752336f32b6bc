package dev.glasshouse.verifier;

import dev.glasshouse.calllog.EntryRules.Depth;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A log's entries in order, read and checked each by itself some way ahead of whoever takes them,
 * so that neither the source nor any core waits for the other. Used by one thread.
 *
 * <p>What goes wrong with an entry, or with reading it, is thrown when its turn comes.
 */
final class EntryStream implements AutoCloseable {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** How many answers of the source are asked for before they are needed, at most. */
  static final int AHEAD = 4 * CORES;

  /** Bytes of entries and requests after which nothing more is asked for. */
  static final long AHEAD_BYTES = 32L << 20;

  private final EntryReader entries;
  private final long size;
  private final Depth depth;
  private final ExecutorService reading = threads(1, "audit reading");
  // Each takes an answer of its own: to share one, they would wait for each other at its end.
  private final ExecutorService checking = threads(CORES, "audit checking");
  private final Deque<CompletableFuture<Checked>> ahead = new ArrayDeque<>();
  private final AtomicLong bytesAhead = new AtomicLong();

  // What was asked for last.
  private CompletableFuture<Answer> last;

  private record Answer(long from, List<byte[]> entries) {
    long end() {
      return from + entries.size();
    }
  }

  private record Checked(List<CheckedEntry> entries, long bytes) {}

  /**
   * The entries from {@code from} on.
   *
   * @param size that of the checkpoint, where they end
   */
  EntryStream(EntryReader entries, long from, long size, Depth depth) {
    this.entries = entries;
    this.size = size;
    this.depth = depth;
    this.last = CompletableFuture.completedFuture(new Answer(from, List.of()));
  }

  /** The next entries, at least one; none at the end. */
  List<CheckedEntry> next() {
    askAhead();
    Checked next = joined(ahead.remove());
    bytesAhead.addAndGet(-next.bytes());
    // While these are looked at, others are on their way.
    askAhead();
    return next.entries();
  }

  // At the end, too, where the answer is none.
  private void askAhead() {
    while (ahead() < AHEAD && bytesAhead() < AHEAD_BYTES) {
      last = last.thenApplyAsync(before -> read(before.end()), reading);
      ahead.add(last.thenApplyAsync(this::check, checking));
    }
  }

  private Answer read(long from) {
    return new Answer(from, from < size ? entries.read(from, size) : List.of());
  }

  private Checked check(Answer answer) {
    List<CheckedEntry> checked = entries.check(answer.from(), answer.entries(), depth);
    long bytes = checked.stream().mapToLong(CheckedEntry::weight).sum();
    bytesAhead.addAndGet(bytes);
    return new Checked(checked, bytes);
  }

  /** How many answers are asked for and not taken. */
  int ahead() {
    return ahead.size();
  }

  /** The bytes of those that are checked already: the others are little, or about to be. */
  long bytesAhead() {
    return bytesAhead.get();
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      // What throws, declares nothing.
      throw (RuntimeException) e.getCause();
    }
  }

  private static ExecutorService threads(int count, String name) {
    return Executors.newFixedThreadPool(
        count,
        run -> {
          Thread thread = new Thread(run, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Waits for what was asked of the source, which may be closed after this. */
  @Override
  public void close() {
    reading.shutdownNow();
    checking.shutdownNow();
    boolean interrupted = false;
    for (ExecutorService each : List.of(reading, checking)) {
      while (!each.isTerminated()) {
        try {
          boolean ended = each.awaitTermination(1, TimeUnit.MINUTES);
          assert ended || !each.isTerminated();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
