package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Limits;
import dev.glasshouse.rpc.witness.WitnessSettings;
import java.util.function.UnaryOperator;

/**
 * How a module is hosted. What decides outcomes is written into a new log's genesis entry; for a
 * log that exists it must be the same again.
 *
 * @param title shown to people and part of the log's origin
 * @param debug whether unsigned calls are accepted and callers taken at their word
 * @param limits the limits that are asked for, as a change to the default ones; of a log that
 *     exists it must change nothing
 * @param queue requests that may wait for the lock
 * @param imageEntries entries after which an image is taken, 0 for never
 * @param imageSeconds seconds after which an image is taken if entries came, 0 for never
 * @param witnesses who cosigns its checkpoints
 */
public record ModuleSettings(
    String title,
    boolean debug,
    UnaryOperator<Limits> limits,
    int queue,
    long imageEntries,
    long imageSeconds,
    WitnessSettings witnesses) {
  /** Requests that may wait, unless told otherwise. */
  public static final int DEFAULT_QUEUE = 1000;

  /** Entries from image to image, unless told otherwise. */
  public static final long DEFAULT_IMAGE_ENTRIES = 10_000;

  /** Seconds from image to image, unless told otherwise. */
  public static final long DEFAULT_IMAGE_SECONDS = 60;

  /** Without witnesses. */
  public ModuleSettings(
      String title,
      boolean debug,
      UnaryOperator<Limits> limits,
      int queue,
      long imageEntries,
      long imageSeconds) {
    this(title, debug, limits, queue, imageEntries, imageSeconds, WitnessSettings.NONE);
  }

  /** The defaults. */
  public ModuleSettings(String title, boolean debug) {
    this(
        title,
        debug,
        UnaryOperator.identity(),
        DEFAULT_QUEUE,
        DEFAULT_IMAGE_ENTRIES,
        DEFAULT_IMAGE_SECONDS);
  }
}
