package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Receipt;
import java.util.List;

/** A request that was sent, the same bytes each time, and what came of it as its caller knows. */
final class Asked {
  final long number;
  final List<MethodCall> calls;
  final String request;
  final Caller.Key caller;
  final String frame;

  /** The receipt of the first answer, and its results, or null. */
  Receipt receipt;

  Object results;

  /** Whether it was refused for good: it is not in the log, and never will be. */
  boolean isRefused;

  /** How often it was answered. */
  int answers;

  /** When it was sent last. */
  long sentAt;

  Asked(long number, List<MethodCall> calls, String request, Caller.Key caller) {
    this.number = number;
    this.calls = calls;
    this.request = request;
    this.caller = caller;
    StringBuilder text = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":").append(number);
    text.append(",\"method\":\"rpc.call\",\"params\":{\"key\":\"");
    text.append(caller.key().format()).append("\",\"sig\":\"");
    text.append(Caller.formatSignature(caller.signature())).append("\",\"request\":");
    CanonicalJson.write(request, text);
    this.frame = text.append("}}").toString();
  }

  /** Whether its caller knows what came of it. */
  boolean isSettled() {
    return receipt != null || isRefused;
  }
}
