package dev.glasshouse.vm;

/** A replay asked for another input than the entry records, or for more, or for fewer. */
public final class InputMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputMismatchException(String message) {
    super(message);
  }
}
