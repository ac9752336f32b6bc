package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Makes so many calls of a counter, 256 in flight: of a debug host's, or signed ones by a caller who
 * keeps in a directory what was seen of the host.
 *
 * <p>Arguments: ADDRESS CALLS [DIR]
 */
final class Fill {
  private static final int PART = 100_000;

  private Fill() {}

  public static void main(String[] args) {
    long left = Long.parseLong(args[1]);
    long nanos = 0;
    HostAddress address = HostAddress.parse(args[0]);
    try (Target target =
        args.length == 2
            ? new PlainTarget(address, "increment")
            : new SignedTarget(address, Path.of(args[2]))) {
      while (left > 0) {
        Load.Measured measured = Load.calls(target, 256, Math.min(left, PART));
        nanos += measured.nanos();
        left -= measured.calls();
      }
    }
    System.out.printf(Locale.ROOT, "%s calls in %.0f s%n", args[1], nanos / 1e9);
  }
}
