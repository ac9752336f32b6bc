package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.vm.sandbox.OnSandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the author of a script that does not load is told. */
@ExtendWith(OnSandboxThread.class)
class ScriptExceptionTest {
  private static List<String> lines(Script.Kind kind, String source) {
    ScriptException e =
        assertThrows(
            ScriptException.class,
            () -> Recording.of(new Script("my script.js", kind, source), Recording.LIMITS).close());
    return e.getMessage().lines().toList();
  }

  private static void assertShows(
      Script.Kind kind, String source, String place, String line, String caret, String error) {
    List<String> lines = lines(kind, source);
    assertEquals(place, lines.get(0), source);
    assertEquals(line, lines.get(1), source);
    assertEquals(caret, lines.get(2), source);
    assertEquals("", lines.get(3), source);
    assertEquals(error, lines.get(4), source);
  }

  @Test
  void syntaxErrorsShowTheirPlace() {
    for (Script.Kind kind : new Script.Kind[] {Script.Kind.COMMONJS, Script.Kind.MODULE}) {
      assertShows(
          kind,
          "let a = 1\nlet b = ;\nlet c",
          "my script.js:2:9",
          "let b = ;",
          "        ^",
          "SyntaxError: unexpected token in expression: ';'");
      assertShows(
          kind,
          "let b = ;",
          "my script.js:1:9",
          "let b = ;",
          "        ^",
          "SyntaxError: unexpected token in expression: ';'");
    }
    List<String> unclosed = lines(Script.Kind.MODULE, "export function f () {\n  return 1\n");
    assertTrue(unclosed.get(0).startsWith("my script.js:"), unclosed.toString());
  }

  @Test
  void errorsAtTheTopShowTheirPlace() {
    for (Script.Kind kind : new Script.Kind[] {Script.Kind.COMMONJS, Script.Kind.MODULE}) {
      assertShows(
          kind,
          "const x = null\n  x.y()",
          "my script.js:2:3",
          "  x.y()",
          "  ^",
          "TypeError: cannot read property 'y' of null");
      assertShows(
          kind,
          "throw new Error('a\\\\nb \"q\" \",\"')",
          "my script.js:1:11",
          "throw new Error('a\\\\nb \"q\" \",\"')",
          "          ^",
          "Error: a\\nb \"q\" \",\"");
    }
  }

  @Test
  void stackNamesTheAuthorsPlacesOnly() {
    List<String> lines =
        lines(
            Script.Kind.COMMONJS,
            """
            function inner () { throw new RangeError('deep') }
            function outer () {
              inner()
            }
            outer()\
            """);
    assertEquals("my script.js:1:31", lines.get(0));
    assertEquals("RangeError: deep", lines.get(4));
    List<String> stack = lines.subList(5, lines.size());
    assertTrue(stack.get(0).contains("inner (my script.js:1:31)"), stack.toString());
    assertTrue(stack.get(1).contains("outer (my script.js:3:"), stack.toString());
    assertTrue(stack.get(2).contains("my script.js:5:"), stack.toString());
    assertTrue(stack.stream().noneMatch(line -> line.contains("bootstrap")), stack.toString());
  }

  @Test
  void errorAfterAnAwaitAtTheTopShowsItsPlace() {
    List<String> lines = lines(Script.Kind.MODULE, "await 0\nnull.x\nexport const f = () => 1");
    assertEquals("my script.js:2:1", lines.get(0));
    assertEquals("null.x", lines.get(1));
  }

  @Test
  void whatHasNoPlaceIsStillNamed() {
    assertEquals(
        List.of("my script.js", "", "Error: text"), lines(Script.Kind.COMMONJS, "throw 'text'"));
    assertEquals(
        List.of("my script.js", "", "Error: null"), lines(Script.Kind.MODULE, "throw null"));
  }

  @Test
  void scriptMayLieAboutItsStack() {
    for (String stack :
        new String[] {
          "my script.js:99999999999:1",
          "my script.js:0:0",
          "my script.js:1:99999999999",
          "my script.js:7:2147483648",
          "my script.js:-1:1",
          "\\u0000",
          "$1\\\\1",
        }) {
      List<String> lines =
          lines(
              Script.Kind.COMMONJS,
              "const e = new Error('m'); Object.defineProperty(e, 'stack', { value: '"
                  + stack
                  + "' }); throw e");
      assertEquals(List.of("my script.js", "", "Error: m"), lines, stack);
    }
    List<String> beyond =
        lines(
            Script.Kind.COMMONJS,
            "const e = new Error('m'); Object.defineProperty(e, 'stack', { get: () =>"
                + " 'my script.js:123456789:987654321' }); throw e");
    assertEquals("my script.js:123456789:987654321", beyond.get(0));
    assertEquals(
        List.of("my script.js", "", "Error: m"),
        lines(
            Script.Kind.COMMONJS,
            "const e = new Error('m'); Object.defineProperty(e, 'stack', { get () { throw 1 } });"
                + " throw e"));
  }

  @Test
  void limitsWhileLoadingAreNamed() {
    assertTrue(lines(Script.Kind.COMMONJS, "for (;;) {}").get(0).contains("ran out of fuel"));
    assertTrue(lines(Script.Kind.MODULE, "for (;;) {}").get(0).contains("ran out of fuel"));
    assertTrue(
        lines(Script.Kind.MODULE, "await new Promise(() => {})").get(2).contains("never settles"));
    String methods = "for (let i = 0; i < 90000; i++) exports['x'.repeat(60) + i] = () => {}";
    assertTrue(
        lines(Script.Kind.COMMONJS, methods).get(0).contains("room for the list of its methods"));
  }

  @Test
  void importsAndRequiresAreRefused() {
    assertTrue(
        lines(Script.Kind.COMMONJS, "const fs = require('fs')")
            .get(4)
            .contains("only its own files"));
    assertTrue(lines(Script.Kind.MODULE, "import fs from 'fs'").toString().contains("fs"));
  }
}
