package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Keeps a host busy for a while, so that somebody else can look at it.
 *
 * <p>Arguments: SYSTEM ADDRESS DIR IN-FLIGHT SECONDS, with SYSTEM one of signed, debug.
 */
final class Drive {
  private Drive() {}

  public static void main(String[] args) {
    HostAddress address = HostAddress.parse(args[1]);
    try (Target target =
        args[0].equals("signed")
            ? new SignedTarget(address, Path.of(args[2]))
            : new PlainTarget(address, "increment")) {
      Load.Measured measured =
          Load.forSeconds(target, Integer.parseInt(args[3]), Double.parseDouble(args[4]));
      System.out.printf(Locale.ROOT, "%.0f calls/s%n", measured.callsPerSecond());
    }
  }
}
