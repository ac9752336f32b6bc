package dev.glasshouse.rpc.client;

/** A call could not be made: no host, no connection, or an answer that is not in its form. */
public class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClientException(String message) {
    super(message);
  }

  public ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
