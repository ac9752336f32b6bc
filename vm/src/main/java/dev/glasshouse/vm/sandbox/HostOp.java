package dev.glasshouse.vm.sandbox;

/** The host functions. Their codes are part of the seam between guest.js and every engine. */
public enum HostOp {
  /** Files: a JSON array {@code [operation, arguments…]}, the body for contents. */
  FILE(1),
  /** An oracle: the function's source; {@link HostReply#runFork()} runs it. */
  ORACLE(2),
  /** 16 bytes of entropy. */
  ENTROPY(3),
  /** A line for the host's own log: its level, and the line as body. */
  LOG(4),
  /** An HTTP request, in a fork only: JSON of the request, the body as body. */
  FETCH(5),
  /** From the engine, after {@link HostReply#runFork()}: the oracle's answer as body. */
  ORACLE_RESULT(6),
  /** A call of a method elsewhere: its name, and a JSON array of parameters as body. */
  CALL(7);

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
