package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Limits;

/**
 * How a module is hosted. What decides outcomes is written into a new log's genesis entry; for a
 * log that exists it must be the same again.
 *
 * @param title shown to people and part of the log's origin
 * @param debug whether unsigned calls are accepted and callers taken at their word
 * @param limits null to take those of the log, or the default for a new one
 * @param queue requests that may wait for the lock
 */
public record ModuleSettings(String title, boolean debug, Limits limits, int queue) {
  /** Requests that may wait, unless told otherwise. */
  public static final int DEFAULT_QUEUE = 1000;
}
