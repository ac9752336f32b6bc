package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Outcome;

/**
 * The result of one call.
 *
 * @param value guest JSON text if the method returned, otherwise null
 * @param failure how it failed, or null
 */
public record CallResult(String value, Outcome failure) {
  /** One line on how it failed, as a person reads it. */
  public String failureLine() {
    if (failure instanceof Outcome.Thrown thrown) {
      return thrown.name() + ": " + thrown.message();
    }
    return "the call ran out of " + ((Outcome.Trapped) failure).limit() + " and was undone";
  }
}
