package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Makes so many calls of a counter: of a debug host's, 256 in flight, or signed ones of callers who keep
 * in a directory what was seen of the host, so many to a request and entry.
 *
 * <p>Arguments: ADDRESS CALLS [DIR [CALLS-EACH]]
 */
final class Fill {
  private static final int PART = 100_000;
  private static final int CALLERS = 32;

  private Fill() {}

  public static void main(String[] args) {
    HostAddress address = HostAddress.parse(args[0]);
    long calls = Long.parseLong(args[1]);
    int each = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    long start = System.nanoTime();
    if (args.length == 2) {
      plain(address, calls);
    } else {
      Filling.requests(address, Path.of(args[2]), CALLERS, calls / each, each, nanos -> {});
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(Locale.ROOT, "%s calls in %.0f s%n", args[1], seconds);
  }

  private static void plain(HostAddress address, long calls) {
    try (Target target = new PlainTarget(address, "increment")) {
      for (long left = calls; left > 0; left -= PART) {
        Load.calls(target, 256, Math.min(left, PART));
      }
    }
  }
}
