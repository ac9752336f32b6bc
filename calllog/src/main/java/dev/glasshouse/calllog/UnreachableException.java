package dev.glasshouse.calllog;

/** A source of the log does not answer, or withholds something that it signed. */
public sealed class UnreachableException extends RuntimeException permits StaleCopyException {
  private static final long serialVersionUID = 1L;

  public UnreachableException(String message) {
    super(message);
  }

  public UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
