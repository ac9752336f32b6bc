package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What console writes, in the form that people know from Node. */
@ExtendWith(OnSandboxThread.class)
class GuestConsoleTest {
  private static List<String> lines(String body) {
    try (Guest guest = Guest.commonjs("exports.f = async () => {" + body + "\n}")) {
      assertEquals("vnull", guest.call("f"), body);
      return guest.lines();
    }
  }

  /** Pairs of the line expected and the arguments of console.log. */
  private static void assertShown(String... pairs) {
    StringBuilder body = new StringBuilder();
    for (int i = 1; i < pairs.length; i += 2) {
      body.append("console.log(" + pairs[i] + ");\n");
    }
    List<String> lines = lines(body.toString());
    for (int i = 0; i < pairs.length; i += 2) {
      assertEquals("info " + pairs[i], lines.get(i / 2), pairs[i + 1]);
    }
    assertEquals(pairs.length / 2, lines.size());
  }

  @Test
  void formatCodes() {
    assertShown(
        "Bob is 42.5 and 42, 3.5 {\"a\":[1]} [ 1 ] { x: 1 } % done { y: 2 }",
        "'%s is %d and %i, %f %j %o %O %c%% done', 'Bob', '42.5', 42.9, '3.5', { a: [1] }, [1],"
            + " { x: 1 }, 'color: red', { y: 2 }",
        "Symbol(q) 5n { a: [Object] } mine -0",
        "'%s %s %s %s %s', Symbol('q'), 5n,"
            + " { a: { b: 1 } }, { toString () { return 'mine' } }, -0",
        "100% NaN",
        "'100% %d', '%s'",
        "%%",
        "'%%'",
        "NaN NaN 7n %d %x",
        "'%d %i %d %d %x', {}, Symbol(), 7n",
        "[value that is no JSON] [object that cannot be shown] NaN",
        "'%j %s %f',"
            + " { get a () { throw 1 } }, { toString () { throw 1 } }, { valueOf () { throw 1 } }");
  }

  @Test
  void values() {
    assertShown(
        "-0 NaN text undefined null true 5n",
        "-0, NaN, 'text', undefined, null, true, 5n",
        "[ 'a', null, [ 1, 2 ] ]",
        "['a', null, [1, 2]]",
        "{ a: 'b', 'a-b': 2, [Symbol(s)]: 1 }",
        "{ a: 'b', 'a-b': 2, [Symbol('s')]: 1 }",
        "Map(1) { { k: 1 } => Set(2) { 1, 'x' } }",
        "new Map([[{ k: 1 }, new Set([1, 'x'])]])",
        "Uint8Array(2) [ 1, 2 ] 1970-01-01T00:00:00.000Z /re/g",
        "new Uint8Array([1, 2]), new Date(0), /re/g",
        "[ 1, <1 empty item>, 3, <2 empty items> ]",
        "[1, , 3, , ,]",
        "[class A] [class B extends A] A { x: 1 } B {}",
        "...(() => { class A { constructor () { this.x = 1 } } class B extends A {"
            + " constructor () { super(); delete this.x } } return [A, B, new A(), new B()] })()",
        "[Function: f] [Function (anonymous)] [AsyncFunction (anonymous)]",
        "function f () {}, () => 1, async () => 1",
        "[Object: null prototype] { a: 1 }",
        "Object.assign(Object.create(null), { a: 1 })",
        "{ q: 'say \"hi\"\\n', \"it's\": \"it's\" }",
        "{ q: 'say \"hi\"\\n', \"it's\": \"it's\" }",
        "[Number: 1] [String: 's'] ArrayBuffer { byteLength: 4 }",
        "Object(1), Object('s'), new ArrayBuffer(4)",
        "DOMException [N]: m URL { href: 'http://x/' }",
        "new DOMException('m', 'N'), new URL('http://x')");
  }

  @Test
  void circlesAndDepth() {
    assertShown(
        "<ref *1> { name: 'c', self: [Circular *1], in: { c: [Circular *1] } }",
        "(() => { const c = { name: 'c' }; c.self = c; c.in = { c }; return c })()",
        "{ a: { b: { c: [Object], d: [Array] } } }",
        "{ a: { b: { c: { d: 1 }, d: [1] } } }");
    assertEquals(
        List.of("info { a: { b: { c: { d: { e: 1 } } } } }", "info { a: [Object] }"),
        lines(
            "const o = { a: { b: { c: { d: { e: 1 } } } } }; console.dir(o, { depth: null });"
                + " console.dir(o, { depth: 0 })"));
  }

  @Test
  void longValuesAreWrappedAndCut() {
    String wide = lines("console.log({ a: 'x'.repeat(50), b: 'y'.repeat(50) })").get(0);
    String expected = "info {\n  a: '" + "x".repeat(50) + "',\n  b: '" + "y".repeat(50) + "'\n}";
    assertEquals(expected, wide);
    String many = lines("console.log(Array.from({ length: 150 }, (_, i) => i))").get(0);
    assertTrue(many.startsWith("info [\n  0, 1, 2, 3,"), many);
    assertTrue(many.endsWith("98, 99, ... 50 more items\n]"), many);
    assertEquals(5 + 4096, lines("console.log({ a: 'x'.repeat(1e6) })").get(0).length());
    assertEquals(5 + 4096, lines("console.log('%s', 'x'.repeat(1e6))").get(0).length());
    assertTrue(
        lines("let d = {}; for (let i = 0; i < 1e5; i++) d = { d }; console.log(d, 1n << 99999n)")
            .get(0)
            .endsWith("[BigInt of more than 4096 bits]"));
  }

  @Test
  void errorsShowWhereTheyWereMade() {
    List<String> lines =
        lines(
            "const e = new TypeError('boom', { cause: new Error('why') }); e.code = 'E';\n"
                + "console.error(e); console.log({ nested: new RangeError('in') })");
    String error = lines.get(0);
    assertTrue(error.startsWith("error TypeError: boom\n    at "), error);
    assertTrue(error.contains("test.js:1:"), error);
    assertTrue(!error.contains("bootstrap"), "only the module's own frames: " + error);
    assertTrue(error.contains("code: 'E'") && error.contains("[cause]: Error: why\n"), error);
    assertTrue(lines.get(1).startsWith("info {\n  nested: RangeError: in\n      at "), error);
  }

  @Test
  void gettersAreNotInvoked() {
    assertShown(
        "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
        "{ get a () { throw 1 }, set b (v) {}, get c () { throw 1 }, set c (v) {} }",
        "[ [Getter] ]",
        "Object.defineProperty([], 0, { get () { throw 1 }, enumerable: true })",
        "X {}",
        "new (class X { get [Symbol.toStringTag] () { throw 1 } })()");
    assertTrue(
        lines("console.log(Object.defineProperty(new Error(), 'message', { get () { throw 1 } }))")
            .get(0)
            .startsWith("info Error\n    at "));
  }

  @Test
  void hostileValuesBreakNothing() {
    String shown = "[object that cannot be shown]";
    assertShown(
        shown,
        "new Proxy({}, { ownKeys () { throw 1 } })",
        shown,
        "new Proxy([], { get () { throw 1 }, getPrototypeOf () { throw 1 } })",
        shown,
        "new Proxy(() => {}, { getOwnPropertyDescriptor () { throw 1 } })",
        "{ a: 1, b: " + shown + " }",
        "{ a: 1, b: new Proxy({}, { getPrototypeOf () { throw 1 } }) }");
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { const r = Proxy.revocable({}, {}); r.revoke();"
                + " console.log(r.proxy, { p: r.proxy }); console.table(r.proxy);"
                + " console.table([r.proxy]); console.dir({}, r.proxy); console.count(r.proxy);"
                + " console.time({ toString () { throw 1 } }); console.group(r.proxy);"
                + " console.assert(false, r.proxy); console.trace(r.proxy);"
                + " console.log('%s %d %j %o', r.proxy, r.proxy, r.proxy, r.proxy) }")) {
      assertEquals("vnull", guest.call("f"));
      assertEquals(9, guest.lines().size(), guest.lines().toString());
    }
  }

  @Test
  void groupsIndentUntilTheTurnEnds() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { console.group('G'); console.log('a\\n"
                + "b'); console.groupCollapsed(); console.warn('c'); console.groupEnd();"
                + " console.log('d'); console.groupEnd(); console.groupEnd(); console.log('e'); for"
                + " (let i = 0; i < 99; i++) console.group() }; exports.g = () => {"
                + " console.log('next') }")) {
      guest.call("f");
      guest.call("g");
      assertEquals(
          List.of("info G", "info   a\n  b", "warn     c", "info   d", "info e", "info next"),
          guest.lines());
    }
  }

  @Test
  void countersAndTimesUseTheGuestsClock() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { console.count(); console.count('x'); console.count('x');"
                + " console.countReset('x'); console.count('x'); console.countReset('none');"
                + " console.time(); console.time(); console.timeEnd('none') };"
                + "exports.g = () => { console.timeLog('default', { a: 1 }); console.timeEnd();"
                + " console.timeEnd() }")) {
      guest.call("f");
      guest.time += 1234;
      guest.call("g");
      assertEquals(
          List.of(
              "info default: 1",
              "info x: 1",
              "info x: 2",
              "info x: 1",
              "warn Count for 'none' does not exist",
              "warn Label 'default' already exists for console.time()",
              "warn No such label 'none' for console.timeEnd()",
              "info default: 1234ms { a: 1 }",
              "info default: 1234ms",
              "warn No such label 'default' for console.timeEnd()"),
          guest.lines());
    }
  }

  @Test
  void tables() {
    String mixed =
        """
        info ┌─────────┬───┬─────┬────────┐
        │ (index) │ a │ b   │ Values │
        ├─────────┼───┼─────┼────────┤
        │ 0       │ 1 │ 'x' │        │
        │ 1       │   │     │ 5      │
        └─────────┴───┴─────┴────────┘\
        """;
    String chosen =
        """
        info ┌─────────┬───┐
        │ (index) │ b │
        ├─────────┼───┤
        │ r       │ 2 │
        └─────────┴───┘\
        """;
    assertEquals(
        List.of(mixed, chosen, "info no table"),
        lines(
            "console.table([{ a: 1, b: 'x' }, 5]); console.table({ r: { a: 1, b: 2 } }, ['b']);"
                + " console.table('no table')"));
  }

  @Test
  void assertAndTrace() {
    List<String> lines =
        lines(
            "console.assert(1, 'no'); console.assert(0); console.assert(null, 'got %s', 'x');"
                + " (function deep () { console.trace('here') })()");
    assertEquals(
        List.of("error Assertion failed", "error Assertion failed: got x"), lines.subList(0, 2));
    assertTrue(lines.get(2).startsWith("debug Trace: here\n    at deep (test.js:1:"), lines.get(2));
  }
}
