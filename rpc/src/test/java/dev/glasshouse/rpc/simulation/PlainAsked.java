package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.MethodCall;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a frame that was sent unsigned, and what came of it. No other call has its
 * parameters.
 *
 * @param id the JSON text of its id; null asks for no answer
 * @param answers each that came
 */
record PlainAsked(String id, MethodCall call, List<Heard> answers) {
  /** What is told of a call that the watchdog has ended. */
  static final String ABORTED = "throws AbortedError";

  /**
   * An answer.
   *
   * @param told as {@link CountsModule#told} has it, or null of a refusal
   * @param code of an error, or 0
   * @param covered how many entries the quorum had cosigned when it left the host
   */
  record Heard(String told, int code, long covered) {}

  PlainAsked(String id, MethodCall call) {
    this(id, call, new ArrayList<>());
  }

  /** Its request in JSON-RPC. */
  String text() {
    return "{\"jsonrpc\":\"2.0\","
        + (id == null ? "" : "\"id\":" + id + ",")
        + "\"method\":\""
        + call.method()
        + "\",\"params\":"
        + call.params()
        + "}";
  }
}
