package dev.glasshouse.rpc.client;

/** The host answered a request with a JSON-RPC error. */
public final class RefusedException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String name;
  private final long retryMillis;

  RefusedException(int code, String message, String name) {
    this(code, message, name, 0);
  }

  RefusedException(int code, String message, String name, long retryMillis) {
    super(message);
    this.code = code;
    this.name = name;
    this.retryMillis = retryMillis;
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }

  /** The name of the error that a method threw, or null. */
  public String name() {
    return name;
  }

  /** After how many milliseconds the call may be made again; 0 if the host did not say so. */
  public long retryMillis() {
    return retryMillis;
  }
}
