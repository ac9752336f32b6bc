package dev.glasshouse.cli;

import dev.glasshouse.verifier.ProgressListener;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A progress bar for people; silent where nobody watches, and for what is done at once. */
final class Progress implements ProgressListener, AutoCloseable {
  private static final int WIDTH = 30;
  private static final int LINE = 80;
  private static final long INTERVAL_NANOS = 100_000_000;

  private final PrintWriter err;
  private final BooleanSupplier isWatched;
  private final LongSupplier nanos;
  private final long started;
  private long lastLooked;
  private Boolean watched;
  private boolean drawn;

  /**
   * Draws nothing yet.
   *
   * @param isWatched whether a person would see it; asked once, when there is something to draw
   * @param nanos a clock such as {@link System#nanoTime}
   */
  Progress(PrintWriter err, BooleanSupplier isWatched, LongSupplier nanos) {
    this.err = err;
    this.isWatched = isWatched;
    this.nanos = nanos;
    this.started = nanos.getAsLong();
    this.lastLooked = started;
  }

  @Override
  public void verified(long entries, long of) {
    long now = nanos.getAsLong();
    if (now - lastLooked < INTERVAL_NANOS) {
      return;
    }
    lastLooked = now;
    if (watched == null) {
      watched = isWatched.getAsBoolean();
    }
    if (watched) {
      draw(entries, of, now - started);
    }
  }

  private void draw(long entries, long of, long elapsed) {
    int full = (int) (WIDTH * Math.min(entries, of) / Math.max(1, of));
    long perSecond = (long) (entries * 1e9 / elapsed);
    String bar = "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "]";
    err.print("\r" + bar + " " + entries + " of " + of + " entries, " + perSecond + "/s ");
    err.flush();
    drawn = true;
  }

  @Override
  public void close() {
    if (drawn) {
      err.print("\r" + " ".repeat(LINE - 1) + "\r");
      err.flush();
    }
  }
}
