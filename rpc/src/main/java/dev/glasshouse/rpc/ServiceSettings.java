package dev.glasshouse.rpc;

/**
 * Where and how a service listens.
 *
 * @param bind address, such as 127.0.0.1
 * @param port 0 for any free one
 * @param frameBytes bytes of one message from a client
 */
public record ServiceSettings(String bind, int port, int frameBytes) {
  /** Room for a request of the default limit whose every quote is escaped. */
  public static final int DEFAULT_FRAME_BYTES = 10 << 20;
}
