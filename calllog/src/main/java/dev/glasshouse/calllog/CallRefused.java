package dev.glasshouse.calllog;

/**
 * A call that was refused before it touched anything: the caller's failure, for the caller to hear.
 * Nothing was executed and nothing was logged, but for {@link Reason#UNWITNESSED}.
 */
public final class CallRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; each has its JSON-RPC error code. */
  public enum Reason {
    /** The call is not signed and the host is no debug host. */
    UNSIGNED(-32001),
    /** The signature or the key does not hold. */
    BAD_SIGNATURE(-32002),
    /** The call is signed for another log. */
    WRONG_LOG(-32003),
    /** The session has used this number, or a higher one, in another call. */
    USED_NUMBER(-32004),
    /** The queue is full. */
    OVERLOADED(-32005),
    /** The caller has seen a history that this log does not have. */
    UNKNOWN_HISTORY(-32006),
    /** A limit on the request's size. */
    TOO_LARGE(-32007),
    /** The caller is not among those whose calls the host takes. */
    NOT_ALLOWED(-32008),
    /** The caller calls more often than the host allows. */
    TOO_OFTEN(-32009),
    /** It was executed and logged, but the witnesses did not cosign it in time. */
    UNWITNESSED(-32011),
    /** The request is not in its form. */
    MALFORMED(-32602),
    /** The host has stopped; its own failure. */
    STOPPED(-32010);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The JSON-RPC error code. */
    public int code() {
      return code;
    }
  }

  private final Reason reason;
  private final long retryMillis;

  public CallRefused(Reason reason, String message) {
    this(reason, message, 0);
  }

  /**
   * A refusal that passes.
   *
   * @param retryMillis after how many milliseconds the call may be made again; 0 if that cannot be
   *     said
   */
  public CallRefused(Reason reason, String message, long retryMillis) {
    super(message);
    this.reason = reason;
    this.retryMillis = retryMillis;
  }

  /** Why it was refused. */
  public Reason reason() {
    return reason;
  }

  /** After how many milliseconds the call may be made again; 0 if that cannot be said. */
  public long retryMillis() {
    return retryMillis;
  }
}
