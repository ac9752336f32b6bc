package dev.glasshouse.rpc;

/** The host failed while a timer ran, before any request of the batch had its turn. */
final class TimerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TimerFailedException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
