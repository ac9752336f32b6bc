package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host relies on holds whatever a module does to the language around it. */
@ExtendWith(OnSandboxThread.class)
class GuestTamperingTest {
  private static final String METHODS =
      "const P = Promise; exports.wait = ms => new P(r => { setTimeout(r, 1e6);"
          + " setTimeout(r, ms, 'waited') }); exports.repeat = () => { setInterval(() => {"
          + " throw own }, 50) }; const own = new RangeError('own');"
          + "const nested = { b: [1, 'c'] }; const error = new TypeError('shown');"
          + "exports.log = () => { console.log('a %d', 1, nested); console.group('g');"
          + " console.error(error); console.count(); console.time(); console.timeEnd() };"
          + "exports.id = () => crypto.randomUUID(); exports.echo = x => x;\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Object.freeze(globalThis); Object.freeze(Object.prototype);"
            + " Object.freeze(Array.prototype)",
        "for (let i = 0; i < 9; i++) for (const o of [Object.prototype, Array.prototype])"
            + " Object.defineProperty(o, i, { get: () => 'forged', set () { throw 1 } })",
        "for (const k of ['due', 'id', 'run', 'rest', 'wait', 'repeat', 'at', 'value', 'done',"
            + " 'depth', 'around', 'circular', 'written', 'text', 'next', 'length', 'loaded',"
            + " 'url', 'stack', 'name', 'message', 'get', 'set'])"
            + " Object.defineProperty(Object.prototype, k, { __proto__: null, get: () => 'forged',"
            + " set () {} })",
        "const all = [Map, Set, Date, RegExp, Number, Boolean, DataView, ArrayBuffer, WeakMap,"
            + " Error, Symbol, BigInt, DOMException, Uint8Array, String, Array, Function];"
            + " const { ownKeys } = Reflect; const define = Object.defineProperty;"
            + " for (let i = 0; i < all.length; i++) { const names = ownKeys(all[i].prototype);"
            + " for (let n = 0; n < names.length; n++) if (names[n] !== 'constructor') try {"
            + " define(all[i].prototype, names[n], { value: () => { throw 'forged' } }) }"
            + " catch (e) {} }",
        "for (const P of [new Map().entries(), [].values(), new"
            + " Uint8Array()].map(Object.getPrototypeOf)) P.next = P.length = () => { throw new"
            + " Error('forged') }; delete Array.prototype[Symbol.iterator]; delete"
            + " Map.prototype[Symbol.iterator]",
        "for (const k of Object.getOwnPropertyNames(Math)) try { Math[k] = () => 'forged' }"
            + " catch (e) {} Date.now = () => 5; globalThis.Date = globalThis.Math = null",
        "for (const k of Object.getOwnPropertyNames(globalThis)) if (!['console', 'crypto',"
            + " 'setTimeout', 'setInterval', 'globalThis'].includes(k)) try { globalThis[k] = () =>"
            + " { throw new Error('forged') } } catch (e) {}",
        "Object.setPrototypeOf(Array.prototype, new Proxy({}, { get () { throw new Error('forged')"
            + " }, set () { throw new Error('forged') }, has () { throw new Error('forged') } }))",
        "Object.defineProperty(Object.prototype, '__proto__', { get () { throw 1 }, set () {"
            + " throw 1 } }); Object.defineProperty(Promise, Symbol.hasInstance, { value: () =>"
            + " false })",
        "Promise.prototype.then = () => { throw new Error('forged') };"
            + " Object.defineProperty(Promise, Symbol.species, { value: null })",
      })
  void timersAndConsoleStillWork(String tampering) {
    try (Guest guest = Guest.commonjs(METHODS + tampering)) {
      assertTrue(guest.loaded.text().startsWith("v[[\"wait\",1],"), guest.loaded.text());
      assertEquals("v\"waited\"", Guest.outcome(guest.wait("wait", "30")));
      assertEquals("v8", Guest.outcome(guest.call("echo", "8")));
      String repeating = guest.call("repeat");
      assertEquals(
          "t" + (Guest.TIME + 80) + ";v", repeating.substring(0, repeating.indexOf('v') + 1));
      guest.time = Guest.TIME + 90;
      assertEquals("t" + (Guest.TIME + 140) + ";e[\"RangeError\",\"own\"]", guest.turn(Turn.TIMER));
      assertEquals("t" + (Guest.TIME + 1_000_000) + ";vnull", guest.turn(Turn.DROP));
      assertEquals("vnull", Guest.outcome(guest.call("log")));
      List<String> lines = guest.lines();
      assertTrue(lines.get(0).matches("info a 1 .*b: \\[.*|info a 1 \\[object.*"), lines.get(0));
      assertEquals("info g", lines.get(1));
      assertTrue(lines.get(2).startsWith("error   TypeError: shown"), lines.get(2));
      assertEquals("info   default: 0ms", lines.get(4));
      assertEquals("v\"01010101-0101-4101-8101-010101010101\"", Guest.outcome(guest.call("id")));
    }
  }

  @Test
  void timersCannotReachTheHost() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { const seen = []; Object.defineProperty(Object.prototype, 'run',"
                + " { set (v) { seen.push(v) } }); Object.defineProperty(Object.prototype, 0,"
                + " { set (v) { seen.push(v) } }); setTimeout(() => {}, 1);"
                + " return seen.length }; exports.that = () => new Promise(r => setTimeout(function"
                + " () { 'use strict'; r([this === undefined, arguments.length]) }, 1, 2, 3))")) {
      assertEquals("v0", Guest.outcome(guest.call("f")));
      assertEquals("v[true,2]", guest.wait("that", ""));
    }
  }
}
