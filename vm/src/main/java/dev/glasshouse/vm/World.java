package dev.glasshouse.vm;

/**
 * What an executor has around it beside the log.
 *
 * @param outside null for a replay
 */
public record World(Outside outside, Console console, Watch watch) {
  /** Nothing: the world of a replay. */
  public static final World NONE = new World(null, Console.NONE, Watch.NONE);
}
