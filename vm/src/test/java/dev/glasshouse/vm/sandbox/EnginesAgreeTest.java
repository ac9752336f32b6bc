package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** V8 and Endive: after every call the same reply, fuel, memory and pointers. */
@ExtendWith(OnSandboxThread.class)
class EnginesAgreeTest {
  private static final long FUEL = 40;

  /** The same guest on both engines. */
  private static final class Pair implements AutoCloseable {
    final Guest v8;
    final Guest endive;

    Pair(Supplier<Guest> open) {
      OnSandboxThread.use(Engines.named("v8"));
      v8 = open.get();
      OnSandboxThread.use(Engines.named("endive"));
      endive = open.get();
      assertEquals(v8.loaded, endive.loaded);
      assertTrue(v8.loaded.text().startsWith("v"), v8.loaded.text());
      assertSameHeap("load");
    }

    /** Calls a method on both; a guest that was stopped is put back. */
    Reply call(String method, String params) {
      v8.sandbox.mark(0);
      endive.sandbox.mark(0);
      Reply expected = v8.reply(method, params, FUEL);
      assertEquals(expected, endive.reply(method, params, FUEL), method);
      if (expected.trap() != null) {
        v8.sandbox.rewind(0);
        endive.sandbox.rewind(0);
      }
      assertSameHeap(method);
      return expected;
    }

    void assertSameHeap(String after) {
      HeapImage expected = v8.sandbox.image();
      HeapImage found = endive.sandbox.image();
      assertEquals(expected.pointers(), found.pointers(), after);
      assertEquals(-1, Arrays.mismatch(expected.memory(), found.memory()), after);
    }

    @Override
    public void close() {
      v8.close();
      endive.close();
    }
  }

  // Each method on a guest that has run the ones before it.
  private static void agree(String... bodies) {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < bodies.length; i++) {
      source.append("exports.m").append(i).append(" = ").append(bodies[i]).append(";\n");
    }
    try (Pair pair = new Pair(() -> Guest.commonjs(source.toString()))) {
      for (int i = 0; i < bodies.length; i++) {
        pair.call("m" + i, "7");
      }
    }
  }

  @Test
  void numbers() {
    agree(
        "() => [0 / 0, -0, 1 / -0, 5e-324, 2 ** 53 + 1, 0.1 + 0.2, 1e308 * 10]",
        "() => Array.from({ length: 200 }, (_, i) => Math.sin(i) * Math.pow(i, 1.7) % 1e3)",
        "() => ['sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'tan', 'atan',"
            + " 'asinh', 'acosh', 'atanh', 'sinh', 'cosh', 'tanh', 'fround', 'f16round', 'clz32',"
            + " 'sign', 'trunc', 'round', 'floor', 'ceil'].map(f => [-1e300, -2.5, -0.5, -0, 0.5,"
            + " 1, 1.5, 2.5, 4294967296.5, 1e22, NaN, Infinity].map(x => String(Math[f]?.(x))))",
        "() => [[NaN, 1], [-0, 0], [0, -0], [1, NaN], []].map(a => [Math.min(...a), Math.max(...a),"
            + " Math.hypot(...a), Math.atan2(...a), Object.is(Math.min(...a), -0)].map(String))",
        "() => [1e10, -1.9, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, NaN, -Infinity, 1e19, 2 ** 63]"
            + ".map(x => [x | 0, x >>> 0, x << 1, Math.imul(x, x), new Int8Array([x])[0],"
            + " new Uint8ClampedArray([x + 0.5])[0], new Uint32Array([x])[0]])",
        "() => [1e21, 123456789.123, 1e-7, 0.000001234, 255].map(x => [x.toString(2),"
            + " x.toString(36), x.toFixed(5), x.toPrecision(4), x.toExponential(6)])",
        "() => ['0x1F', ' 12 ', '1e400', '-.5', '1_0', '0b101', '٣', '9'.repeat(400)].map(s =>"
            + " [String(Number(s)), String(parseInt(s)), String(parseFloat(s))])",
        "() => [2n ** 200n, (-7n) / 2n, (-7n) % 3n, BigInt.asIntN(64, 2n ** 63n), -(2n ** 64n) >>"
            + " 3n, BigInt('0x' + 'f'.repeat(50)) ** 3n].map(String)");
  }

  // What a NaN looks like inside shows in the bytes of memory alone.
  @Test
  void bitsOfNaNs() {
    agree(
        "() => { const b = new BigUint64Array([0x7ff8000000000001n, 0xfff8000000000000n,"
            + " 0x7ff0000000000001n, 0xffffffffffffffffn]); const f = new Float64Array(b.buffer);"
            + " globalThis.kept = [...f, f[0] + 1, f[1] * f[2], -f[3], Math.min(f[0], f[1])];"
            + " const out = new Float64Array(kept.length * 2); out.set(kept); out.set(f, 8);"
            + " globalThis.out = out; return [...new BigUint64Array(out.buffer)].map(String) }",
        "() => { const u = new Uint32Array([0x7fc00001, 0xffc00000, 0x7f800001, 0xff812345]);"
            + " const f = new Float32Array(u.buffer); const g = new Float32Array(8); g.set(f);"
            + " f.forEach((x, i) => { g[4 + i] = x * 2 }); globalThis.g = g;"
            + " return [...new Uint32Array(g.buffer)] }",
        "() => { const v = new DataView(new ArrayBuffer(64)); [NaN, 0 / 0, Infinity - Infinity,"
            + " Math.sqrt(-1), Math.acos(2), -NaN].forEach((x, i) => v.setFloat64(i * 8, x));"
            + " globalThis.view = v; return v.getBigUint64(24).toString() }",
        "() => { const d = [NaN, Infinity, 8.64e15 + 1, -1e20].map(x => new Date(x));"
            + " return d.map(x => [String(x), x.getTime(), Date.UTC(x, 1), x.setHours(NaN)]) }");
  }

  @Test
  void stringsAndExpressions() {
    agree(
        "() => 'x€😀\\ud800'.repeat(50).split('').reverse().join('').normalize('NFD').length",
        "() => 'The Quick ſ İ ß'.toLowerCase() + 'straße ŉ'.toUpperCase() +"
            + " 'a\\ud800'.toWellFormed()",
        "() => 'aXbXc'.replace(/(?<l>[a-z])X/gu, '$<l>-').match(/(\\p{L})-(?=b)/u).index",
        "() => 'ab'.repeat(500).replaceAll(/(?:(a)|(b))+?/g, (m, a, b) => b ?? a.toUpperCase())",
        "() => { let s = ''; for (let i = 0; i < 2000; i++) s = i % 3 ? s + i : i + s; return s }",
        "() => [...'zażółć gęślą'].sort((a, b) => a.localeCompare(b)).join('')",
        "() => encodeURIComponent('é😀/') + escape('ü') + decodeURI('%E2%82%AC') + btoa?.('x')",
        "() => JSON.stringify(JSON.parse('{\"a\":[1.5e3,{\"b\":null}],\"__proto__\":{\"c\":1}}',"
            + " (k, v) => Array.isArray(v) ? v.concat(k) : v), null, 2)");
  }

  @Test
  void objectsAndFunctions() {
    agree(
        "() => { const m = new Map(), w = new WeakMap(); for (let i = 0; i < 800; i++) { const k ="
            + " { i }; m.set(i * 7919 % 997, k); w.set(k, i) } for (let i = 0; i < 400; i++)"
            + " m.delete(i); globalThis.m = m; return [m.size, [...m.keys()].slice(0, 9)] }",
        "() => { const a = Array.from({ length: 700 }, (_, i) => i * 7919 % 1009);"
            + " a.sort((x, y) => x % 10 - y % 10); return [a[3], a.toSorted()[3], a.indexOf(9)] }",
        "() => { class A { #x = 1; static s = new A(); get x () { return this.#x++ } }"
            + " class B extends A { *[Symbol.iterator] () { yield * [super.x, super.x] } }"
            + " return [...new B(), ...new B(), A.s.x] }",
        "() => { const p = new Proxy({}, { get: (t, k) => k, has: () => true, ownKeys: () => ['a'],"
            + " getOwnPropertyDescriptor: () => ({ value: 1, configurable: true, enumerable: true"
            + " }) }); return [p.y, 'z' in p, { ...p }, Object.entries(p)] }",
        "() => { const o = { valueOf () { throw new TypeError('no') } };"
            + " try { return o + 1 } catch (e) { return [e.name, e.message, e.stack] } }",
        "async () => { const r = []; await Promise.all([1, 2, 3].map(async i => { for (let k = 0;"
            + " k < i; k++) await k; r.push(i) })); try { await Promise.any([Promise.reject(1)]) }"
            + " catch (e) { r.push(e.errors) } return r }",
        "() => { const w = []; for (let i = 0; i < 500; i++) { const a = { i }; a.self = a;"
            + " w.push(new WeakRef(a)) } return w.filter(r => r.deref()).length }",
        "() => [eval('var q = 1; q + 1'), new Function('a', 'return a * 2')(4), (0, eval)('typeof"
            + " q')]");
  }

  @Test
  void timeAndChance() {
    agree(
        "() => [Date.now(), new Date(2024, 1, 29, 12).toISOString(), performance.now()]",
        "() => [Math.random(), Math.random(), Math.floor(Math.random() * 1e9)]",
        "() => Date.parse('2024-02-30') + Date.parse('Tue, 05 Mar 2024 01:02:03 +0200')",
        "() => [...crypto.getRandomValues(new Uint8Array(20))].join()",
        "() => new Date(1e12).toString() + new Date(-1).toLocaleString()");
  }

  // Depth and message of each: the wasm stack is the guest's, whatever the engine's own holds.
  @Test
  void recursion() {
    agree(
        "() => { let n = 0; const f = () => { n++; f() }; try { f() } catch (e) { return e.name + n"
            + " } }",
        "() => { let n = 0; const f = (...a) => { n++; return f(1, 2, ...a.slice(0, 5)) + 1 };"
            + " try { f() } catch (e) { return e.name + n } }",
        "() => { try { JSON.parse('['.repeat(1e5)) } catch (e) { return e.name } }",
        "() => { let a = []; for (let i = 0; i < 3e3; i++) a = [a]; try { return"
            + " JSON.stringify(a).length } catch (e) { return e.name } }",
        "() => { let n = 0; const o = { toString () { n++; return '' + o } };"
            + " try { return '' + o } catch (e) { return e.name + n } }",
        "() => { let n = 0; const f = () => { n++; return [2, 1].sort(f) };"
            + " try { f() } catch (e) { return e.name + n } }",
        "() => { let n = 0; const p = new Proxy({}, { get: (t, k, r) => { n++; return r[k] } });"
            + " try { return p.x } catch (e) { return e.name + n } }",
        "() => { let n = 0; const o = { get x () { n++; return this.x } };"
            + " try { return o.x } catch (e) { return e.name + n } }",
        "() => { let n = 0; const f = () => { n++; return eval('f()') };"
            + " try { f() } catch (e) { return e.name + n } }",
        "() => { let n = 0; const f = () => { n++; return JSON.parse('[1]', f) };"
            + " try { f() } catch (e) { return e.name + n } }",
        "() => { try { eval('['.repeat(6e3) + 'x' + ']'.repeat(6e3) + '=1') } catch (e) {"
            + " return e.name } }",
        "() => { try { eval('('.repeat(6e3)) } catch (e) { return e.name } }",
        "() => { try { new RegExp('(?='.repeat(1e5)) } catch (e) { return [e.name, e.message] } }",
        "() => { let a = [1].values(); for (let i = 0; i < 3e4; i++) a = a.map(x => x);"
            + " return a.next().value }",
        "() => 'still here'");
  }

  @Test
  void fuelAndItsEnd() {
    agree(
        "() => { for (let i = 0; i < 3e4; i++); }",
        "() => { for (;;); }",
        "() => { for (;;) new Promise(() => { for (;;); }) }",
        "() => /^(a?){25}a{25}$/.test('a'.repeat(25))",
        "() => { for (let i = 0; i < 200; i++) console.log('x'.repeat(4000)) }",
        "() => { for (;;) console.log('x') }",
        "() => 'still here'");
  }

  @Test
  void memoryAndItsEnd() {
    try (Pair pair =
        new Pair(
            () ->
                Guest.commonjs(
                    "const kept = []; exports.grow = n => kept.push('x'.repeat(n).concat('é'));"
                        + "exports.bytes = n => kept.push(new Uint8Array(n).fill(n));"
                        + "exports.all = () => { const a = []; for (;;) a.push(new Array(9e3)"
                        + ".fill(a)) }; exports.drop = () => { kept.length = 0 };"
                        + "exports.text = n => 'é'.repeat(n)",
                    16L << 20))) {
      for (int i = 0; i < 3; i++) {
        pair.call("bytes", Integer.toString(100_000 << (2 * i)));
        pair.call("grow", Integer.toString(30_000 << (2 * i)));
        pair.call("all", "");
        pair.call("grow", "9000000");
        pair.call("grow", "\"" + "y".repeat(5 << 20) + "\"");
        pair.call("text", "4000000");
      }
      assertTrue(pair.v8.sandbox.image().memory().length > 12 << 20);
      pair.call("drop", "");
      pair.call("bytes", "5000000");
    }
  }

  @Test
  void largestHeap() {
    try (Pair pair =
        new Pair(
            () ->
                Guest.commonjs(
                    "const kept = []; exports.fill = () => { try { for (let n = 8 << 20; n > 999;"
                        + ") { try { kept.push(new Uint8Array(n).fill(7)) } catch (e) { n >>= 1 } }"
                        + " } finally { kept.pop() } return kept.length }"))) {
      Reply filled = pair.call("fill", "");
      assertTrue(filled.text().startsWith("v"), filled.toString());
      assertTrue(pair.v8.sandbox.image().memory().length > 63 << 20);
    }
  }

  @Test
  void oraclesAndWhatTheyLeave() {
    agree(
        "() => System.oracle(() => [1, 2n, new Uint8Array(3)])",
        "async () => { const v = await System.oracle(async () => { await 0; return 'later' });"
            + " return [v, System.oracle(() => { throw new RangeError('inside') })] }",
        "() => System.oracle(() => { for (;;); })",
        "() => { const f = n => n ? f(n - 1) : System.oracle(() => { const g = k => g(k + 1);"
            + " try { g(0) } catch (e) { return e.name } }); return f(900) }",
        "() => System.files.writeFile('/x', new Uint8Array(5000))",
        "() => System.files.readFile('/x')");
  }

  @Test
  void timers() {
    String source =
        "let n = 0; exports.wait = () => new Promise(r => setTimeout(() => r(++n), 50));"
            + "exports.every = () => { setInterval(() => { n += 10 }, 20) };"
            + "exports.throwing = () => { setTimeout(() => { throw new Error('late') }, 5) };"
            + "exports.n = () => n";
    try (Pair pair = new Pair(() -> Guest.commonjs(source))) {
      for (String method : List.of("wait", "every", "throwing", "n")) {
        pair.call(method, "");
      }
      for (Turn turn : List.of(Turn.FIRE, Turn.TIMER, Turn.TIMER, Turn.DROP, Turn.TIMER)) {
        for (long time = Guest.TIME; time < Guest.TIME + 100; time += 60) {
          assertEquals(
              pair.v8.sandbox.run(turn, time, FUEL, pair.v8),
              pair.endive.sandbox.run(turn, time, FUEL, pair.endive),
              turn.toString());
          pair.assertSameHeap(turn.toString());
        }
      }
      pair.call("n", "");
    }
  }

  @Test
  void imagesGoFromOneToTheOther() {
    String source = "let n = 0; const a = []; exports.f = x => { a.push({ n }); return n += x }";
    try (Pair pair = new Pair(() -> Guest.commonjs(source))) {
      pair.call("f", "1");
      HeapImage image = pair.v8.sandbox.image();
      pair.call("f", "10");
      pair.endive.sandbox.restore(image);
      pair.v8.sandbox.restore(pair.endive.sandbox.image());
      assertEquals("v101", pair.call("f", "100").text());
    }
  }

  // Scripts that nobody thought of: a seeded walk over operations that allocate, free and compute.
  @Test
  void arbitraryPrograms() {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      StringBuilder source = new StringBuilder("const v = [1, 'a', [], {}, 2.5, NaN, 1n];\n");
      for (int method = 0; method < 6; method++) {
        source.append("exports.m").append(method).append(" = () => { const r = [];\n");
        for (int line = 0; line < 12; line++) {
          source.append("try { r.push(").append(expression(random, 3)).append(") }");
          source.append(" catch (e) { r.push(e.message) }\n");
        }
        source.append("v[v.length % 40] = r; return r.map(String).join().slice(0, 900) };\n");
      }
      int seeded = seed;
      try (Pair pair = new Pair(() -> Guest.commonjs(source.toString()))) {
        for (int method = 0; method < 6; method++) {
          Reply reply = pair.call("m" + method, "");
          assertTrue(reply.text().startsWith("v"), () -> "seed " + seeded + ": " + reply);
        }
      }
    }
  }

  private static final List<String> OPERATORS =
      List.of("+", "-", "*", "/", "%", "**", "<<", ">>>", "&", "==", "<", "??", "||", ",");
  private static final Map<Integer, String> CALLS =
      Map.of(
          0, "Math.sin(Number(%s))",
          1, "String(%s).repeat(3).slice(0, 90)",
          2, "JSON.stringify([%s])",
          3, "[%s, 3, 1].sort()",
          4, "v[Math.abs(Number(%s)) % v.length | 0]",
          5, "Object.assign({ k: %s }, { z: 1 })",
          6, "new Float32Array([Number(%s)])[0]",
          7, "String(%s).split('').reverse().join('')",
          8, "(x => ({ x, y: [x] }))(%s).y",
          9, "parseFloat(%s).toString(7)");

  private static String expression(Random random, int depth) {
    if (depth == 0) {
      return switch (random.nextInt(5)) {
        case 0 -> Integer.toString(random.nextInt());
        case 1 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
        case 2 ->
            "'" + Hash.of(Integer.toString(random.nextInt())).toString().substring(0, 9) + "'";
        case 3 -> "v[" + random.nextInt(7) + "]";
        default -> "undefined";
      };
    }
    String inner = expression(random, depth - 1);
    if (random.nextBoolean()) {
      return CALLS.get(random.nextInt(CALLS.size())).replace("%s", inner);
    }
    String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    return "((" + inner + ") " + operator + " (" + expression(random, depth - 1) + "))";
  }
}
