package dev.glasshouse.vm.sandbox;

/** The host functions. Their codes are part of the seam between guest.js and every engine. */
public enum HostOp {
  /** Files: a JSON array {@code [operation, arguments…]}, the body for contents. */
  FILE(1),
  /** An oracle: the function's source; {@link HostReply#runFork()} runs it. */
  ORACLE(2),
  /** Bytes of entropy: how many, in decimal. */
  ENTROPY(3),
  /** A line for the host's own log: its level, and the line as body. */
  LOG(4),
  /** An HTTP request, in a fork only: JSON of the request, the body as body. */
  FETCH(5),
  /** From the engine, after {@link HostReply#runFork()}: the oracle's answer as body. */
  ORACLE_RESULT(6),
  /** A call of a method elsewhere: its name, and a JSON array of parameters as body. */
  CALL(7),
  /** An import or require: the importing file, and what it asks for as body. */
  RESOLVE(8),
  /**
   * A file of the module: its path. The body is {@code module} when it is imported; else it is
   * required, and {@link HostReply#script} answers.
   */
  SOURCE(9),
  /**
   * From the engine: an oracle waits until this time, in milliseconds since 1970. The answer is the
   * time then, or an error if it may wait no longer.
   */
  WAIT(10);

  private static final HostOp[] BY_CODE = values();

  private final int code;

  HostOp(int code) {
    this.code = code;
  }

  static HostOp of(int code) {
    for (HostOp op : BY_CODE) {
      if (op.code == code) {
        return op;
      }
    }
    throw new SandboxFailure(
        "the guest asked for host function " + code + ", which does not exist");
  }
}
