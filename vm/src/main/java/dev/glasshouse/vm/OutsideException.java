package dev.glasshouse.vm;

/**
 * The outside did not answer an oracle; thrown into the oracle's function as a {@code TypeError}.
 */
public final class OutsideException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OutsideException(String message) {
    super(message);
  }
}
