package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Promises: a turn runs until nothing is left to do, and its outcome is its own. */
@ExtendWith(OnSandboxThread.class)
class SandboxPromisesTest {
  private static final String NEVER =
      "e[\"Error\",\"the promise never settles: nothing is left that could settle it\"]";

  @Test
  void promisesAreAwaited() {
    try (Guest guest =
        Guest.commonjs(
            "exports.a = async () => { for (let i = 0; i < 100; i++) await i; return 'done' };"
                + "exports.b = () => Promise.resolve(Promise.resolve(2));"
                + "exports.c = () => Promise.reject(new RangeError('no'));"
                + "exports.d = () => ({ then (f) { f({ then (g) { g(4) } }) } });"
                + "exports.e = () => ({ then (f, r) { r(new Error('thenable')) } });"
                + "exports.f = () => ({ then () { throw new Error('in then') } });"
                + "exports.g = () => ({ get then () { throw new Error('get then') } });"
                + "exports.h = () => ({ then: 5 });"
                + "exports.i = () => Promise.all([1, (async () => 2)()]);"
                + "exports.j = async () => { class P extends Promise {} ; return P.resolve(3) };"
                + "exports.k = async function * () { yield 1 };")) {
      assertEquals("v\"done\"", guest.call("a"));
      assertEquals("v2", guest.call("b"));
      assertEquals("e[\"RangeError\",\"no\"]", guest.call("c"));
      assertEquals("v4", guest.call("d"));
      assertEquals("e[\"Error\",\"thenable\"]", guest.call("e"));
      assertEquals("e[\"Error\",\"in then\"]", guest.call("f"));
      assertEquals("e[\"Error\",\"get then\"]", guest.call("g"));
      assertEquals("v{\"then\":5}", guest.call("h"));
      assertEquals("v[1,2]", guest.call("i"));
      assertEquals("v3", guest.call("j"));
      assertEquals("v{}", guest.call("k"));
    }
  }

  @Test
  void promiseThatNeverSettlesIsAnError() {
    try (Guest guest =
        Guest.commonjs(
            "exports.p = () => new Promise(() => {}); exports.t = () => ({ then () {} });exports.a"
                + " = async () => { await new Promise(() => {}) }; exports.ok = () => 1")) {
      assertEquals(NEVER, guest.call("p"));
      assertEquals(NEVER, guest.call("t"));
      assertEquals(NEVER, guest.call("a"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void promiseOfAnEarlierCallIsNobodysOutcome() {
    try (Guest guest =
        Guest.commonjs(
            "let settle, fail, seen = [];exports.wait = () => new Promise((f, r) => { settle = f;"
                + " fail = r });exports.late = async () => { seen.push(await new Promise(f => {"
                + " settle = f })); return 'late' };exports.wake = x => { settle(x)"
                + " };exports.wakeAsync = async x => { settle(x); await 0; await 0; await 0; return"
                + " 'own' };exports.wakeNever = x => { settle(x); return new Promise(() => {})"
                + " };exports.fail = () => { fail(new Error('old')); return 'new' };exports.seen ="
                + " () => seen")) {
      assertEquals(NEVER, guest.call("wait"));
      assertEquals("vnull", guest.call("wake", "\"stolen\""));
      assertEquals(NEVER, guest.call("wait"));
      assertEquals("v\"new\"", guest.call("fail"));
      assertEquals(NEVER, guest.call("wait"));
      assertEquals(NEVER, guest.call("wakeNever", "\"stolen\""));
      assertEquals(NEVER, guest.call("late"));
      assertEquals("v\"own\"", guest.call("wakeAsync", "5"));
      assertEquals("v[5]", guest.call("seen"));
    }
  }

  @Test
  void unawaitedWorkIsDoneBeforeTheTurnEnds() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; exports.start = () => { (async () => { for (let i = 0; i < 50; i++) { await"
                + " 0; n++ } System.files.writeFile('/n', n) })(); queueMicrotask(() => n++);"
                + " return n }; exports.n = () => n")) {
      assertEquals("v0", guest.call("start"));
      assertEquals(1, guest.asked.size());
      assertEquals("51", guest.asked.get(0).bodyText());
      assertEquals("v51", guest.call("n"));
    }
  }

  // A short outcome is known when the method returns, a long one is asked for; what is left to do
  // comes
  // before either.
  @Test
  void outcomesOfAnyLengthWaitForWhatIsLeftToDo() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; exports.n = () => n;exports.now = k => 'x'.repeat(k);exports.later = k => {"
                + " Promise.resolve().then(() => n++); return 'x'.repeat(k) };exports.timed = k =>"
                + " { Promise.resolve().then(() => setTimeout(() => n++, 5)); return 'x'.repeat(k)"
                + " }")) {
      for (int length : new int[] {0, 1021, 1022, 5000}) {
        String text = "v\"" + "x".repeat(length) + "\"";
        String before = guest.call("n");
        assertEquals(text, guest.call("now", "" + length));
        assertEquals(text, guest.call("later", "" + length));
        assertEquals("v" + (Integer.parseInt(before.substring(1)) + 1), guest.call("n"));
        assertEquals("t" + (Guest.TIME + 5) + ";" + text, guest.call("timed", "" + length));
        assertEquals("vnull", guest.turn(Turn.DROP));
      }
    }
  }

  @Test
  void unhandledRejectionChangesNothing() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { Promise.reject(new Error('x')); (async () => { throw 1 })();"
                + " return 2 }")) {
      assertEquals("v2", guest.call("f"));
      assertEquals("v2", guest.call("f"));
    }
  }

  @Test
  void outcomeCannotBeChangedOnceReturned() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { let r; const p = new Promise(f => { r = f }); r(1); r(2); return p"
                + " };exports.g = async () => { try { return 1 } finally { await 0 } };exports.h ="
                + " () => ({ then (f, r) { f(1); f(2); r(new Error('late')) } })")) {
      assertEquals("v1", guest.call("f"));
      assertEquals("v1", guest.call("g"));
      assertEquals("v1", guest.call("h"));
    }
  }

  @Test
  void callerIsTheOneOfTheRunningTurn() {
    try (Guest guest =
        Guest.commonjs(
            "exports.id = async () => { await 0; return System.caller.id };exports.forge = () => {"
                + " 'use strict'; System.caller.id = 'root' };exports.forge2 = () => { 'use"
                + " strict'; System.caller = { id: 'root' } };exports.forge3 = () =>"
                + " Object.defineProperty(System.caller, 'id', { value: 'root' }) && 1")) {
      assertEquals("v\"ann\"", guest.call("id"));
      for (String forge : new String[] {"forge", "forge2", "forge3"}) {
        assertTrue(guest.call(forge).startsWith("e[\"TypeError\","), forge);
      }
      assertEquals("v\"ann\"", guest.call("id"));
    }
  }
}
