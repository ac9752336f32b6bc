package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Oracles: run in a copy of the guest that is thrown away, or not run at all. */
@ExtendWith(OnSandboxThread.class)
class SandboxForkTest {
  private static final String SOURCE =
      "let n = 0, kept; const seen = o => { n++; kept = o; globalThis.leaked = o };exports.sync ="
          + " () => System.oracle(() => { seen({}); return [1, 2n, new Uint8Array(3)]"
          + " });exports.async = async () => { const v = await System.oracle(async () => {"
          + " seen({}); await 0; await 0; return 'later' }); return v };exports.kinds = () =>"
          + " [System.oracle(() => 1) === 1, System.oracle(async () => 1) instanceof Promise,"
          + " System.oracle(() => undefined)];exports.throws = async () => { try { System.oracle(()"
          + " => { seen(1); throw new RangeError('in oracle') }) } catch (e) { return [e.name,"
          + " e.message, n] } };exports.rejects = async () => { const p = System.oracle(async () =>"
          + " { await 0; throw 'text' }); try { await p } catch (e) { return [e.name, e.message] }"
          + " };exports.never = () => System.oracle(() => new Promise(() => {}));exports.endless ="
          + " () => System.oracle(() => { for (;;) {} });exports.swallow = () => System.oracle(()"
          + " => { for (;;) new Promise(() => { for (;;) {} }) });exports.memory = () =>"
          + " System.oracle(() => { const a = []; for (;;) a.push(new Array(1e4).fill(0))"
          + " });exports.nested = () => System.oracle(() => System.oracle(() => 1));exports.func ="
          + " () => System.oracle(() => () => 1);exports.random = () => System.oracle(() =>"
          + " Math.random()) !== Math.random();exports.state = () => [n, typeof kept, typeof"
          + " leaked];exports.log = () => System.oracle(() => { console.log('inside') });exports.ok"
          + " = () => 1;";
  private static final List<String> METHODS =
      List.of(
          "sync", "async", "kinds", "throws", "rejects", "never", "endless", "swallow", "memory",
          "nested", "func", "random", "log", "state");

  @Test
  void oraclesAnswer() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      assertEquals("v[1,{\"$bigint\":\"2\"},{\"$bytes\":\"AAAA\"}]", guest.call("sync"));
      assertEquals("v\"later\"", guest.call("async"));
      assertEquals("v[true,true,null]", guest.call("kinds"));
      assertEquals("v[\"RangeError\",\"in oracle\",0]", guest.call("throws"));
      assertEquals("v[\"Error\",\"text\"]", guest.call("rejects"));
      assertTrue(guest.call("never").contains("never settles"));
      assertTrue(guest.call("nested").contains("cannot be used inside System.oracle"));
      assertTrue(guest.call("func").startsWith("e[\"TypeError\",\"a function cannot be sent"));
      assertEquals("vtrue", guest.call("random"));
      guest.call("log");
      assertEquals(List.of("info inside"), guest.lines());
      assertEquals("v[0,\"undefined\",\"undefined\"]", guest.call("state"));
    }
  }

  @Test
  void oracleThatUsesUpALimitIsAnErrorToItsCaller() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      for (String method : new String[] {"endless", "swallow"}) {
        Reply reply = guest.reply(method, "", 30);
        assertEquals("e[\"Error\",\"the oracle ended\"]", reply.text(), method);
        assertEquals(0, reply.fuel(), "the fork's fuel is not the caller's");
      }
      assertEquals("e[\"InternalError\",\"out of memory\"]", guest.call("memory"));
      assertEquals("v[0,\"undefined\",\"undefined\"]", guest.call("state"));
    }
  }

  @Test
  void playedBackAnswersGiveTheSameHeap() {
    try (Guest live = Guest.commonjs(SOURCE);
        Guest replay = Guest.commonjs(SOURCE)) {
      for (String method : METHODS) {
        live.reply(method, "", 30);
      }
      replay.playing(live.answers);
      for (String method : METHODS) {
        replay.reply(method, "", 30);
      }
      assertEquals(live.memoryHash(), replay.memoryHash());
      assertTrue(replay.asked.stream().noneMatch(Guest.Asked::fork));
      assertEquals(live.call("state"), replay.call("state"));
    }
  }

  // The copy has the jobs of its original, which settle what the original waits for.
  @Test
  void answerIsTheOraclesOwnAmongPendingJobs() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { const got = []; const p = (async () => { await 0;"
                + " got.push(System.oracle(() => 'sync')); got.push(await System.oracle(async () =>"
                + " { for (let i = 0; i < 9; i++) await 0; return 'async' })) })(); return (async"
                + " () => { await 0; await 0; await p; return got })() };exports.g = () => { const"
                + " got = {}; Promise.resolve().then(() => { got.a = System.oracle(() => 'own') });"
                + " return Promise.resolve(got) };exports.h = () => { let a;"
                + " Promise.resolve().then(() => { a = System.oracle(() => new Promise(() => {}))"
                + " }); return Promise.resolve('outer') }")) {
      assertEquals("v[\"sync\",\"async\"]", guest.call("f"));
      guest.answers.clear();
      assertEquals("v{\"a\":\"own\"}", guest.call("g"));
      assertEquals(List.of("sv\"own\""), guest.answers);
      guest.answers.clear();
      assertEquals("v\"outer\"", guest.call("h"));
      assertTrue(guest.answers.get(0).contains("never settles"), guest.answers.get(0));
    }
  }

  @Test
  void requestNamesTheSourceOfTheFunction() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => System.oracle(async  () => 'é\\ud800' /* as written */ && 1);"
                + "exports.g = () => System.oracle(new Proxy(() => 2, {}));"
                + "exports.h = () => System.oracle(Date.now) > 0")) {
      guest.call("f");
      assertEquals("async  () => 'é\\ud800' /* as written */ && 1", guest.asked.get(0).text());
      assertEquals("v2", guest.call("g"));
      assertEquals("vtrue", guest.call("h"));
    }
  }

  @Test
  void manyForksOfALargeHeapDoNotAddUp() {
    try (Guest guest =
        Guest.commonjs(
            "const big = new Uint8Array(20 << 20); exports.f = () => { let s = 0; for (let i = 0; i"
                + " < 60; i++) s += System.oracle(() => big.length); return s }")) {
      assertEquals("v" + 60L * (20 << 20), guest.call("f"));
    }
  }
}
