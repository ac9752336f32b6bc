package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes so many signed calls, each in a request of its own, by several callers who each wait for their
 * answer. Every two seconds prints a line: seconds, calls so far, p50 and p99 of those two seconds in
 * milliseconds.
 *
 * <p>Arguments: ADDRESS CALLS CALLERS DIR
 */
final class Soak {
  private static final int LINE_SECONDS = 2;

  private Soak() {}

  public static void main(String[] args) throws InterruptedException, ExecutionException {
    HostAddress address = HostAddress.parse(args[0]);
    long calls = Long.parseLong(args[1]);
    int callers = Integer.parseInt(args[2]);
    ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () ->
                Filling.requests(address, Path.of(args[3]), callers, calls, 1, latencies::add));
    long start = System.nanoTime();
    long answered = 0;
    while (!done.isDone()) {
      try {
        done.get(LINE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        answered += line(start, answered, latencies);
      }
    }
    done.get();
  }

  // Prints what was answered since the last line, and gives how many that were.
  private static int line(long start, long before, ConcurrentLinkedQueue<Long> latencies) {
    int count = latencies.size();
    long[] sorted = latencies.stream().limit(count).mapToLong(Long::longValue).sorted().toArray();
    for (int i = 0; i < sorted.length; i++) {
      latencies.remove();
    }
    if (sorted.length > 0) {
      System.out.printf(
          Locale.ROOT,
          "%.1f %d %.3f %.3f%n",
          (System.nanoTime() - start) / 1e9,
          before + sorted.length,
          sorted[sorted.length / 2] / 1e6,
          sorted[(int) (sorted.length * 99L / 100)] / 1e6);
    }
    return sorted.length;
  }
}
