package dev.glasshouse.rpc.client;

/** The host contradicts itself or its log. The message says how, and where the evidence is. */
public final class CaughtHostException extends ClientException {
  private static final long serialVersionUID = 1L;

  public CaughtHostException(String message) {
    super(message);
  }

  public CaughtHostException(String message, Throwable cause) {
    super(message, cause);
  }
}
