package dev.glasshouse.vm;

/** A log is pinned to an interpreter or bootstrap script that this build does not carry. */
public final class UnknownInterpreterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownInterpreterException(String message) {
    super(message);
  }
}
