package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** require inside a module of several files. */
@ExtendWith(OnSandboxThread.class)
class GuestModulesTest {
  @Test
  void filesAreLoadedOnce() {
    try (Guest guest =
        Guest.folder(
            "src/main.js",
            Map.of(
                "src/main.js",
                "const a = require('./a.js'); exports.same = () => require('./a.js') === a;"
                    + " exports.n = () => [a.n, require('./lib/b.js').n];"
                    + " exports.names = () => [__filename, __dirname, module.id, module.filename,"
                    + " module.path, module.loaded, require.resolve('./a.js'),"
                    + " require('./lib/b.js').names];"
                    + " exports.cached = () => require('./main.js') === module.exports",
                "src/a.js",
                "globalThis.loads = (globalThis.loads || 0) + 1; exports.n = loads",
                "src/lib/b.js",
                "module.exports = { n: loads, names: [__filename, __dirname] }"))) {
      assertEquals("vtrue", guest.call("same"));
      assertEquals("v[1,1]", guest.call("n"));
      assertEquals(
          "v[\"src/main.js\",\"src\",\"src/main.js\",\"src/main.js\",\"src\",true,\"src/a.js\","
              + "[\"src/lib/b.js\",\"src/lib\"]]",
          guest.call("names"));
      assertEquals("vtrue", guest.call("cached"));
      long asked = guest.asked.stream().filter(a -> a.op() == HostOp.SOURCE).count();
      assertEquals(2, asked, "each file once");
    }
  }

  @Test
  void circlesSeeWhatIsExportedSoFar() {
    try (Guest guest =
        Guest.folder(
            "main.js",
            Map.of(
                "main.js", "exports.f = () => [require('./a.js').b, require('./b.js').a.done]",
                "a.js", "exports.early = 1; exports.b = require('./b.js').seen; exports.done = 2",
                "b.js", "exports.a = require('./a.js'); exports.seen = Object.keys(exports.a)"))) {
      assertEquals("v[[\"early\"],2]", guest.call("f"));
    }
  }

  @Test
  void whatFailsToLoadIsLoadedAnew() {
    try (Guest guest =
        Guest.folder(
            "main.js",
            Map.of(
                "main.js",
                "exports.f = () => require('./flaky.js').n; exports.s = () => require('./bad.js')",
                "flaky.js",
                "globalThis.tries = (globalThis.tries || 0) + 1; exports.n = tries;"
                    + " if (tries < 3) throw new RangeError('try ' + tries)",
                "bad.js",
                "let = = 1"))) {
      assertEquals("e[\"RangeError\",\"try 1\"]", guest.call("f"));
      assertEquals("e[\"RangeError\",\"try 2\"]", guest.call("f"));
      assertEquals("v3", guest.call("f"));
      assertEquals("v3", guest.call("f"));
      assertTrue(guest.call("s").startsWith("e[\"SyntaxError\","));
      assertTrue(guest.call("s").startsWith("e[\"SyntaxError\","));
    }
  }

  @Test
  void jsonIsAFileLikeOthers() {
    try (Guest guest =
        Guest.folder(
            "main.js",
            Map.of(
                "main.js",
                "exports.f = () => { const d = require('./d.json'); d.n++;"
                    + " return require('./d.json') }; exports.bad = () => require('./bad.json')",
                "d.json",
                "{\"n\": 1, \"list\": [null]}",
                "bad.json",
                "{\"n\": 1"))) {
      assertEquals("v{\"n\":2,\"list\":[null]}", guest.call("f"));
      assertEquals("v{\"n\":3,\"list\":[null]}", guest.call("f"));
      assertTrue(guest.call("bad").startsWith("e[\"SyntaxError\","));
    }
  }

  @Test
  void whatTheModuleDoesNotHaveIsRefusedByTheHost() {
    try (Guest guest =
        Guest.commonjs("exports.f = x => require(x); exports.g = () => require(5)")) {
      String refused = "e[\"ModuleNotFoundError\",\"no buffer from test.js\"]";
      assertEquals(refused, guest.call("f", "\"buffer\""));
      assertTrue(guest.call("f", "\"./x.js\"").startsWith("e[\"ModuleNotFoundError\","));
      assertTrue(guest.call("f", "\"__proto__\"").startsWith("e[\"ModuleNotFoundError\","));
      assertEquals(
          "e[\"TypeError\",\"require takes the path of a file of the module\"]", guest.call("g"));
    }
  }

  @Test
  void namespaceIsNeverTakenForAPromise() {
    String refused =
        "e[\"TypeError\",\"an ES module cannot export a function named then: whoever imports it"
            + " would call it\"]";
    for (String then :
        new String[] {
          "export function then (f) { f({ forged () {} }) }",
          "export const then = f => f(undefined)",
          "export const then = f => f(Object.freeze({ [Symbol.toStringTag]: 'module' }))",
        }) {
      try (Guest guest = Guest.module("export const g = () => 1;" + then)) {
        assertTrue(guest.loaded.text().startsWith(refused), then + ": " + guest.loaded.text());
      }
    }
    try (Guest guest = Guest.module("export const then = 5; export const g = () => 1")) {
      assertEquals("v[[\"g\",0]]", guest.loaded.text());
      assertEquals("v1", guest.call("g"));
    }
    try (Guest guest = Guest.commonjs("exports.then = f => f(7)")) {
      assertEquals("v[[\"then\",1]]", guest.loaded.text());
    }
  }

  @Test
  void tamperingDoesNotReachOtherFiles() {
    try (Guest guest =
        Guest.folder(
            "main.js",
            Map.of(
                "main.js",
                "for (const k of ['exports', 'loaded', 'id', 'path', 'require', 'resolve'])"
                    + " Object.defineProperty(Object.prototype, k, { get: () => 'forged',"
                    + " set () {} }); exports.f = () => require('./a.js').ok",
                "a.js",
                "exports.ok = require.resolve('./a.js')"))) {
      assertEquals("v\"a.js\"", guest.call("f"));
    }
  }
}
