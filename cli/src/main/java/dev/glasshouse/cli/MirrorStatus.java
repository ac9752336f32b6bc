package dev.glasshouse.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How a mirror is: for a person a line that is written over, for a log file a line when it begins
 * to wait and when it goes on.
 */
final class MirrorStatus implements AutoCloseable {
  private static final int LINE = 80;

  private final PrintWriter err;
  private final BooleanSupplier isWatched;
  private Boolean watched;
  private long size = -1;
  private String waiting;
  private Optional<String> remarked = Optional.empty();

  /**
   * Says nothing yet.
   *
   * @param isWatched whether a person would see it; asked once, when there is something to say
   */
  MirrorStatus(PrintWriter err, BooleanSupplier isWatched) {
    this.err = err;
    this.isWatched = isWatched;
  }

  /**
   * All is copied.
   *
   * @param remark on what was not taken, without its full stop
   */
  void copied(long entries, Optional<String> remark) {
    boolean isNew = !remark.equals(remarked);
    remarked = remark;
    if (entries == size && waiting == null && !isNew) {
      return;
    }
    if (isWatched()) {
      draw(entries + " entries, up to date" + remark.map(said -> "; " + said).orElse(""));
    } else {
      if (size < 0 || waiting != null) {
        err.println("Up to date with " + entries + " entries.");
      }
      if (isNew && remark.isPresent()) {
        err.println(Terminal.printable(remark.get()) + ".");
      }
      err.flush();
    }
    size = entries;
    waiting = null;
  }

  /** Nothing could be copied now. */
  void waits(RuntimeException why) {
    String sentence = Sentence.of(why);
    if (sentence.equals(waiting)) {
      return;
    }
    if (isWatched()) {
      draw("Waiting: " + sentence);
    } else if (waiting == null) {
      err.println("Waiting: " + sentence);
      err.flush();
    }
    waiting = sentence;
  }

  private boolean isWatched() {
    if (watched == null) {
      watched = isWatched.getAsBoolean();
    }
    return watched;
  }

  private void draw(String said) {
    String text = Terminal.printable(said);
    String line = text.length() < LINE ? text : text.substring(0, LINE - 2) + "…";
    err.print("\r" + line + " ".repeat(LINE - 1 - line.length()));
    err.flush();
  }

  @Override
  public void close() {
    if (watched != null && watched) {
      err.print("\r" + " ".repeat(LINE - 1) + "\r");
      err.flush();
    }
  }
}
