package dev.glasshouse.bench;

import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.client.CallResult;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Calls the attacks of {@code hostile.js} one after the other, a few in flight, and prints the memory
 * of the host's process: in each step the least and the most of it, for between two collections of V8
 * the memories of machines that were thrown away come and go. Linux only, where {@code /proc} tells it.
 *
 * <p>Arguments: ADDRESS DIR PROCESS-ID CALLS STEP. Fails if the least of the last step is more than that
 * of the fifth and {@link #ALLOWANCE_KIB}: until then caches and tables fill.
 */
final class Hostile {
  private static final int IN_FLIGHT = 8;

  /** Every so many calls one hangs until the watchdog ends it. */
  private static final int HANG_EVERY = 5_000;

  /** What the allocator may still come to. */
  private static final long ALLOWANCE_KIB = 64 * 1024;

  private static final int WARM_STEPS = 5;

  /** How often the memory is looked at in a step. */
  private static final int LOOKS = 20;

  private Hostile() {}

  public static void main(String[] args) throws IOException {
    Path status = Path.of("/proc", args[2], "status");
    int calls = Integer.parseInt(args[3]);
    int step = Integer.parseInt(args[4]);
    Map<String, Integer> answers = new TreeMap<>();
    long first = 0;
    long last = 0;
    long least = Long.MAX_VALUE;
    long most = 0;
    long began = System.nanoTime();
    System.out.println("| calls | least memory of the host, KiB | most, KiB | seconds |");
    System.out.println("|--:|--:|--:|--:|");
    try (Client client =
        Client.signed(
            HostAddress.parse(args[0]),
            Identity.generate(new SecureRandom()),
            null,
            new KnownLogs(Path.of(args[1])))) {
      Deque<CompletableFuture<List<CallResult>>> flying = new ArrayDeque<>();
      for (int i = 0; i < calls; i++) {
        MethodCall call =
            i % HANG_EVERY == HANG_EVERY - 1
                ? new MethodCall("hang", "[]")
                : new MethodCall("attack", "[" + i + "]");
        flying.add(client.callAsync(List.of(call)));
        if (flying.size() == IN_FLIGHT || i == calls - 1) {
          answers.merge(name(flying.remove().join().get(0)), 1, Integer::sum);
        }
        if ((i + 1) % Math.max(1, step / LOOKS) == 0) {
          long now = kib(status, "VmRSS");
          least = Math.min(least, now);
          most = Math.max(most, now);
        }
        if ((i + 1) % step == 0) {
          if ((i + 1) / step <= WARM_STEPS) {
            first = least;
          }
          last = least;
          System.out.printf(
              Locale.ROOT,
              "| %,d | %,d | %,d | %.0f |%n",
              i + 1,
              least,
              most,
              (System.nanoTime() - began) / 1e9);
          least = Long.MAX_VALUE;
          most = 0;
        }
      }
      while (!flying.isEmpty()) {
        answers.merge(name(flying.remove().join().get(0)), 1, Integer::sum);
      }
    }
    System.out.println();
    answers.forEach((name, count) -> System.out.printf(Locale.ROOT, "%,8d  %s%n", count, name));
    if (last > first + ALLOWANCE_KIB) {
      System.out.printf(Locale.ROOT, "%nThe host's memory grew by %,d KiB.%n", last - first);
      System.exit(1);
    }
  }

  private static String name(CallResult result) {
    if (result.isAborted()) {
      return "ended by the watchdog";
    }
    if (result.failure() instanceof Outcome.Thrown thrown) {
      return thrown.name();
    }
    return result.failure() instanceof Outcome.Trapped trapped
        ? "out of " + trapped.limit()
        : "a result";
  }

  private static long kib(Path status, String field) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + field + " in " + status);
  }
}
