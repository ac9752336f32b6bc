package dev.glasshouse.rpc;

/**
 * A module cannot be served as asked: the directory holds another log, or the log does not replay.
 * The message says what to do.
 */
public final class ModuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModuleException(String message) {
    super(message);
  }

  public ModuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
