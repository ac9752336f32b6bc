package dev.glasshouse.calllog;

/**
 * A copy of a log is behind a checkpoint that the log's key has signed. That says nothing against
 * the log's host, which is somebody else.
 */
public final class StaleCopyException extends UnreachableException {
  private static final long serialVersionUID = 1L;

  /**
   * Names both checkpoints, and what to do.
   *
   * @param copy what holds it
   * @param size entries of the copy's checkpoint
   * @param newer entries of the checkpoint that is known
   */
  public StaleCopyException(LogReader copy, long size, long newer) {
    super(
        copy
            + " is a copy of "
            + size
            + " entries, and a newer checkpoint of "
            + newer
            + " entries is known: bring the copy up to date, or ask the log's host");
  }
}
