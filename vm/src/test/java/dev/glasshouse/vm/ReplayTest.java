package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replaying a log: the same bytes, from exactly the recorded inputs. */
@ExtendWith(OnSandboxThread.class)
class ReplayTest {
  private static final String SOURCE =
      "const fs = System.files; let n = 0, kept = []; const wait = [];exports.add = async by => { n"
          + " += by; await fs.writeFile('/n', n); return n };exports.random = () => {"
          + " kept.push(Math.random()); return kept.length };exports.oracle = async () => { const v"
          + " = await System.oracle(async () => { await 0; return { r: Math.random(), t: Date.now()"
          + " } }); kept.push(v.r); return v };exports.two = () => [System.oracle(() =>"
          + " Math.random()), Math.random(), System.oracle(() => 2)];exports.fail = async by => { n"
          + " += by; await fs.writeFile('/fail', n); throw new Error('' + n) };exports.trap = async"
          + " by => { n += by; await fs.writeFile('/trap', n); for (;;) {} };exports.wait = () =>"
          + " new Promise(f => wait.push(f));exports.wake = () => { for (const f of wait) f();"
          + " wait.length = 0; return wait.length };exports.files = async by => { await"
          + " fs.mkdir('/d' + by); await fs.writeFile(`/d${by}/x`, 'y'.repeat(by)); await"
          + " fs.copy('/d' + by, '/e' + by); return fs.readdir('/', { recursive: true })"
          + " };exports.remove = async by => { await fs.rmdir('/d' + by, { recursive: true })"
          + " };exports.big = by => 'z'.repeat(by * 100); exports.bytes = by => new"
          + " Uint8Array(by);exports.now = () => [Date.now(), new Date().getHours(),"
          + " System.caller.id];exports.deep = () => { const f = () => f(); try { f() } catch (e) {"
          + " return e.message } };";
  private static final String[] METHODS = {
    "add", "random", "oracle", "two", "fail", "trap", "wait", "wake", "files", "remove", "big",
    "bytes", "now", "deep", "unknown",
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyCallsReplayToTheSameBytesAndHeap(long seed) throws ScriptException {
    Random random = new Random(seed);
    try (Recording host = Recording.commonjs(SOURCE)) {
      for (int i = 0; i < 60; i++) {
        List<MethodCall> calls = new ArrayList<>();
        for (int k = 1 + random.nextInt(4); k > 0; k--) {
          String method = METHODS[random.nextInt(METHODS.length)];
          calls.add(Recording.methodCall(method, "" + random.nextInt(30)));
        }
        host.request(random.nextBoolean() ? "ann" : null, calls);
      }
      Recording.Replayed replayed = host.replay();
      for (int i = 0; i < host.entries.size(); i++) {
        assertArrayEquals(
            host.entries.get(i), replayed.entries().get(i), "seed " + seed + ", entry " + i);
      }
      assertEquals(host.heapHash(), replayed.heap(), "seed " + seed);
      assertEquals(host.executor.root(), replayed.root(), "seed " + seed);
    }
  }

  @Test
  void inputsAreRecordedInOrder() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      host.call("add", "1");
      assertEquals(List.of(), host.last().inputs());
      String result = host.call("two", "");
      List<Input> inputs = host.last().inputs();
      assertEquals(
          List.of("oracle", "entropy", "oracle"), inputs.stream().map(Input::kind).toList());
      assertEquals(Hash.of("() => Math.random()"), inputs.get(0).request());
      assertEquals(Hash.of("() => 2"), inputs.get(2).request());
      assertEquals(32, inputs.get(1).answer().read(host.reader()).length());
      String first = inputs.get(0).answer().read(host.reader());
      assertTrue(first.startsWith("sv0."), first);
      assertEquals(result.substring(1, result.indexOf(',')), first.substring(2));
    }
  }

  @Test
  void otherInputsAreAMismatch() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      host.call("two", "");
      List<Input> inputs = host.last().inputs();
      Input extra = inputs.get(1);
      assertTrue(mismatch(host, inputs.subList(0, 2)).contains("records only 2"));
      assertTrue(mismatch(host, List.of()).contains("records only 0"));
      List<Input> more = new ArrayList<>(inputs);
      more.add(extra);
      assertTrue(mismatch(host, more).contains("records 4 inputs, the replay used 3"));
      assertTrue(
          mismatch(host, List.of(inputs.get(2), inputs.get(1), inputs.get(0)))
              .contains("as input 0"));
      assertTrue(
          mismatch(host, List.of(inputs.get(0), inputs.get(0), inputs.get(2)))
              .contains("asks for entropy"));
      Input otherRequest = new Input(Input.ENTROPY, Hash.of("entropy 17"), inputs.get(1).answer());
      mismatch(host, List.of(inputs.get(0), otherRequest, inputs.get(2)));
      for (String text : new String[] {"", "00", "zz".repeat(16), "0".repeat(33)}) {
        Input notHex = new Input(Input.ENTROPY, extra.request(), Text.of(text, new HashMap<>()));
        mismatch(host, List.of(inputs.get(0), notHex, inputs.get(2)));
      }
    }
  }

  private static String mismatch(Recording host, List<Input> inputs) throws ScriptException {
    try (Executor executor = replayer(host)) {
      Replay.genesis(executor, host.genesis(), host.reader());
      CallEntry changed = with(host.last(), inputs);
      return assertThrows(
              InputMismatchException.class, () -> Replay.entry(executor, changed, host.reader()))
          .getMessage();
    }
  }

  private static CallEntry with(CallEntry entry, List<Input> inputs) {
    return new CallEntry(
        entry.seq(),
        entry.prev(),
        entry.time(),
        entry.caller(),
        entry.request(),
        inputs,
        entry.outcomes(),
        entry.writes(),
        entry.root());
  }

  private static Executor replayer(Recording host) {
    return Replay.executor(V8Engine.instance(), host.genesis(), host.reader());
  }

  // What the host says an oracle answered can be anything; the guest must come to some outcome.
  @Test
  void forgedAnswersGiveOtherEntriesAndNeverAFailure() throws ScriptException {
    try (Recording host =
        Recording.commonjs(
            "exports.f = async () => { try { return await System.oracle(() => 1) }"
                + " catch (e) { return [e.name, e.message] } }")) {
      host.call("f", "");
      Input input = host.last().inputs().get(0);
      for (String answer :
          new String[] {
            "sv2",
            "av1",
            "",
            "s",
            "a",
            "x",
            "sv",
            "sv{",
            "se",
            "se[]",
            "se[1,2]",
            "aenull",
            "sq1",
            "sv{\"__proto__\":{\"then\":1}}",
            "sv{\"$bytes\":\"*\"}",
            "sv" + "[".repeat(500_000),
            "sv\"" + "x".repeat(100_000) + "\"",
          }) {
        HashMap<Hash, byte[]> more = new HashMap<>(host.blobs);
        Input forged = new Input(input.kind(), input.request(), Text.of(answer, more));
        try (Executor executor = replayer(host)) {
          Replay.genesis(executor, host.genesis(), host.reader());
          byte[] derived =
              Replay.entry(executor, with(host.last(), List.of(forged)), more::get).bytes();
          assertFalse(Arrays.equals(host.entries.get(1), derived), answer);
        }
      }
    }
  }

  @Test
  void otherTimeOrCallerGivesOtherBytes() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE);
        Executor executor = replayer(host)) {
      host.call("now", "");
      Replay.genesis(executor, host.genesis(), host.reader());
      CallEntry entry = host.last();
      Execution live =
          executor.execute(
              "eve",
              Replay.calls(entry.caller(), entry.request().read(host.reader())),
              entry.time() + 1,
              InputTape.playing(List.of(), host.reader()));
      assertNotEquals(entry.outcomes(), live.outcomes());
    }
  }

  @Test
  void missingBlobsAreNamed() throws ScriptException {
    try (Recording host =
        Recording.commonjs("exports.f = () => System.oracle(() => 'x'.repeat(2000)).length")) {
      host.call("f", "");
      CallEntry entry = host.last();
      Hash answer = ((Text.Blob) entry.inputs().get(0).answer()).sha256();
      try (Executor executor = replayer(host)) {
        Replay.genesis(executor, host.genesis(), host.reader());
        byte[] kept = host.blobs.remove(answer);
        MissingBlobException e =
            assertThrows(
                MissingBlobException.class, () -> Replay.entry(executor, entry, host.reader()));
        assertEquals(answer, e.hash());
        host.blobs.put(answer, kept);
      }
      Hash source = host.genesis().script().files().get(0).source().sha256();
      host.blobs.remove(source);
      assertThrows(MissingBlobException.class, () -> Replay.script(host.genesis(), host.reader()));
    }
  }

  @Test
  void logOfAnotherInterpreterIsRefused() throws ScriptException {
    try (Recording host = Recording.commonjs("exports.f = () => 1")) {
      GenesisEntry genesis = host.genesis();
      for (boolean interpreter : new boolean[] {true, false}) {
        BlobReference other = new BlobReference(Hash.of("other"), 5);
        GenesisEntry changed =
            new GenesisEntry(
                genesis.time(),
                genesis.origin(),
                genesis.host(),
                genesis.debug(),
                genesis.title(),
                genesis.nonce(),
                genesis.script(),
                interpreter ? other : genesis.interpreter(),
                interpreter ? genesis.bootstrap() : other,
                genesis.limits(),
                genesis.inputs(),
                genesis.outcome(),
                genesis.writes(),
                genesis.root());
        UnknownInterpreterException e =
            assertThrows(
                UnknownInterpreterException.class,
                () -> Replay.executor(V8Engine.instance(), changed, host.reader()));
        assertTrue(e.getMessage().contains(other.sha256().hex()), e.getMessage());
      }
    }
  }
}
