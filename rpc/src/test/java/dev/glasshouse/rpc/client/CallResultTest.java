package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Outcome;
import org.junit.jupiter.api.Test;

/** What a person reads of a call that failed. */
class CallResultTest {
  @Test
  void eachFailureHasItsLine() {
    CallResult thrown = new CallResult(null, new Outcome.Thrown("TypeError", "no", 0));
    CallResult trapped = new CallResult(null, new Outcome.Trapped("memory", 0));
    assertEquals("TypeError: no", thrown.failureLine());
    assertEquals("the call ran out of memory and was undone", trapped.failureLine());
    assertTrue(CallResult.ABORTED.failureLine().contains("watchdog"));
    assertTrue(CallResult.ABORTED.isAborted());
    assertFalse(thrown.isAborted());
    assertFalse(new CallResult("1", null).isAborted());
  }
}
