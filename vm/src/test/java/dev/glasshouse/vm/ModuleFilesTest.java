package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A module of several files: its own imports find each other, and nothing else. */
@ExtendWith(OnSandboxThread.class)
final class ModuleFilesTest {
  private static Recording commonjs(String... namesAndSources) throws ScriptException {
    return host(Script.Kind.COMMONJS, namesAndSources);
  }

  private static Recording host(Script.Kind kind, String... namesAndSources)
      throws ScriptException {
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < namesAndSources.length; i += 2) {
      files.put(namesAndSources[i], namesAndSources[i + 1]);
    }
    return Recording.of(
        new Script(namesAndSources[0], kind, new TreeMap<>(files)), Recording.LIMITS);
  }

  @Test
  void requireFindsFilesAsNodeDoes() throws ScriptException {
    try (Recording host =
        commonjs(
            "src/index.js",
            "const a = require('./a'); const d = require('../data.json'); const l ="
                + " require('./lib'); exports.f = () => [a.name, a.again(), d.list[1], l,"
                + " __filename, __dirname, Object.keys(d), require('./a') === a,"
                + " require('../src/a.js') === a]",
            "src/a.js",
            "exports.name = 'a'; exports.again = () => require('./lib/deep.cjs').up()",
            "src/lib/index.js",
            "module.exports = 'lib ' + __dirname",
            "src/lib/deep.cjs",
            "let n = 0; exports.up = () => ++n",
            "data.json",
            "{\"list\":[1,2],\"__proto__\":3}")) {
      String seen = host.call("f", "");
      assertTrue(seen.startsWith("[\"a\",1,2,\"lib "), seen);
      assertTrue(seen.endsWith("[\"list\",\"__proto__\"],true,true]"), seen);
      requireReplay(host);
    }
  }

  @Test
  void cyclesSeeWhatIsThereSoFar() throws ScriptException {
    try (Recording host =
        commonjs(
            "a.js", "exports.early = 1; const b = require('./b'); exports.f = () => b.seen",
            "b.js", "const a = require('./a'); exports.seen = [a.early, typeof a.f]")) {
      assertEquals("[1,\"undefined\"]", host.call("f", ""));
    }
  }

  @Test
  void esModulesImportEachOther() throws ScriptException {
    try (Recording host =
        host(
            Script.Kind.MODULE,
            "main.mjs",
            "import { b } from './lib/b.js'; import d from './d.json'; export const f = () => [b,"
                + " d.x]; export const late = async () => (await import('./lib/c.js')).c",
            "lib/b.js",
            "import { c } from './c.js'; export const b = 'b' + c",
            "lib/c.js",
            "export const c = 'c'",
            "d.json",
            "{\"x\":5}")) {
      assertEquals("[\"bc\",5]", host.call("f", ""));
      assertEquals("\"c\"", host.call("late", ""));
      requireReplay(host);
    }
  }

  @Test
  void nothingOutsideIsFound() throws ScriptException {
    try (Recording host =
        commonjs(
            "a.js",
            "exports.r = p => { try { require(p); return 'found' } catch (e) { return e.name } };"
                + "exports.i = async p => { try { await import(p); return 'found' } catch (e) {"
                + " return e.name } };",
            "b.js",
            "exports.x = 1")) {
      String[] paths = {
        "fs", "node:fs", "/etc/passwd", "../a.js", "./../../a.js", "./c.js", "file:///etc/passwd",
        "http://example.org/x.js", "", ".", "..", "b.js", "./b.js/..", "./b\\u0000.js"
      };
      for (String path : paths) {
        assertEquals("\"ModuleNotFoundError\"", host.call("r", "\"" + path + "\""), path);
        String imported = host.call("i", "\"" + path + "\"");
        assertTrue(imported.contains("Error\""), path + ": " + imported);
      }
      assertEquals("\"found\"", host.call("r", "\"./b.js\""));
    }
  }

  @Test
  void fileThatFailsSaysWhere() throws ScriptException {
    try (Recording host =
        commonjs(
            "a.js", "exports.f = () => require('./b'); exports.g = () => require('./c.json')",
            "b.js", "exports.x = 1;\nthrow new RangeError('from b')",
            "c.json", "{not json")) {
      assertEquals("RangeError: from b", host.call("f", ""));
      assertEquals("RangeError: from b", host.call("f", ""));
      Outcome json = host.outcome("g", "");
      assertEquals("SyntaxError", ((Outcome.Thrown) json).name());
      requireReplay(host);
    }
  }

  private static void requireReplay(Recording host) throws ScriptException {
    assertEquals(host.heapHash(), host.replay().heap());
  }
}
