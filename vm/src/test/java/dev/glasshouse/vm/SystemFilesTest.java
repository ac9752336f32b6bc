package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code System.files} from a module's side: each method, encoding and error name. */
@ExtendWith(OnSandboxThread.class)
class SystemFilesTest {
  private static final String SOURCE =
      "const fs = System.files; exports.default = async (m, ...a) => fs[m](...a);for (const m of"
          + " Object.keys(fs)) exports[m] = (...a) => fs[m](...a);exports.type = async p => { const"
          + " s = await fs.stat(p); return [s.isFile(), s.isDirectory()] };exports.nothing = p =>"
          + " fs.writeFile(p);exports.buffer = p => fs.writeFile(p, new Uint8Array([9,"
          + " 8]).buffer);exports.floats = p => fs.writeFile(p, new"
          + " Float32Array([1]));exports.isPromise = () => fs.stat('/') instanceof"
          + " Promise;exports.frozen = () => Object.isFrozen(fs);exports.order = async () => {"
          + " const all = [fs.writeFile('/o', 'a'), fs.readFile('/o'), fs.unlink('/o'),"
          + " fs.readFile('/o').catch(e => e.name)]; return Promise.all(all) };exports.inOracle ="
          + " async () => { const r = []; r.push(await System.oracle(() => fs.readFile('/o'))); for"
          + " (const [m, ...a] of [['writeFile', '/o', 'x'], ['unlink', '/o'], ['mkdir', '/q'],"
          + " ['rmdir', '/q'], ['rename', '/o', '/p'], ['copy', '/o', '/p']]) try { await"
          + " System.oracle(() => fs[m](...a)) } catch (e) { r.push(e.name) } return r };";

  @Test
  void everyMethodIsThere() throws ScriptException {
    try (Recording host =
        Recording.commonjs("exports.f = () => Object.keys(System.files).sort()")) {
      assertEquals(
          "[\"copy\",\"mkdir\",\"readFile\",\"readdir\",\"rename\",\"rmdir\",\"stat\",\"unlink\",\"writeFile\"]",
          host.call("f", ""));
    }
  }

  @Test
  void contentsGoInAndOutInEveryEncoding() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      assertEquals("null", host.call("writeFile", "\"/t\",\"é€\""));
      assertEquals("\"é€\"", host.call("readFile", "\"/t\""));
      assertEquals("\"é€\"", host.call("readFile", "\"/t\",\"utf8\""));
      assertEquals("\"é€\"", host.call("readFile", "\"/t\",{\"encoding\":\"utf-8\"}"));
      assertEquals("\"w6nigqw=\"", host.call("readFile", "\"/t\",\"base64\""));
      assertEquals("\"c3a9e282ac\"", host.call("readFile", "\"/t\",\"hex\""));
      assertEquals("{\"$bytes\":\"w6nigqw=\"}", host.call("readFile", "\"/t\",\"binary\""));

      host.call("writeFile", "\"/h\",\"00fF\",\"hex\"");
      host.call("writeFile", "\"/b\",\"AP8=\",\"base64\"");
      host.call("writeFile", "\"/l\",\"\\u0000ÿ\",\"binary\"");
      host.call("writeFile", "\"/u\",{\"$bytes\":\"AP8=\"}");
      for (String path : new String[] {"/h", "/b", "/l", "/u"}) {
        assertEquals("\"00ff\"", host.call("readFile", "\"" + path + "\",\"hex\""), path);
      }
      assertEquals("\"\\u0000�\"", host.call("readFile", "\"/h\""), "malformed UTF-8 is U+FFFD");

      host.call("writeFile", "\"/j\",{\"a\":[1.5,{\"$bigint\":\"7\"},{\"$$x\":1}]},\"json\"");
      assertEquals(
          "\"{\\\"a\\\":[1.5,{\\\"$bigint\\\":\\\"7\\\"},{\\\"$$x\\\":1}]}\"",
          host.call("readFile", "\"/j\""));
      assertEquals(
          "{\"a\":[1.5,{\"$bigint\":\"7\"},{\"$$x\":1}]}",
          host.call("readFile", "\"/j\",\"json\""));
      host.call("writeFile", "\"/n\",5");
      assertEquals("\"5\"", host.call("readFile", "\"/n\""));
      host.call("nothing", "\"/null\"");
      assertEquals("\"null\"", host.call("readFile", "\"/null\""));
      host.call("writeFile", "\"/s\",\"x\",\"json\"");
      assertEquals("\"\\\"x\\\"\"", host.call("readFile", "\"/s\""));
      host.call("buffer", "\"/buffer\"");
      assertEquals("\"0908\"", host.call("readFile", "\"/buffer\",\"hex\""));
      host.call("floats", "\"/floats\"");
      assertEquals("\"0000803f\"", host.call("readFile", "\"/floats\",\"hex\""));
      host.call("writeFile", "\"/empty\",\"\"");
      assertEquals("\"\"", host.call("readFile", "\"/empty\""));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void jsonOfAMissingPathIsNullAndOfABadFileAnError() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      assertEquals("null", host.call("readFile", "\"/missing\",\"json\""));
      assertEquals("null", host.call("readFile", "\"/missing/deeper\",{\"encoding\":\"json\"}"));
      assertEquals("NotFoundError: File not found", host.call("readFile", "\"/missing\""));
      assertEquals("NotFoundError: File not found", host.call("readFile", "\"/missing\",\"hex\""));
      host.call("writeFile", "\"/bad\",\"{\"");
      assertTrue(host.call("readFile", "\"/bad\",\"json\"").startsWith("SyntaxError: "));
      host.call("mkdir", "\"/dir\"");
      assertTrue(host.call("readFile", "\"/dir\",\"json\"").startsWith("NotAFileError: "));
    }
  }

  @Test
  void statListsAndMovesWork() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      host.call("writeFile", "\"a/b/c.txt\",\"abc\"");
      host.call("mkdir", "\"/a/empty\"");
      assertEquals(
          "TypeError: a function cannot be sent: only JSON, Uint8Array and BigInt cross",
          host.call("stat", "\"/a\""));
      assertEquals("[true,false]", host.call("type", "\"/a/b/c.txt\""));
      assertEquals("[false,true]", host.call("type", "\"/a\""));
      assertEquals("[false,true]", host.call("type", "\"/\""));
      assertEquals("[\"b\",\"empty\"]", host.call("readdir", "\"/a\""));
      assertEquals(
          "[\"b\",\"b/c.txt\",\"empty\"]", host.call("readdir", "\"/a\",{\"recursive\":true}"));
      assertEquals("null", host.call("rename", "\"/a\",\"/z\""));
      assertEquals("[\"z\"]", host.call("readdir", "\"/\""));
      assertEquals("null", host.call("copy", "\"/z/b\",\"/y\""));
      assertEquals("\"abc\"", host.call("readFile", "\"/y/c.txt\""));
      assertEquals("null", host.call("unlink", "\"/y/c.txt\""));
      assertEquals("null", host.call("rmdir", "\"/y\""));
      assertEquals("null", host.call("rmdir", "\"/z\",{\"recursive\":true}"));
      assertEquals("[]", host.call("readdir", "\"/\""));
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void statTellsSizeAndHash() throws ScriptException {
    try (Recording host =
        Recording.commonjs(
            "exports.f = async () => { await System.files.writeFile('/x', 'abc'); const { type,"
                + " size, sha256 } = await System.files.stat('/x'); const d = await"
                + " System.files.stat('/'); return [type, size, sha256, d.type, d.size, d.sha256"
                + " === undefined] }")) {
      assertEquals(
          "[\"file\",3,\"" + Hash.of("abc") + "\",\"directory\",0,true]", host.call("f", ""));
    }
  }

  @Test
  void errorsHaveDatsNames() throws ScriptException {
    Limits small =
        new Limits(200, 64L << 20, 900_000, 4L << 20, 4L << 20, 100, 150, 10_000, 10_000);
    try (Recording host = Recording.of(new Script("t.js", Script.Kind.COMMONJS, SOURCE), small)) {
      host.call("writeFile", "\"/f\",\"1\"");
      host.call("writeFile", "\"/d/g\",\"1\"");
      String[][] cases = {
        {"readFile", "\"/none\"", "NotFoundError"},
        {"stat", "\"/none\"", "NotFoundError"},
        {"unlink", "\"/none\"", "NotFoundError"},
        {"rmdir", "\"/none\"", "NotFoundError"},
        {"readdir", "\"/none\"", "NotFoundError"},
        {"rename", "\"/none\",\"/x\"", "NotFoundError"},
        {"copy", "\"/none\",\"/x\"", "NotFoundError"},
        {"readFile", "\"/d\"", "NotAFileError"},
        {"unlink", "\"/d\"", "NotAFileError"},
        {"readdir", "\"/f\"", "NotAFolderError"},
        {"rmdir", "\"/f\"", "NotAFolderError"},
        {"mkdir", "\"/f\"", "EntryAlreadyExistsError"},
        {"mkdir", "\"/d\"", "EntryAlreadyExistsError"},
        {"writeFile", "\"/d\",\"x\"", "EntryAlreadyExistsError"},
        {"rename", "\"/f\",\"/d\"", "EntryAlreadyExistsError"},
        {"writeFile", "\"/f/x\",\"x\"", "ParentFolderDoesntExistError"},
        {"mkdir", "\"/f/x\"", "ParentFolderDoesntExistError"},
        {"writeFile", "\"/a/../b\",\"x\"", "InvalidPathError"},
        {"writeFile", "\"/x/\",\"x\"", "InvalidPathError"},
        {"writeFile", "\"/a\\u0000b\",\"x\"", "InvalidPathError"},
        {"rmdir", "\"/\"", "InvalidPathError"},
        {"rename", "\"/d\",\"/d/x\"", "InvalidPathError"},
        {"readFile", "null", "InvalidPathError"},
        {"readFile", "\"/f\",\"ascii\"", "InvalidEncodingError"},
        {"writeFile", "\"/f\",\"0\",\"hex\"", "InvalidEncodingError"},
        {"rmdir", "\"/d\"", "DestDirectoryNotEmpty"},
        {"writeFile", "\"/big\",\"" + "x".repeat(101) + "\"", "QuotaExceededError"},
      };
      for (String[] each : cases) {
        String shown = host.call(each[0], each[1]);
        assertTrue(shown.startsWith(each[2] + ": "), each[0] + "(" + each[1] + ") gave " + shown);
      }
      ExecutorTest.assertReplays(host);
    }
  }

  @Test
  void operationsArePromisesDoneInOrder() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      assertEquals("true", host.call("isPromise", ""));
      assertEquals("true", host.call("frozen", ""));
      assertEquals("[null,\"a\",null,\"NotFoundError\"]", host.call("order", ""));
    }
  }

  @Test
  void oraclesReadFilesButChangeNone() throws ScriptException {
    try (Recording host = Recording.commonjs(SOURCE)) {
      host.call("writeFile", "\"/o\",\"kept\"");
      Hash before = host.executor.root();
      String error = "\"OutsideError\"";
      assertEquals("[\"kept\"" + ("," + error).repeat(6) + "]", host.call("inOracle", ""));
      assertEquals(before, host.executor.root());
      ExecutorTest.assertReplays(host);
    }
  }
}
