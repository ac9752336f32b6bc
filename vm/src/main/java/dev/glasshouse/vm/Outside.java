package dev.glasshouse.vm;

/**
 * The world as a live execution reaches it: what a replay never has. Implemented by the host;
 * {@code vm} itself knows no clock, socket or random source.
 */
public interface Outside {
  /** {@code length} bytes from a cryptographic random source. */
  byte[] entropy(int length);

  /**
   * Waits until the clock shows {@code due}, or not at all if that has passed.
   *
   * @param due milliseconds since 1970
   * @return the time then
   */
  long waitUntil(long due);

  /**
   * Performs an HTTP request for an oracle.
   *
   * @param request JSON {@code {"url":…,"method":…,"headers":{…}}}
   * @param body empty for none
   * @return length of the head as u32 little-endian, the head as JSON of ASCII characters {@code
   *     {"url":…,"status":…,"statusText":…,"headers":{…}}}, the body
   * @throws OutsideException if it cannot be done; the oracle's function sees its message
   */
  byte[] fetch(String request, byte[] body);
}
