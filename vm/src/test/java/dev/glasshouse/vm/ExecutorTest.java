package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Executing requests: atomic calls, undone traps, limits. */
@ExtendWith(OnSandboxThread.class)
class ExecutorTest {
  private static final String FILES =
      "const fs = System.files; let n = 0;exports.put = async (p, x) => { n++; await"
          + " fs.writeFile(p, x); return n };exports.putThrow = async (p, x) => { n++; await"
          + " fs.writeFile(p, x); throw new Error('after') };exports.putLoop = async (p, x) => {"
          + " n++; await fs.writeFile(p, x); for (;;) {} };exports.get = async p => { try { return"
          + " await fs.readFile(p) } catch (e) { return e.name } };exports.n = () => n;"
          + " exports.random = () => Math.random();exports.oracle = () => System.oracle(() => 'o' +"
          + " Math.random());exports.loop = () => { for (;;) {} };";

  @Test
  void callThatThrowsLeavesTheFilesAndTheRestOfItsBatchDoes() throws ScriptException {
    try (Recording host = Recording.commonjs(FILES)) {
      List<Outcome> outcomes =
          host.request(
              "bob",
              List.of(
                  Recording.methodCall("put", "\"/a\",\"1\""),
                  Recording.methodCall("putThrow", "\"/a\",\"2\""),
                  Recording.methodCall("get", "\"/a\""),
                  Recording.methodCall("putLoop", "\"/b\",\"3\""),
                  Recording.methodCall("get", "\"/b\""),
                  Recording.methodCall("nothing", ""),
                  Recording.methodCall("put", "\"/c\",\"4\""),
                  Recording.methodCall("n", "")));
      List<String> shown = new ArrayList<>();
      for (Outcome outcome : outcomes) {
        shown.add(host.show(outcome));
      }
      assertEquals(
          List.of(
              "1",
              "Error: after",
              "\"1\"",
              "trap: fuel",
              "\"NotFoundError\"",
              "MethodNotFoundError: the module exports no method \"nothing\"",
              "3",
              "3"),
          shown,
          "a throw keeps the heap, a trap does not; neither keeps files");
      assertReplays(host);
    }
    try (Recording host = Recording.commonjs(FILES)) {
      Hash before = host.executor.root();
      host.call("putThrow", "\"/a\",\"2\"");
      assertEquals(before, host.executor.root());
      assertEquals(before, host.last().root());
    }
  }

  @Test
  void filesOfALaterCallSeeThoseOfAnEarlierOne() throws ScriptException {
    try (Recording host = Recording.commonjs(FILES)) {
      host.call("put", "\"/d/e\",\"x\"");
      assertEquals("\"x\"", host.call("get", "\"/d/e\""));
      Hash one = host.executor.root();
      host.call("put", "\"/d/e\",\"y\"");
      assertNotEquals(one, host.executor.root());
      host.call("put", "\"/d/e\",\"x\"");
      assertEquals(one, host.executor.root(), "a root says what the files are, not how they came");
      assertReplays(host);
    }
  }

  @Test
  void trapIsUndoneAfterManyCallsAndHostAnswers() throws ScriptException {
    try (Recording host = Recording.commonjs(FILES);
        Recording untrapped = Recording.commonjs(FILES)) {
      for (int i = 0; i < 150; i++) {
        List<Recording> hosts = List.of(host, untrapped);
        for (Recording each : hosts) {
          each.call("put", "\"/f" + i % 7 + "\",\"" + i + "\"");
          if (i % 5 == 0) {
            each.call("random", "");
            each.call("oracle", "");
            each.call("get", "\"/f" + i % 7 + "\"");
          }
        }
        if (i % 37 == 36) {
          Hash heap = host.heapHash();
          Hash root = host.executor.root();
          assertEquals("trap: fuel", host.call("putLoop", "\"/trap\",\"x\""));
          assertEquals("trap: fuel", host.call("loop", ""));
          assertEquals(heap, host.heapHash(), "call " + i);
          assertEquals(root, host.executor.root(), "call " + i);
        }
      }
      assertEquals("150", host.call("n", ""));
      untrapped.call("n", "");
      assertEquals(untrapped.executor.root(), host.executor.root());
      assertEquals(untrapped.heapHash(), host.heapHash());
      assertReplays(host);
    }
  }

  @Test
  void callWithMoreAnswersThanAreKeptIsUndoneToo() throws ScriptException {
    String source =
        "let sum = 0; exports.write = () => System.files.writeFile('/big', new Uint8Array(1 <<"
            + " 20).fill(1));exports.read = async k => { for (let i = 0; i < k; i++) sum += (await"
            + " System.files.readFile('/big', 'binary')).length; return sum };exports.loop = () =>"
            + " { sum = -1; for (;;) {} }";
    try (Recording host = Recording.commonjs(source)) {
      host.call("write", "");
      assertEquals("" + (12L << 20), host.call("read", "12"));
      assertEquals("trap: fuel", host.call("loop", ""));
      assertEquals("" + (13L << 20), host.call("read", "1"));
      assertEquals("trap: fuel", host.call("loop", ""));
      assertEquals("" + (13L << 20), host.call("read", "0"));
      assertReplays(host);
    }
  }

  @Test
  void callerIsAnIdOrNull() throws ScriptException {
    try (Recording host = Recording.commonjs("exports.who = () => [System.caller.id]")) {
      for (String id : new String[] {null, "", "bob", "é\"\\\n😀", "__proto__"}) {
        String shown = host.show(host.request(id, List.of(Recording.methodCall("who", ""))).get(0));
        String expected =
            id == null ? "[null]" : "[\"" + id.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
        assertEquals(expected.replace("\n", "\\n"), shown);
      }
      assertReplays(host);
    }
  }

  @Test
  void resultOverTheLimitIsAnErrorAndUndoesFiles() throws ScriptException {
    Limits small =
        new Limits(200, 64L << 20, 900_000, 4L << 20, 2000, 8L << 20, 64L << 20, 10_000, 10_000);
    String source =
        "exports.f = async (n, c) => { await System.files.writeFile('/n', n); return c.repeat(n) };"
            + "exports.o = n => System.oracle(() => 'x'.repeat(n)).length;"
            + "exports.a = async n => (await System.oracle(async () => 'x'.repeat(n))).length;";
    try (Recording host = Recording.of(new Script("t.js", Script.Kind.COMMONJS, source), small)) {
      Hash before = host.executor.root();
      assertEquals(
          "RangeError: the result is over the limit of 2000 bytes", host.call("f", "1999,\"x\""));
      assertEquals(
          "RangeError: the result is over the limit of 2000 bytes", host.call("f", "1000,\"é\""));
      assertEquals(before, host.executor.root());
      assertEquals(2000, host.call("f", "1998,\"x\"").length());
      assertEquals(1001, host.call("f", "999,\"é\"").length());
      assertNotEquals(before, host.executor.root());
      // With the two characters that say how it came.
      assertEquals("1996", host.call("o", "1996"));
      assertEquals(
          "RangeError: the oracle's answer is over the limit of 2000 bytes",
          host.call("o", "1997"));
      assertEquals(
          "RangeError: the oracle's answer is over the limit of 2000 bytes",
          host.call("a", "9999"));
      assertReplays(host);
    }
  }

  @Test
  void longResultsAndRequestsAreBlobs() throws ScriptException {
    try (Recording host = Recording.commonjs("exports.f = (n, x) => 'y'.repeat(n)")) {
      for (int length : new int[] {1022, 1023, 100_000}) {
        Outcome.Ok ok = assertInstanceOf(Outcome.Ok.class, host.outcome("f", "" + length));
        assertEquals(length > 1022, ok.value() instanceof Text.Blob, "length " + length);
      }
      host.call("f", "1,\"" + "z".repeat(2000) + "\"");
      assertInstanceOf(Text.Blob.class, host.last().request());
      assertReplays(host);
    }
  }

  @Test
  void inputsOfOneEntryAreLimited() throws ScriptException {
    String source =
        "exports.o = n => { let done = 0; try { for (let i = 0; i < n; i++) { System.oracle(() =>"
            + " 1); done++ } } catch (e) { return [done, e.name, e.message] } return done"
            + " };exports.r = () => { try { return typeof Math.random() } catch (e) { return e.name"
            + " } };";
    try (Recording host = Recording.commonjs(source)) {
      assertEquals("1024", host.call("o", "1024"));
      assertEquals(
          "[1024,\"RangeError\",\"more than 1024 oracle answers, random seeds and waits in one"
              + " request\"]",
          host.call("o", "1025"));
      List<Outcome> outcomes =
          host.request(
              "bob",
              List.of(
                  Recording.methodCall("r", ""),
                  Recording.methodCall("o", "2000"),
                  Recording.methodCall("r", "")));
      assertEquals("\"number\"", host.show(outcomes.get(0)));
      assertTrue(host.show(outcomes.get(1)).startsWith("[1023,"), host.show(outcomes.get(1)));
      assertEquals("\"RangeError\"", host.show(outcomes.get(2)));
      assertEquals(Input.MAX_PER_ENTRY, host.last().inputs().size());
      assertEquals("\"number\"", host.call("r", ""));
      assertReplays(host);
    }
  }

  @Test
  void consoleOfALiveExecutionIsTheHosts() throws ScriptException {
    try (Recording host =
        Recording.commonjs("console.warn('loading'); exports.f = () => { console.log('x', 1) }")) {
      host.call("f", "");
      assertEquals(List.of("warn loading", "info x 1"), host.lines);
      host.replay();
      assertEquals(2, host.lines.size());
    }
  }

  @Test
  void scriptMayUseFilesAndRandomNumbersWhileItLoads() throws ScriptException {
    try (Recording host =
        Recording.commonjs(
            "const id = Math.random(); System.files.writeFile('/id', id); const o ="
                + " System.oracle(() => 4);exports.f = async () => [id === await"
                + " System.files.readFile('/id', 'json'), o]")) {
      assertEquals("[true,4]", host.call("f", ""));
      assertEquals(2, host.genesis().inputs().size());
      assertReplays(host);
    }
  }

  @Test
  void fuelIsInTheEntry() throws ScriptException {
    try (Recording host =
        Recording.commonjs(
            "exports.f = n => { for (let i = 0; i < n; i++) ; }; exports.g = () => { for (;;)"
                + " {} }")) {
      assertEquals(0, host.outcome("f", "10").fuel());
      long used = host.outcome("f", "900000").fuel();
      assertTrue(used > 50 && used < 200, "polls " + used);
      assertEquals(Recording.LIMITS.fuel() + 1, host.outcome("g", "").fuel());
      assertFalse(host.entries.isEmpty());
      assertReplays(host);
    }
  }

  static void assertReplays(Recording host) throws ScriptException {
    Recording.Replayed replayed = host.replay();
    for (int i = 0; i < host.entries.size(); i++) {
      assertEquals(
          new String(host.entries.get(i), StandardCharsets.UTF_8),
          new String(replayed.entries().get(i), StandardCharsets.UTF_8),
          "entry " + i);
    }
    assertEquals(host.heapHash(), replayed.heap());
    assertEquals(host.executor.root(), replayed.root());
  }
}
