package dev.glasshouse.rpc.mirror;

/**
 * A source serves a checkpoint that is older than one that it signed before, and does not
 * contradict it: a cache that is slow, or a log that was rolled back. Time tells them apart.
 */
public final class StaleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleException(String message) {
    super(message);
  }
}
