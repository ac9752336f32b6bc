package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A guest that wants too much: it is stopped at the same point each time, and lives on. */
@ExtendWith(OnSandboxThread.class)
class SandboxLimitsTest {
  private static final String OVERFLOW = "RangeError: Maximum call stack size exceeded";

  @Test
  void fuelEndsAtTheSamePollEachTime() {
    String[] endless = {
      "() => { for (;;) {} }",
      "async () => { for (;;) await 0 }",
      "() => { const f = () => Promise.resolve().then(f); return f() }",
      "() => { try { for (;;) {} } catch (e) { return 'caught' } finally { for (;;) {} } }",
      // The interpreter makes a rejection of what is thrown here, whatever it is.
      "() => { for (;;) new Promise(() => { for (;;) {} }) }",
      "() => { const f = async () => { for (;;) {} }; for (;;) f() }",
      "() => { const f = async function * () { for (;;) {} }; for (;;) f().next() }",
      "() => /^(a+)+$/.test('a'.repeat(40) + 'b')",
      "() => { const o = { get x () { for (;;) {} } }; for (;;) { try { o.x } catch (e) {} } }",
      "() => { for (const x of { [Symbol.iterator]: () => ({ next: () => ({}), return () { for (;;)"
          + " {} } }) }) ; }",
      "() => [1, 2].sort(() => { for (;;) {} })",
    };
    StringBuilder source = new StringBuilder("exports.n = () => ++n; let n = 0;\n");
    for (int i = 0; i < endless.length; i++) {
      source.append("exports.m").append(i).append(" = ").append(endless[i]).append(";\n");
    }
    try (Guest guest = Guest.commonjs(source.toString())) {
      guest.sandbox.mark(0);
      for (int i = 0; i < endless.length; i++) {
        for (int repeat = 0; repeat < 2; repeat++) {
          Reply reply = guest.reply("m" + i, "", 20);
          assertEquals(Reply.Trap.FUEL, reply.trap(), endless[i]);
          assertEquals(21, reply.fuel(), endless[i]);
          guest.sandbox.rewind(0);
        }
      }
      assertEquals("v1", guest.call("n"));
    }
  }

  @Test
  void fuelIsCountedAlikeAndSufficesToTheLastPoll() {
    String source = "exports.f = n => { let x = 0; for (let i = 0; i < n; i++) x += i; return x }";
    long used;
    try (Guest guest = Guest.commonjs(source)) {
      Reply reply = guest.reply("f", "123456");
      used = reply.fuel();
      assertTrue(used > 5, "polls " + used);
    }
    try (Guest guest = Guest.commonjs(source)) {
      Reply reply = guest.reply("f", "123456", used);
      assertEquals("v7620630240", reply.text());
      assertEquals(used, reply.fuel());
    }
    try (Guest guest = Guest.commonjs(source)) {
      Reply reply = guest.reply("f", "123456", used - 1);
      assertEquals(Reply.Trap.FUEL, reply.trap());
      assertEquals(used, reply.fuel());
    }
  }

  @Test
  void guestThatWasStoppedMustBeRewound() {
    try (Guest guest = Guest.commonjs("exports.f = () => { for (;;) {} }; exports.g = () => 1")) {
      guest.sandbox.mark(0);
      guest.reply("f", "", 1);
      SandboxFailure e = assertThrows(SandboxFailure.class, () -> guest.call("g"));
      assertTrue(e.getMessage().contains("rewound"), e.getMessage());
      guest.sandbox.rewind(0);
      assertEquals("v1", guest.call("g"));
    }
  }

  @Test
  void loadingRunsOnFuelToo() {
    try (Guest guest = Guest.commonjs("for (;;) {}")) {
      assertEquals(Reply.Trap.FUEL, guest.loaded.trap());
    }
    try (Guest guest = Guest.module("for (;;) await 0")) {
      assertEquals(Reply.Trap.FUEL, guest.loaded.trap());
    }
  }

  @Test
  void memoryEndsInTheGuestsOwnError() {
    String source =
        "exports.array = () => { const a = []; for (;;) a.push(new Array(1000).fill(1))"
            + " };exports.buffers = () => { const a = []; for (;;) a.push(new Uint8Array(1 << 20))"
            + " };exports.string = () => { let s = 'x'; for (;;) s += s };exports.bound = () => {"
            + " let f = () => 1; for (;;) f = f.bind(null, 1) };exports.caught = () => { const a ="
            + " []; try { for (;;) a.push(new Uint8Array(1 << 20)) } catch (e) { return [String(e),"
            + " a.length] } };exports.read = () => System.files.readFile('/big',"
            + " 'binary');exports.result = n => 'x'.repeat(n);exports.ok = () => 1";
    try (Guest guest = Guest.commonjs(source, 8 << 20)) {
      for (String method : new String[] {"array", "buffers", "bound"}) {
        assertEquals("e[\"InternalError\",\"out of memory\"]", guest.call(method), method);
        assertEquals("v1", guest.call("ok"));
      }
      assertTrue(guest.call("string").startsWith("e[\"InternalError\","));
      String caught = guest.call("caught");
      assertTrue(caught.startsWith("v[\"InternalError: out of memory\","), caught);
      assertEquals(caught, guest.call("caught"));
      guest.fileReply = HostReply.bytes(new byte[9 << 20]);
      String read = guest.call("read");
      assertTrue(read.startsWith("e[\""), read);
      assertEquals("v1", guest.call("ok"));
      assertEquals(200_003, guest.call("result", "200000").length());
      assertEquals("e[\"InternalError\",\"out of memory\"]", guest.call("result", "3000000"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void requestThatDoesNotFitIsATrapOrAnError() {
    try (Guest guest = Guest.commonjs("exports.f = x => x.length; exports.ok = () => 1", 4 << 20)) {
      guest.sandbox.mark(0);
      Reply reply = guest.reply("f", "\"" + "x".repeat(6 << 20) + "\"");
      assertTrue(
          reply.trap() == Reply.Trap.MEMORY || reply.text().startsWith("e["), reply.toString());
      guest.sandbox.rewind(0);
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void recursionEndsInTheGuestsOwnError() {
    String chain = "let p = %s; for (let i = 0; i < 2e4; i++) p = new Proxy(p, {}); ";
    String[] recursions = {
      "const f = () => f() + 1; return f()",
      "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))",
      "let a = []; for (let i = 0; i < 2e4; i++) a = [a]; return a.flat(Infinity)",
      "let a = []; for (let i = 0; i < 2e4; i++) a = [a]; return String(a)",
      "const f = () => [3, 2, 1].sort(f); return f()",
      "const f = () => 'a'.replace(/a/, f); return f()",
      "const o = { get x () { return this.x } }; return o.x",
      "const o = { set x (v) { this.x = v } }; o.x = 1",
      "const o = { toString () { return '' + this } }; return '' + o",
      "const o = { toJSON () { return JSON.stringify(o) } }; return JSON.stringify(o)",
      "const q = new Proxy({}, { get (t, k, r) { return r[k] } }); return q.x",
      String.format(chain, "{}") + "return p.x",
      String.format(chain, "{}") + "return 'x' in p",
      String.format(chain, "{}") + "return Object.keys(p)",
      String.format(chain, "() => 1") + "return p()",
      String.format(chain, "function () {}") + "return new p()",
      "class A { constructor () { return new A() } } return new A()",
      "function * g () { yield * g() } return g().next()",
      "globalThis.ev = () => eval('ev()'); return ev()",
      "return eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))",
      "return eval('!'.repeat(1e5) + '1')",
      "return eval('`${'.repeat(1e5) + '1' + '}`'.repeat(1e5))",
    };
    StringBuilder source = new StringBuilder("exports.ok = () => 1;\n");
    for (int i = 0; i < recursions.length; i++) {
      source.append("exports.m").append(i).append(" = () => { try { ");
      source.append(recursions[i]).append(" } catch (e) { return String(e) } };\n");
    }
    try (Guest guest = Guest.commonjs(source.toString())) {
      for (int i = 0; i < recursions.length; i++) {
        String answer = guest.call("m" + i);
        assertEquals("v\"" + OVERFLOW + "\"", answer, recursions[i]);
        assertEquals("v1", guest.call("ok"), recursions[i]);
      }
    }
  }

  @Test
  void regularExpressionsRecurseWithinLimits() {
    try (Guest guest =
        Guest.commonjs(
            "exports.compile = () => { new RegExp('(?:'.repeat(1e5) + 'a' + ')*'.repeat(1e5)) };"
                + "exports.groups = () => { new RegExp('('.repeat(1e5) + 'a' + ')'.repeat(1e5)) };"
                + "exports.match = () => /(?:a|b)*?c/.test('ab'.repeat(50));"
                + "exports.ok = () => 1")) {
      assertEquals("e[\"SyntaxError\",\"stack overflow\"]", guest.call("compile"));
      assertEquals("e[\"SyntaxError\",\"too many captures\"]", guest.call("groups"));
      assertEquals("vfalse", guest.call("match"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void resultMayBeDeep() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { let a = []; for (let i = 0; i < 2e4; i++) a = [a]; return a };"
                + "exports.ok = () => 1")) {
      assertEquals("v" + "[".repeat(20_001) + "]".repeat(20_001), guest.call("f"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  // The interpreter recurses here without a look at its own limit, until it leaves its memory.
  @Test
  void recursionThatTheInterpreterDoesNotWatchIsATrap() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { let a = [1].values();"
                + " for (let i = 0; i < 3e4; i++) a = a.map(x => x); return a.next().value };"
                + "exports.ok = () => 1")) {
      guest.sandbox.mark(0);
      Reply first = guest.reply("f", "");
      assertEquals(Reply.Trap.MEMORY, first.trap());
      guest.sandbox.rewind(0);
      assertEquals(first, guest.reply("f", ""));
      guest.sandbox.rewind(0);
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void hostIsReachedFromTheEndOfTheStackToo() {
    try (Guest guest =
        Guest.commonjs(
            "let deepest = 0, asked = 0;exports.f = () => { const f = n => { deepest = n; f(n + 1);"
                + " }; try { f(0) } catch (e) {} const g = n => { if (n > 0) return g(n - 1);"
                + " console.log('deep'); asked = System.oracle(() => 5) }; for (let n = deepest; n"
                + " > deepest - 400; n--) { try { g(n); break } catch (e) {} } return asked };"
                + " exports.ok = () => 1")) {
      assertEquals("v5", guest.call("f"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void hostCallsAreChargedByTheCallAndByTheByte() {
    try (Guest guest =
        Guest.commonjs(
            "exports.log = n => { for (let i = 0; i < n; i++) console.log('') };exports.read = ()"
                + " => System.files.readFile('/x', 'binary').then(x => x.length)")) {
      long once = guest.reply("log", "1", Guest.FUEL).fuel();
      long often = guest.reply("log", "1000", Guest.FUEL).fuel();
      assertTrue(often - once >= 15 && often - once <= 20, "1,000 calls cost " + (often - once));
      guest.fileReply = HostReply.bytes(new byte[4 << 20]);
      long read = guest.reply("read", "", Guest.FUEL).fuel();
      assertTrue(read >= 64 && read <= 66, "4 MiB cost " + read);
      Reply trapped = guest.reply("read", "", 50);
      assertEquals(Reply.Trap.FUEL, trapped.trap());
      assertEquals(51, trapped.fuel());
    }
  }
}
