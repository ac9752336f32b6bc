package dev.glasshouse.calllog;

/**
 * Bytes from outside that are not what their format says: wrong shape, over a limit, or not the one
 * canonical form. The message says what was expected; nothing was changed by the attempt.
 */
public sealed class MalformedException extends IllegalArgumentException
    permits UnknownEntryException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
