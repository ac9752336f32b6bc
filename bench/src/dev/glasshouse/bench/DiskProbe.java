package dev.glasshouse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What this disk takes for the three writes of a commit: the floor under every logged call. */
final class DiskProbe {
  private static final int WRITES = 100;

  private final Path dir;
  private final List<Double> appends = new ArrayList<>();
  private final List<Double> overwrites = new ArrayList<>();
  private final List<Double> replaces = new ArrayList<>();

  private interface Write {
    void run(int number) throws IOException;
  }

  DiskProbe(Path dir) {
    this.dir = dir;
  }

  void measure() throws IOException {
    appends.add(synced("probe-append", 2048, 2048));
    overwrites.add(synced("probe-overwrite", 512, 0));
    Path next = dir.resolve("probe.next");
    Path file = dir.resolve("probe");
    replaces.add(
        median(
            number -> {
              Files.write(next, new byte[256]);
              Files.move(
                  next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }));
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "The disk alone, medians in us: append 2 KiB and sync %.0f, overwrite 512 bytes and sync"
            + " %.0f, replace a small file by renaming %.0f.",
        middle(appends),
        middle(overwrites),
        middle(replaces));
  }

  private double synced(String name, int bytes, long step) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            dir.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      return median(
          number -> {
            channel.write(ByteBuffer.allocate(bytes), number * step);
            channel.force(false);
          });
    }
  }

  private static double median(Write write) throws IOException {
    double[] micros = new double[WRITES];
    for (int i = 0; i < WRITES; i++) {
      long start = System.nanoTime();
      write.run(i);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    return Load.median(micros);
  }

  private static double middle(List<Double> values) {
    return Load.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
