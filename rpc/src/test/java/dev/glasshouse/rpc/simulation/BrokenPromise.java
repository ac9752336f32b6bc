package dev.glasshouse.rpc.simulation;

/** The host does not do what it promises. */
final class BrokenPromise extends AssertionError {
  private static final long serialVersionUID = 1L;

  BrokenPromise(String message) {
    super(message);
  }

  BrokenPromise(String message, Throwable cause) {
    super(message, cause);
  }
}
