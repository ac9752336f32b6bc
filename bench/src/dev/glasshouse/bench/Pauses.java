package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.util.Locale;

/**
 * Calls debug hosts one call at a time, in turns, and prints what their callers waited for: whether a
 * host that takes images makes them wait.
 *
 * <p>Arguments: ROUNDS CALLS then NAME ADDRESS for each host.
 */
final class Pauses {
  private Pauses() {}

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    int calls = Integer.parseInt(args[1]);
    System.out.println("| images | round | p50 ms | p99 ms | longest ms |");
    System.out.println("|---|--:|--:|--:|--:|");
    for (int round = 0; round <= rounds; round++) {
      for (int i = 2; i < args.length; i += 2) {
        try (Target target = new PlainTarget(HostAddress.parse(args[i + 1]), "increment")) {
          Load.Measured measured = Load.calls(target, 1, calls);
          if (round > 0) { // the first warms up
            System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.2f | %.2f | %.2f |%n",
                args[i],
                round,
                measured.percentile(0.5),
                measured.percentile(0.99),
                measured.percentile(1));
          }
        }
      }
    }
  }
}
