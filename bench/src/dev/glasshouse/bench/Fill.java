package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.util.Locale;

/**
 * Makes so many calls of a debug host's counter, 256 in flight.
 *
 * <p>Arguments: ADDRESS CALLS.
 */
final class Fill {
  private static final int PART = 100_000;

  private Fill() {}

  public static void main(String[] args) {
    long left = Long.parseLong(args[1]);
    long nanos = 0;
    try (Target target = new PlainTarget(HostAddress.parse(args[0]), "increment")) {
      while (left > 0) {
        Load.Measured measured = Load.calls(target, 256, Math.min(left, PART));
        nanos += measured.nanos();
        left -= measured.calls();
      }
    }
    System.out.printf(Locale.ROOT, "%s calls in %.0f s%n", args[1], nanos / 1e9);
  }
}
