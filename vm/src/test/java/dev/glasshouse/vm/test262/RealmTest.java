package dev.glasshouse.vm.test262;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.OnSandboxThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The runner itself, on a small suite of its own. */
@ExtendWith(OnSandboxThread.class)
class RealmTest {
  private static final long FUEL = 20;

  @TempDir Path suite;

  @BeforeEach
  void harness() throws IOException {
    write("harness/assert.js", "function assert (x) { if (!x) throw new Test262Error('no') }");
    write("harness/sta.js", "function Test262Error (m) { this.message = m }");
    write(
        "harness/doneprintHandle.js",
        "function $DONE (e) { print(e ? 'Test262:AsyncTestFailure:' + e :"
            + " 'Test262:AsyncTestComplete') }");
    write("harness/more.js", "var more = 5;");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(suite.resolve(path).getParent());
    Files.writeString(suite.resolve(path), text);
  }

  /** The verdicts by mode. */
  private String verdicts(String matter, String source) throws IOException {
    write("test/language/a.js", "/*---\ndescription: x\n" + matter + "\n---*/\n" + source);
    TreeMap<String, String> found = new TreeMap<>();
    try (Realm realm = new Realm(Engines.named("v8"), suite, FUEL)) {
      for (TestCase test : TestCase.of(TestFile.read(suite, "test/language/a.js"))) {
        CaseResult result = realm.run(test);
        found.put(test.mode().name(), result.verdict());
        assertEquals(result, realm.run(test));
      }
    }
    return found.toString();
  }

  @Test
  void scriptsRunInBothModesUnlessTheirFlagsSayOtherwise() throws IOException {
    assertEquals("{SLOPPY=pass, STRICT=pass}", verdicts("", "assert(1 + 1 === 2)"));
    assertEquals("{SLOPPY=fail, STRICT=fail}", verdicts("", "assert(1 + 1 === 3)"));
    String undeclared = "undeclared = 1";
    assertEquals("{SLOPPY=pass, STRICT=fail}", verdicts("", undeclared));
    assertEquals("{STRICT=fail}", verdicts("flags: [onlyStrict]", undeclared));
    assertEquals("{SLOPPY=pass}", verdicts("flags: [generated, noStrict]", undeclared));
    String raw = "if (typeof assert !== 'undefined') throw 1";
    assertEquals("{SLOPPY=pass}", verdicts("flags:\n  - raw", raw));
  }

  @Test
  void scriptsAreGlobalCode() throws IOException {
    String source = "var v = 1; let l = 2; assert(globalThis.v === 1 && !('l' in globalThis))";
    assertEquals("{SLOPPY=pass, STRICT=pass}", verdicts("", source));
    assertEquals("{SLOPPY=pass}", verdicts("flags: [noStrict]", "assert(this === globalThis)"));
    assertEquals(
        "{SLOPPY=pass, STRICT=pass}",
        verdicts("", "$262.evalScript('let late = 7'); assert(late === 7)"));
    assertEquals(
        "{SLOPPY=pass, STRICT=pass}",
        verdicts(
            "", "const b = new ArrayBuffer(8); $262.detachArrayBuffer(b); assert(b.detached)"));
  }

  @Test
  void negativeTestsEndInTheErrorTheyName() throws IOException {
    String early = "negative:\n  phase: parse\n  type: SyntaxError";
    assertEquals("{SLOPPY=pass, STRICT=pass}", verdicts(early, "let a; let a"));
    assertEquals("{SLOPPY=fail, STRICT=fail}", verdicts(early, "x.y"));
    assertEquals("{SLOPPY=fail, STRICT=fail}", verdicts(early, "1"));
    String thrown = "negative:\n  phase: runtime\n  type: Test262Error";
    assertEquals("{SLOPPY=pass, STRICT=pass}", verdicts(thrown, "assert(false)"));
    assertEquals("{MODULE=pass}", verdicts(early + "\nflags: [module]", "export { none }"));
  }

  @Test
  void asyncTestsSayWhenTheyAreDone() throws IOException {
    String flags = "flags: [async, noStrict]";
    assertEquals("{SLOPPY=pass}", verdicts(flags, "Promise.resolve().then(() => $DONE())"));
    assertEquals("{SLOPPY=fail}", verdicts(flags, "Promise.resolve().then(() => $DONE('no'))"));
    assertEquals("{SLOPPY=fail}", verdicts(flags, "new Promise(() => {}).then(() => $DONE())"));
  }

  @Test
  void modulesImportTheirNeighbours() throws IOException {
    write("test/language/b_FIXTURE.js", "export const b = 4; export * as a from './a.js'");
    String module = "flags: [module, async]\nincludes: [more.js]";
    String source =
        "import { b, a } from './b_FIXTURE.js'; export const own = 1;"
            + "assert(b + more === 9 && a.own === 1);"
            + "import('./b_FIXTURE.js').then(ns => { assert(ns.b === b) }).then($DONE, $DONE)";
    assertEquals("{MODULE=pass}", verdicts(module, source));
    assertEquals("{MODULE=fail}", verdicts("flags: [module]", "import './none.js'"));
    assertEquals("{MODULE=fail}", verdicts("flags: [module]", "await new Promise(() => {})"));
    String dynamic =
        "import('./b_FIXTURE.js').then(ns => { assert(ns.b === 4) }).then($DONE, $DONE)";
    assertEquals("{SLOPPY=pass}", verdicts("flags: [async, noStrict]", dynamic));
  }

  @Test
  void endlessTestsFailAndTheNextIsNotTouched() throws IOException {
    assertEquals("{SLOPPY=fail, STRICT=fail}", verdicts("", "for (;;) {}"));
    assertEquals("{SLOPPY=fail}", verdicts("flags: [noStrict]", "let a = []; for (;;) a.push(a)"));
  }

  @Test
  void frontMatterIsReadInBothForms() {
    TestFile file =
        TestFile.parse(
            "a.js",
            "// x\r/*---\rflags: [async,\r  module]\rincludes:\r  - a.js\r  - b.js\rfeatures: []\r"
                + "negative:\r  phase: runtime\r  type: TypeError\r---*/");
    assertEquals(List.of("async", "module"), file.flags());
    assertEquals(
        List.of("assert.js", "sta.js", "doneprintHandle.js", "a.js", "b.js"), file.harness());
    assertEquals(List.of(), file.features());
    assertEquals("TypeError", file.negative());
    assertNotEquals(file.flags(), TestFile.parse("b.js", "no front matter").flags());
  }
}
