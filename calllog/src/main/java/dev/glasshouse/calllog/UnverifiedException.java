package dev.glasshouse.calllog;

/**
 * Well-formed bytes that the pinned key did not sign, or that do not prove what they should. The
 * message says which; nothing was changed by the attempt.
 */
public final class UnverifiedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnverifiedException(String message) {
    super(message);
  }
}
