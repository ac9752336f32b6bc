package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Calls hosts one call at a time, in turns, and prints what their callers waited for. The first round
 * warms up and is not printed; last come the medians of the others.
 *
 * <p>Arguments: ROUNDS CALLS DIR then NAME ADDRESS for each host. DIR is where the caller keeps what was
 * seen of the hosts, or - to call debug hosts without a signature.
 */
final class InTurns {
  private record Host(String name, Target target, List<Double> p50, List<Double> p99) {}

  private InTurns() {}

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    int calls = Integer.parseInt(args[1]);
    List<Host> hosts = new ArrayList<>();
    for (int i = 3; i < args.length; i += 2) {
      HostAddress address = HostAddress.parse(args[i + 1]);
      Target target =
          args[2].equals("-")
              ? new PlainTarget(address, "increment")
              : new SignedTarget(address, Path.of(args[2]));
      hosts.add(new Host(args[i], target, new ArrayList<>(), new ArrayList<>()));
    }
    System.out.println("| host | round | p50 ms | p99 ms | longest ms |");
    System.out.println("|---|--:|--:|--:|--:|");
    for (int round = 0; round <= rounds; round++) {
      for (Host host : hosts) {
        Load.Measured measured = Load.calls(host.target, 1, calls);
        if (round > 0) {
          host.p50.add(measured.percentile(0.5));
          host.p99.add(measured.percentile(0.99));
          System.out.printf(
              Locale.ROOT,
              "| %s | %d | %.3f | %.2f | %.2f |%n",
              host.name,
              round,
              measured.percentile(0.5),
              measured.percentile(0.99),
              measured.percentile(1));
        }
      }
    }
    for (Host host : hosts) {
      System.out.printf(
          Locale.ROOT, "| %s | median | %.3f | %.2f | |%n", host.name, median(host.p50), median(host.p99));
      host.target.close();
    }
  }

  private static double median(List<Double> values) {
    return Load.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
