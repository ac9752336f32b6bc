package dev.glasshouse.rpc.client;

/** The host answered a request with a JSON-RPC error. */
public final class RefusedException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String name;

  RefusedException(int code, String message, String name) {
    super(message);
    this.code = code;
    this.name = name;
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }

  /** The name of the error that a method threw, or null. */
  public String name() {
    return name;
  }
}
