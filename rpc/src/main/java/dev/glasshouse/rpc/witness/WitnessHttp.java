package dev.glasshouse.rpc.witness;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * How a host's requests get to its witnesses. What they give completes with the answer, or
 * exceptionally: with {@link java.util.concurrent.TimeoutException} if it is not all there in time.
 */
public interface WitnessHttp {
  /** An answer, whatever it says. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Response(int status, byte[] body) {}

  /**
   * Reads an address.
   *
   * @param limit bytes that an answer may have
   * @param millis until it must be complete
   */
  CompletableFuture<Response> get(URI address, int limit, long millis);

  /**
   * Submits a body.
   *
   * @param limit bytes that an answer may have
   * @param millis until it must be complete
   */
  CompletableFuture<Response> post(URI address, byte[] body, int limit, long millis);
}
