package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long after a call's receipt an audit that watches has verified it. The host is a new one whose
 * log grows by these calls alone. Prints the median and the longest.
 *
 * <p>Arguments: ADDRESS DIR CALLS COMMAND... where the command watches that host
 */
final class WatchLag {
  private static final int MAX_PAUSE = 1000;

  private WatchLag() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int calls = Integer.parseInt(args[2]);
    List<String> command = Arrays.asList(args).subList(3, args.length);
    Process watching =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = watching.inputReader(StandardCharsets.UTF_8);
        Target target = new SignedTarget(HostAddress.parse(args[0]), Path.of(args[1]))) {
      await(lines, 1);
      Random random = new Random(1);
      double[] millis = new double[calls];
      for (int i = 0; i < calls; i++) {
        // Anywhere between two questions of the audit.
        Thread.sleep(random.nextInt(MAX_PAUSE));
        target.increment().join();
        long receipt = System.nanoTime();
        await(lines, i + 2);
        millis[i] = (System.nanoTime() - receipt) / 1e6;
      }
      System.out.printf(
          Locale.ROOT,
          "%d checkpoints, verified after their call's receipt: median %.0f ms, longest %.0f ms%n",
          calls,
          Load.median(millis),
          Arrays.stream(millis).max().orElseThrow());
    } finally {
      watching.destroy();
      watching.waitFor();
    }
  }

  private static void await(BufferedReader lines, long size) throws IOException {
    String expected = "Verified " + size + " entries.";
    for (String line = lines.readLine(); ; line = lines.readLine()) {
      if (line == null) {
        throw new IllegalStateException("the audit ended before " + size + " entries");
      }
      if (line.equals(expected)) {
        return;
      }
    }
  }
}
