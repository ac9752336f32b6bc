package dev.glasshouse.rpc;

/** Executed entries could not be made durable; the log has to be opened again. */
final class CommitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommitException(Throwable cause) {
    super("what was executed could not be appended to the log: " + cause.getMessage(), cause);
  }
}
