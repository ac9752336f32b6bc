package dev.glasshouse.bench;

import dev.glasshouse.rpc.client.HostAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Fills one log and measures sequential signed calls at given numbers of entries. Prints a table in
 * Markdown.
 *
 * <p>Arguments: ADDRESS DIR-OF-THE-LOG DIR WINDOW ENTRIES...
 */
final class Growth {
  private static final int FILLING = 256;

  private Growth() {}

  public static void main(String[] args) throws IOException {
    Path log = Path.of(args[1]);
    int window = Integer.parseInt(args[3]);
    List<Long> sizes = new ArrayList<>();
    for (int i = 4; i < args.length; i++) {
      sizes.add(Long.parseLong(args[i]));
    }
    try (Target target = new SignedTarget(HostAddress.parse(args[0]), Path.of(args[2]))) {
      System.out.println(
          "| entries | p50 ms | p99 ms | calls/s | bytes on disk | bytes per call |");
      System.out.println("|--:|--:|--:|--:|--:|--:|");
      long entries = 1; // the genesis entry
      for (long size : sizes) {
        Load.calls(target, FILLING, size - entries);
        long bytes = bytes(log);
        Load.Measured measured = Load.calls(target, 1, window);
        System.out.printf(
            Locale.ROOT,
            "| %,d | %.2f | %.2f | %.0f | %,d | %.0f |%n",
            size,
            measured.percentile(0.5),
            measured.percentile(0.99),
            measured.callsPerSecond(),
            bytes,
            (double) bytes / size);
        entries = size + window;
      }
    }
  }

  // Files come and go while a host runs.
  private static long bytes(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).mapToLong(Growth::length).sum();
    } catch (UncheckedIOException e) {
      return bytes(dir);
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
