package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the watchdog ended has never been. */
@ExtendWith(OnSandboxThread.class)
final class ExecutorAbortTest {
  private static final Timer TIMER = new Timer(true);

  /** Writes big integers in decimal: natively, and so with hardly any fuel. */
  private static final String SOURCE =
      "let n = 0; exports.up = () => ++n;"
          + "exports.write = t => System.files.writeFile('/f', t);"
          + "exports.read = () => System.files.readFile('/f');"
          + "exports.hang = () => { n = 1000; Math.random(); System.files.writeFile('/f', 'lost');"
          + " return Array(1000).fill(2n ** 1000000n).join().length };"
          + "exports.later = () => { setTimeout(exports.hang, 5) };"
          + "exports.grow = () => { globalThis.a = new Array(300000).fill('x'); return a.length };";

  /** Interrupts each turn a moment after it began. */
  private static final class Impatient implements Watch {
    private TimerTask waiting;

    @Override
    public void begin(Sandbox guest, long millis, long pollMillis) {
      waiting =
          new TimerTask() {
            @Override
            public void run() {
              guest.interrupt();
            }
          };
      TIMER.schedule(waiting, 300);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public long end() {
      waiting.cancel();
      return 0;
    }
  }

  @AfterAll
  static void stop() {
    TIMER.cancel();
  }

  @Test
  void abortedRequestHasNeverBeen() throws ScriptException {
    try (Recording host = Recording.watched(SOURCE, new Impatient())) {
      assertEquals("1", host.call("up", ""));
      host.call("write", "\"kept\"");
      Hash heap = host.heapHash();
      Hash root = host.executor.root();
      assertEquals(
          List.of(),
          host.request("ann", List.of(call("up"), call("write", "\"gone\""), call("hang"))));
      assertEquals(heap, host.heapHash());
      assertEquals(root, host.executor.root());
      AbortEntry entry = (AbortEntry) Entry.parse(host.entries.get(3), host.reader());
      assertEquals("ann", entry.caller().id());
      assertEquals(root, entry.root());
      assertEquals("2", host.call("up", ""));
      assertEquals("\"kept\"", host.call("read", ""));
      requireReplay(host);
    }
  }

  @Test
  void abortAfterTheHeapWasCopiedInTheMiddleOfTheRequest() throws ScriptException {
    try (Recording host = Recording.watched(SOURCE, new Impatient())) {
      List<MethodCall> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        host.call("up", "");
        calls.add(call(i == 50 ? "grow" : "up"));
      }
      calls.add(call("hang"));
      Hash heap = host.heapHash();
      host.request("ann", calls);
      assertEquals(heap, host.heapHash());
      assertEquals("101", host.call("up", ""));
      // And once more from a request that begins after many turns of the same copy.
      host.request("ann", calls);
      assertEquals("102", host.call("up", ""));
      requireReplay(host);
    }
  }

  @Test
  void abortedTimerIsForgotten() throws ScriptException {
    try (Recording host = Recording.watched(SOURCE, new Impatient())) {
      host.call("later", "");
      assertTrue(host.executor.due() > 0);
      assertEquals(null, host.timer());
      assertEquals(-1, host.executor.due());
      AbortEntry entry = (AbortEntry) Entry.parse(host.entries.get(2), host.reader());
      assertTrue(entry.ofTimer());
      assertEquals("1", host.call("up", ""));
      requireReplay(host);
    }
  }

  @Test
  void loadingIsWatchedToo() {
    ScriptException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            ScriptException.class,
            () -> Recording.watched("Array(1000).fill(2n ** 1000000n).join()", new Impatient()));
    assertTrue(e.getMessage().contains("ran out of time"), e.getMessage());
  }

  private static MethodCall call(String method, String... params) {
    return Recording.methodCall(method, String.join(",", params));
  }

  private static void requireReplay(Recording host) throws ScriptException {
    Recording.Replayed replayed = host.replay();
    assertNotNull(replayed);
    for (int i = 0; i < host.entries.size(); i++) {
      assertArrayEquals(host.entries.get(i), replayed.entries().get(i), "entry " + i);
    }
    assertEquals(host.heapHash(), replayed.heap());
  }
}
