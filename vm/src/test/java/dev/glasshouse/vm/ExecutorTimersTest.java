package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Time inside a module: within a call, and after it. */
@ExtendWith(OnSandboxThread.class)
final class ExecutorTimersTest {
  private static final String SOURCE =
      "const log = []; exports.log = () => log.splice(0);"
          + "const sleep = ms => new Promise(r => setTimeout(r, ms));"
          + "exports.sleep = async (...times) => { const from = Date.now(); for (const t of times)"
          + " await sleep(t); return Date.now() - from };"
          + "exports.later = (ms, name) => { setTimeout(() => log.push([name, Date.now(),"
          + " System.caller.id]), ms) };"
          + "exports.every = ms => setInterval(() => log.push('tick'), ms);"
          + "exports.clear = id => clearTimeout(id);"
          + "exports.fails = ms => { setTimeout(async () => { await"
          + " System.files.writeFile('/f', 'x'); throw new RangeError('late') }, ms) };"
          + "exports.writes = ms => { setTimeout(() => System.files.writeFile('/f', 'y'), ms) };"
          + "exports.read = () => System.files.readFile('/f', 'json');"
          + "exports.loops = ms => { setTimeout(() => { for (;;) {} }, ms) };"
          + "exports.never = () => { setInterval(() => {}, 1); return new Promise(() => {}) };"
          + "exports.spin = async ms => { for (;;) { for (let i = 0; i < 1e5; i++); await"
          + " sleep(ms) } };"
          + "exports.oracle = ms => System.oracle(() => new Promise(r => setTimeout(() =>"
          + " r('waited'), ms)));";

  private static Recording host() throws ScriptException {
    return Recording.commonjs(SOURCE);
  }

  @Test
  void callWaitsForItsTimers() throws ScriptException {
    try (Recording host = host()) {
      assertEquals("75", host.call("sleep", "20,5,50"));
      List<Input> inputs = host.last().inputs();
      assertEquals(3, inputs.size());
      long start = host.last().time();
      assertEquals(Input.TIMER, inputs.get(0).kind());
      assertEquals(Hash.of("timer " + (start + 20)), inputs.get(0).request());
      assertEquals(Long.toString(start + 20), inputs.get(0).answer().read(host.reader()));
      requireReplay(host);
    }
  }

  @Test
  void callMayNotWaitForTooLong() throws ScriptException {
    try (Recording host = host()) {
      assertEquals("10000", host.call("sleep", "10000"));
      String said = host.call("sleep", "10001");
      assertTrue(said.startsWith("TimeoutError: the call waits"), said);
      said = host.call("sleep", "6000,6000");
      assertTrue(said.startsWith("TimeoutError: the call waits"), said);
      // The timers it set stay, and fire when they are due.
      assertTrue(host.executor.due() > 0);
      requireReplay(host);
    }
  }

  @Test
  void waitsAreLimitedLikeAllInputs() throws ScriptException {
    try (Recording host = host()) {
      String said = host.call("never", "");
      assertTrue(said.startsWith("RangeError: more than 1024"), said);
      assertEquals(Input.MAX_PER_ENTRY, host.last().inputs().size());
      assertEquals("[]", host.call("log", ""));
      requireReplay(host);
    }
  }

  @Test
  void allTurnsOfCallShareOneFuel() throws ScriptException {
    Limits limits = Limits.DEFAULT.withFuel(100);
    try (Recording host = Recording.of(new Script("t.js", Script.Kind.COMMONJS, SOURCE), limits)) {
      Outcome outcome = host.outcome("spin", "1");
      assertEquals("fuel", ((Outcome.Trapped) outcome).limit());
      assertEquals(101, outcome.fuel());
      assertTrue(host.last().inputs().size() > 3, "it waited a few times before");
      assertEquals(-1, host.executor.due());
      requireReplay(host);
    }
  }

  @Test
  void timersFireInOrderAfterTheCall() throws ScriptException {
    try (Recording host = host()) {
      host.call("later", "70,\"b\"");
      host.call("later", "20,\"a\"");
      long b = host.entry(1).time() + 70;
      long a = host.entry(2).time() + 20;
      assertEquals(Math.min(a, b), host.executor.due());
      assertInstanceOf(Outcome.Ok.class, host.timer());
      assertInstanceOf(Outcome.Ok.class, host.timer());
      assertEquals(-1, host.executor.due());
      String first = b < a ? "[\"b\"," : "[\"a\",";
      String log = host.call("log", "");
      assertTrue(log.startsWith("[" + first), log);
      assertEquals(2, log.split("module:self", -1).length - 1, log);
      requireReplay(host);
    }
  }

  @Test
  void intervalGoesOnUntilItIsCleared() throws ScriptException {
    try (Recording host = host()) {
      String id = host.call("every", "100");
      long due = host.executor.due();
      for (int i = 1; i <= 3; i++) {
        host.timer();
        assertTrue(host.executor.due() >= due + 100L * i, "tick " + i);
      }
      host.call("clear", id);
      assertEquals(-1, host.executor.due());
      assertEquals("[\"tick\",\"tick\",\"tick\"]", host.call("log", ""));
      requireReplay(host);
    }
  }

  @Test
  void timerThatThrowsLeavesTheFiles() throws ScriptException {
    try (Recording host = host()) {
      host.call("writes", "1");
      assertInstanceOf(Outcome.Ok.class, host.timer());
      host.call("fails", "1");
      Outcome.Thrown thrown = (Outcome.Thrown) host.timer();
      assertEquals("RangeError late", thrown.name() + " " + thrown.message());
      assertEquals(-1, host.executor.due());
      requireReplay(host);
    }
  }

  @Test
  void trappedTimerIsForgotten() throws ScriptException {
    try (Recording host = host()) {
      host.call("loops", "1");
      host.call("later", "5000,\"a\"");
      Outcome outcome = host.timer();
      assertEquals("fuel", ((Outcome.Trapped) outcome).limit());
      host.timer();
      assertTrue(host.call("log", "").startsWith("[[\"a\","));
      assertEquals(-1, host.executor.due());
      requireReplay(host);
    }
  }

  @Test
  void timerIsNotRunBeforeItIsDue() throws ScriptException {
    try (Recording host = host()) {
      assertThrows(
          InputMismatchException.class,
          () -> host.executor.timer(Recording.START, InputTape.recording()));
      host.call("later", "20,\"a\"");
      long due = host.executor.due();
      assertThrows(
          InputMismatchException.class, () -> host.executor.timer(due - 1, InputTape.recording()));
      assertThrows(InputMismatchException.class, () -> host.executor.drop(due - 1));
    }
  }

  @Test
  void oracleMayWaitOutside() throws ScriptException {
    try (Recording host = host()) {
      assertEquals("\"waited\"", host.call("oracle", "5"));
      assertEquals(1, host.last().inputs().size());
      String said = host.call("oracle", "60000");
      assertTrue(said.startsWith("TimeoutError: the oracle waited"), said);
      requireReplay(host);
    }
  }

  private static void requireReplay(Recording host) throws ScriptException {
    Recording.Replayed replayed = host.replay();
    for (int i = 0; i < host.entries.size(); i++) {
      assertArrayEquals(host.entries.get(i), replayed.entries().get(i), "entry " + i);
    }
    assertEquals(host.heapHash(), replayed.heap());
  }
}
