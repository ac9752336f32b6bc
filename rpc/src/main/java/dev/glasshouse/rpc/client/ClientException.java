package dev.glasshouse.rpc.client;

/** A call could not be made: no host, no connection, or an answer that is not in its form. */
public sealed class ClientException extends RuntimeException
    permits CaughtHostException, RefusedException {
  private static final long serialVersionUID = 1L;

  public ClientException(String message) {
    super(message);
  }

  public ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
