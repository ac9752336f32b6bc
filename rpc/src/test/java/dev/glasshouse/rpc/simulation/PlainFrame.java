package dev.glasshouse.rpc.simulation;

import java.util.List;
import java.util.stream.Collectors;

/** A frame that an unsigned caller has sent: one call, or several. */
final class PlainFrame {
  final List<PlainAsked> calls;
  final String text;

  /** Whether nothing fails any more. */
  final boolean isCalm;

  /** How often it has reached the host. */
  int deliveries;

  /** When it was sent last. */
  long sentAt;

  /** Whether nobody waits for its answers any more, though they may come. */
  boolean isGivenUp;

  /** Whether it was answered before its caller sent the next. */
  boolean wasAnswered;

  PlainFrame(List<PlainAsked> calls, boolean isBatch, boolean isCalm) {
    this.calls = calls;
    this.isCalm = isCalm;
    String joined = calls.stream().map(PlainAsked::text).collect(Collectors.joining(","));
    this.text = isBatch ? "[" + joined + "]" : joined;
  }

  /** Whether anything was answered: what wants no answer may be on its way for long. */
  boolean isHeardOf() {
    return calls.stream().anyMatch(each -> !each.answers().isEmpty());
  }

  /** Whether all answers are there. */
  boolean isAnswered() {
    return calls.stream().allMatch(each -> each.id() == null || !each.answers().isEmpty());
  }

  /** Whether all answers are there, and none is a refusal. */
  boolean isExecuted() {
    return isAnswered()
        && calls.stream().flatMap(each -> each.answers().stream()).allMatch(a -> a.told() != null);
  }
}
