package dev.glasshouse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What this disk takes for writes that must last: the floor under every synced call. */
final class SyncProbe {
  private static final int WRITES = 200;
  private static final int APPENDED = 2048;
  private static final int OVERWRITTEN = 512;

  private SyncProbe() {}

  /** Median microseconds to append 2 KiB to a file and sync it. */
  static double append(Path dir) throws IOException {
    return median(dir.resolve("probe-append"), APPENDED, true);
  }

  /** Median microseconds to overwrite 512 bytes of a file and sync it. */
  static double overwrite(Path dir) throws IOException {
    return median(dir.resolve("probe-overwrite"), OVERWRITTEN, false);
  }

  private static double median(Path file, int bytes, boolean grows) throws IOException {
    double[] micros = new double[WRITES];
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (int i = 0; i < WRITES; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(bytes), grows ? (long) i * bytes : 0);
        channel.force(false);
        micros[i] = (System.nanoTime() - start) / 1e3;
      }
    }
    return Load.median(micros);
  }
}
