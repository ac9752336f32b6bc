package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Outcome;

/**
 * The result of one call.
 *
 * @param value guest JSON text if the method returned, otherwise null
 * @param failure how it failed, or null; if both are null, the host's watchdog ended the request
 */
public record CallResult(String value, Outcome failure) {
  /** A call of a request that the host's watchdog ended: no outcome of the module's. */
  public static final CallResult ABORTED = new CallResult(null, null);

  /** Whether the host's watchdog ended the request. */
  public boolean isAborted() {
    return value == null && failure == null;
  }

  /** One line on how it failed, as a person reads it. */
  public String failureLine() {
    if (isAborted()) {
      return "the host's watchdog ended the call because it took too long; nothing was changed";
    }
    if (failure instanceof Outcome.Thrown thrown) {
      return thrown.name() + ": " + thrown.message();
    }
    return "the call ran out of " + ((Outcome.Trapped) failure).limit() + " and was undone";
  }
}
