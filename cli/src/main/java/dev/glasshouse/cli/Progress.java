package dev.glasshouse.cli;

import dev.glasshouse.verifier.ProgressListener;
import java.io.PrintWriter;

/** A progress bar on standard error, for people; silent where nobody watches. */
final class Progress implements ProgressListener, AutoCloseable {
  private static final int WIDTH = 30;
  private static final long INTERVAL_NANOS = 100_000_000;

  private final PrintWriter err;
  private final boolean watched;
  private final long started = System.nanoTime();
  private long lastDrawn = started;
  private boolean drawn;

  Progress(PrintWriter err, boolean watched) {
    this.err = err;
    this.watched = watched;
  }

  @Override
  public void verified(long entries, long of) {
    long now = System.nanoTime();
    if (!watched || now - lastDrawn < INTERVAL_NANOS) {
      return;
    }
    lastDrawn = now;
    drawn = true;
    int full = (int) (WIDTH * entries / of);
    long perSecond = entries * 1_000_000_000L / Math.max(1, now - started);
    err.print(
        "\r["
            + "#".repeat(full)
            + "-".repeat(WIDTH - full)
            + "] "
            + entries
            + " of "
            + of
            + " entries, "
            + perSecond
            + "/s ");
    err.flush();
  }

  @Override
  public void close() {
    if (drawn) {
      err.print("\r" + " ".repeat(WIDTH + 50) + "\r");
      err.flush();
    }
  }
}
