package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module that changes what the language gives it hurts at most itself. */
@ExtendWith(OnSandboxThread.class)
class SandboxTamperingTest {
  private static final String METHODS =
      "const own = new RangeError('own'); exports.echo = x => x; exports.sum = async (a, b) => {"
          + " await 0; return a + b };exports.fail = () => { throw own };exports.log = () => {"
          + " console.log('a', 1) };exports.write = () => { System.files.writeFile('/p', 'text')"
          + " };exports.dir = () => { System.files.rename('/a', '/b') };exports.oracle = () =>"
          + " System.oracle(() => 3);\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Object.prototype.toJSON = () => 'forged'",
        "Array.prototype.toJSON = () => ['write', '/forged']",
        "String.prototype.toJSON = Number.prototype.toJSON = () => 'forged'",
        "Object.prototype.get = Object.prototype.set = () => 1",
        "Object.prototype.value = 'forged'; Object.prototype.enumerable = true",
        "Object.prototype.then = f => f('forged')",
        "Object.prototype.exports = Object.prototype.default = () => 'forged'",
        "Object.prototype.recursive = Object.prototype.encoding = 'json'",
        "for (let i = 0; i < 9; i++) Object.defineProperty(Array.prototype, i,"
            + " { get: () => 'forged', set () {}, configurable: true })",
        "for (const k of ['name', 'message', 'method', 'params', 'caller', 'id'])"
            + " Object.defineProperty(Object.prototype, k, { get: () => 'forged', set () {} })",
        "Array.prototype[Symbol.iterator] = function * () { yield 'forged' }",
        "for (const k of ['push', 'join', 'map', 'slice', 'concat']) Array.prototype[k] = () =>"
            + " 'forged'",
        "JSON.parse = JSON.stringify = () => 'forged'",
        "globalThis.JSON = { parse: () => 'forged', stringify: () => 'forged' }",
        "Promise.prototype.then = function (f) { f('forged'); return this }",
        "Promise.resolve = () => 'forged'; globalThis.Promise = function () {}",
        "Promise.prototype.constructor = class { constructor () { throw new Error('forged') } }",
        "Object.defineProperty(Promise, Symbol.species, { get () { throw new Error('forged') } })",
        "for (const k of ['slice', 'indexOf', 'startsWith', 'toWellFormed', 'charCodeAt',"
            + " 'toString']) String.prototype[k] = () => 'forged'",
        "for (const k of ['call', 'apply', 'bind', 'toString']) Function.prototype[k] = () =>"
            + " 'forged'",
        "Object.keys = Object.defineProperty = Object.freeze = Object.create = () => 'forged'",
        "Reflect.apply = () => 'forged'; Object.hasOwn = () => true; Array.isArray = () => true",
        "Error.prepareStackTrace = () => { throw new Error('forged') }",
        "Error.captureStackTrace = () => 'forged'; Error.stackTraceLimit = -5",
        "for (const k of ['Object', 'Array', 'String', 'Error', 'TypeError', 'RangeError',"
            + " 'Uint8Array', 'ArrayBuffer', 'Function', 'Symbol', 'Reflect', 'BigInt', 'Math'])"
            + " globalThis[k] = 'forged'",
        "Uint8Array.prototype.toBase64 = () => 'forged'; Uint8Array.fromBase64 = () => 'forged'",
        "Object.defineProperty(Uint8Array, Symbol.hasInstance, { value: () => true })",
        "Object.freeze(Object.prototype); Object.freeze(Array.prototype);"
            + " Object.freeze(globalThis)",
      })
  void callsStillWork(String tampering) {
    try (Guest guest = Guest.commonjs(METHODS + tampering)) {
      String listed =
          "[[\"echo\",1],[\"sum\",2],[\"fail\",0],[\"log\",0],[\"write\",0],[\"dir\",0],[\"oracle\",0]";
      assertTrue(guest.loaded.text().startsWith("v" + listed), guest.loaded.text());
      assertEquals("v5", guest.call("echo", "5"));
      assertEquals("v\"five\"", guest.call("echo", "\"five\""));
      assertEquals("v3", guest.call("sum", "1,2"));
      assertEquals("e[\"RangeError\",\"own\"]", guest.call("fail"));
      assertEquals("vnull", guest.call("log"));
      assertEquals("vnull", guest.call("write"));
      assertEquals("vnull", guest.call("dir"));
      assertEquals("v3", guest.call("oracle"));
      assertEquals("v4", guest.call("echo", "4"));
      assertEquals(List.of("info a 1"), guest.lines());
      assertEquals(List.of("sv3"), guest.answers);
      List<Guest.Asked> files = guest.asked.stream().filter(a -> a.op() == HostOp.FILE).toList();
      assertEquals(
          List.of("[\"write\",\"/p\"]", "[\"rename\",\"/a\",\"/b\"]"),
          files.stream().map(Guest.Asked::text).toList());
      assertEquals("text", files.get(0).bodyText());
    }
  }

  @Test
  void toJsonOfAPrototypeIsTheModulesOwnBusiness() {
    try (Guest guest =
        Guest.commonjs("Object.prototype.toJSON = () => 'mine'; exports.f = () => ({ a: 1 })")) {
      assertEquals("v\"mine\"", guest.call("f"));
    }
  }

  // The interpreter can show the functions on the stack; with this script's, the host would be in
  // reach.
  @Test
  void functionsOfTheBootstrapAreOutOfReach() {
    try (Guest guest =
        Guest.commonjs(
            "const seen = []; Error.prepareStackTrace = (e, sites) => { if (Array.isArray(sites))"
                + " for (const s of sites) seen.push(s.getFunction()); return '' };exports.f ="
                + " function () { new Error('x').stack; const o = {}; Error.captureStackTrace(o);"
                + " o.stack; try { null.x } catch (e) { e.stack } return seen.length"
                + " };exports.callers = function f () { const found = []; for (const k of"
                + " ['caller', 'arguments']) { try { found.push(f[k] == null) } catch (e) {"
                + " found.push(true) } } return found };exports.callee = function () { try { return"
                + " typeof arguments.callee.caller } catch (e) { return 'undefined' } };")) {
      assertEquals("v0", guest.call("f"));
      assertEquals("v[true,true]", guest.call("callers"));
      assertEquals("v\"undefined\"", guest.call("callee"));
    }
  }

  @Test
  void systemCannotBeChangedInside() {
    try (Guest guest =
        Guest.commonjs(
            "'use strict'; const before = System.files.readFile;"
                + "exports.f = () => { System.files.readFile = () => 1 };"
                + "exports.g = () => { delete System.oracle };"
                + "exports.h = () => { globalThis.System = { caller: { id: 'root' } };"
                + " return System.caller.id }; exports.ok = () => System.caller.id")) {
      assertTrue(guest.call("f").startsWith("e[\"TypeError\","));
      assertTrue(guest.call("g").startsWith("e[\"TypeError\","));
      assertEquals("v\"root\"", guest.call("h"), "the module's own global is its own");
    }
  }

  @Test
  void onlyBytesGoAsBytes() {
    try (Guest guest =
        Guest.commonjs(
            "const w = async x => { await System.files.writeFile('/x', x) };exports.fake = () =>"
                + " w(Object.create(Uint8Array.prototype));exports.proxy = () => w(new Proxy(new"
                + " Uint8Array(2), {}));exports.detached = () => { const u = new Uint8Array(8);"
                + " u.buffer.transfer(); return w(u) };exports.shrunk = () => { const b = new"
                + " ArrayBuffer(64, { maxByteLength: 128 }); const u = new Uint8Array(b, 32, 16);"
                + " b.resize(8); return w(u) };exports.tracking = () => { const b = new"
                + " ArrayBuffer(8, { maxByteLength: 128 }); const u = new Uint8Array(b, 2);"
                + " b.resize(12); return w(u) };exports.trackingLess = () => { const b = new"
                + " ArrayBuffer(64, { maxByteLength: 128 }); const u = new Uint8Array(b, 2);"
                + " b.resize(4); return w(u) };exports.view = () => w(new DataView(new"
                + " Uint8Array([1, 2, 3, 4]).buffer, 1, 2));exports.sub = () => { class B extends"
                + " Uint8Array { get length () { return 1e9 } } return w(new B([7, 8]))"
                + " };exports.ok = () => 1")) {
      assertEquals(2, written(guest, "fake").length, "as any object: {}");
      assertEquals("{", new String(written(guest, "proxy"), 0, 1, StandardCharsets.UTF_8));
      assertTrue(guest.call("detached").startsWith("e[\"TypeError\","));
      assertEquals(0, written(guest, "shrunk").length);
      assertEquals(10, written(guest, "tracking").length);
      assertEquals(2, written(guest, "trackingLess").length);
      assertEquals(List.of((byte) 2, (byte) 3), bytes(written(guest, "view")));
      assertEquals(List.of((byte) 7, (byte) 8), bytes(written(guest, "sub")));
      assertEquals("v1", guest.call("ok"));
    }
  }

  private static byte[] written(Guest guest, String method) {
    assertEquals("vnull", guest.call(method), method);
    return guest.asked.get(guest.asked.size() - 1).body();
  }

  private static List<Byte> bytes(byte[] array) {
    return List.of(array[0], array[1]);
  }
}
