package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EvaluatorTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.increment = () => ++n
      exports.echo = (value) => value
      exports.kind = (value) => value instanceof Uint8Array ? 'bytes' : typeof value
      exports.fail = (name, message) => {
        const e = new Error(message)
        e.name = name
        throw e
      }
      exports.spin = () => { for (;;) ; }
      """;

  private final ExecutorService v8 =
      Executors.newSingleThreadExecutor(body -> SandboxThread.create("test", body));
  private final List<String> console = new ArrayList<>();
  private TestHost host;
  private Client client;
  private Evaluator evaluator;

  @BeforeAll
  void start(@TempDir Path temp) throws Exception {
    host = TestHost.start(temp.resolve("host"), SCRIPT);
    Identity identity = Identity.generate(new SecureRandom());
    KnownLogs known = new KnownLogs(temp.resolve("home"));
    client = Client.signed(host.address(), identity, null, known);
    evaluator = v8.submit(() -> new Evaluator(client, false, console::add)).get();
  }

  @AfterAll
  void stop() throws Exception {
    v8.submit(evaluator::close).get();
    v8.shutdown();
    client.close();
    host.close();
  }

  @BeforeEach
  void forget() {
    console.clear();
  }

  private Evaluator.Result evaluate(String text) throws Exception {
    return v8.submit(() -> evaluator.evaluate(text)).get();
  }

  private String shown(String text) throws Exception {
    Evaluator.Result result = evaluate(text);
    assertNull(result.error(), text);
    return result.shown();
  }

  private String error(String text) throws Exception {
    String error = evaluate(text).error();
    return error == null ? null : error.lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1 + 1 | 2",
        "-0 | -0",
        "'a' | 'a'",
        "\"'it\\'s'\" | \"'it\\'s'\"",
        "10n ** 20n | 100000000000000000000n",
        "null | null",
        "[1, [2, [3, [4, [5]]]]] | [ 1, [ 2, [ 3, [ 4, [Array] ] ] ] ]",
        "{a: 1, 'b c': 'x'} | { a: 1, 'b c': 'x' }",
        "{} | {}",
        "[] | []",
        "new Map([[1, {a: 2}]]) | Map(1) { 1 => { a: 2 } }",
        "new Set([1]) | Set(1) { 1 }",
        "new Uint8Array(3) | Uint8Array(3) [ 0, 0, 0 ]",
        "new Date(0) | 1970-01-01T00:00:00.000Z",
        "/a+/g | /a+/g",
        "(() => 1) | [Function (anonymous)]",
        "function f () {}; f | [Function f]",
        "var o = {}; o.o = o; o | { o: [Circular] }",
        "new (class Point { x = 1 })() | Point { x: 1 }",
        "Object.create(null) | [Object: null prototype] {}",
        "client | [client]",
        "Promise.resolve(7) | 7",
        "await client.echo({a: [1, 'x', null, true]}) | \"{ a: [ 1, 'x', null, true ] }\"",
        "client.echo(5n) | 5n",
        "client.echo(new Uint8Array([1, 2])) | Uint8Array(2) [ 1, 2 ]",
        "client.kind(new Uint8Array([1])) | 'bytes'",
        "client.kind(1n) | 'bigint'",
        "client.echo({$bigint: '1'}) | { $bigint: '1' }",
        "client.echo({$bytes: 'AA==', x: undefined}) | { $bytes: 'AA==' }",
        "client.echo({$$a: 1}) | { $$a: 1 }",
        "client.echo({'\\u0024a': 1}) | { $a: 1 }",
        "client.echo({$a: 1, b: 2}) | { $a: 1, b: 2 }",
        "client.echo() | null",
      })
  void showsAValue(String text, String expected) throws Exception {
    assertEquals(expected, shown(text));
  }

  @Test
  void aScriptReadsStringsBareAndTheRestAsShown() throws Exception {
    assertEquals("it's", evaluate("client.echo(\"it's\")").plain());
    assertEquals("{ a: 1 }", evaluate("client.echo({a: 1})").plain());
    assertEquals("undefined", evaluate("undefined").plain());
    assertNull(evaluate("undefined").shown());
    assertEquals("\ufffd", evaluate("'\\ud800'").plain());
  }

  @Test
  void linesShareTheirVariablesAndTheLastResult() throws Exception {
    evaluate("const x = 20");
    assertEquals("22", shown("x + 2"));
    assertEquals("44", shown("_ * 2"));
    assertEquals("5", shown("let y = 5; y"));
    assertEquals("6", shown("y + 1"));
  }

  @Test
  void awaitsAtTheTop() throws Exception {
    int before = Integer.parseInt(shown("client.increment()"));
    assertEquals(
        String.valueOf(2 * before + 3),
        shown("await client.increment() + await client.increment()"));
  }

  @Test
  void aLineThatBeginsWithABraceRunsOnce() throws Exception {
    int before = Integer.parseInt(shown("client.increment()"));
    assertEquals(
        "SyntaxError: unexpected token: 'x'",
        error("{a: await client.increment(), b: JSON.parse('x')}"));
    assertEquals(String.valueOf(before + 2), shown("client.increment()"));
    assertEquals("3", shown("{ let z = 3; z }"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nothing.here | ReferenceError: nothing is not defined",
        "throw 1 | Uncaught 1",
        "client.fail('Error', 'You are not my owner!') | Error: You are not my owner!",
        "client.fail('Error', '') | Error",
        "client.none() | MethodNotFoundError: the module exports no method \"none\"",
        "client() | MethodNotFoundError: the module exports no method \"default\"",
        "client.echo(() => 1) | TypeError: a function cannot be sent: only JSON, Uint8Array and"
            + " BigInt cross",
        "client.echo(1n << 40000n) | RangeError: a BigInt of more than 32768 bits cannot cross",
        "client.spin() | LimitError: the call ran out of fuel and was undone",
        "new Promise(() => {}) | The promise never settles.",
      })
  void showsAnError(String text, String expected) throws Exception {
    assertEquals(expected, error(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 +", "}", "let 1"})
  void aLineThatDoesNotParseIsASyntaxError(String text) throws Exception {
    assertTrue(error(text).startsWith("SyntaxError: "), error(text));
  }

  @Test
  void anErrorThatCannotBeShownIsStillAnError() throws Exception {
    assertEquals(
        "an error that cannot be shown",
        error("throw Object.defineProperty(new Error(), 'message', {get () { throw 1 }})"));
    assertEquals("2", shown("1 + 1"));
  }

  @Test
  void whatAHostSendsCannotSteerTheTerminal() throws Exception {
    assertEquals(
        "'\\u001b[2J\\u009b\\u007f\\u202e\\r\\n\\ud800'",
        shown("client.echo('\\u001b[2J\\u009b\\u007f\\u202e\\r\\n\\ud800')"));
    assertEquals("{ 'a\\u001b': 1 }", shown("client.echo({'a\\u001b': 1})"));
    assertEquals(
        "{ constructor: { name: '\\u001b[2J' } }",
        shown("client.echo({constructor: {name: '\\u001b[2J'}})"));
    assertEquals("{ constructor: 5 }", shown("client.echo({constructor: 5})"));
    assertEquals("{ __proto__: 1 }", shown("client.echo(JSON.parse('{\"__proto__\":1}'))"));
    assertEquals("Symbol(\\u001b)", shown("Symbol('\\u001b')"));
    assertEquals("/\\u001b/", shown("new RegExp('\\u001b')"));
    assertEquals(
        "[Function \\u001b]", shown("Object.defineProperty(() => 1, 'name', {value: '\\u001b'})"));
    assertEquals(
        "'\ud83d\udc69\u200d\ud83d\udc67 é'",
        shown("client.echo('\ud83d\udc69\u200d\ud83d\udc67 é')"));
  }

  @Test
  void aThrownNameAndMessageAreSafeToo() throws Exception {
    assertEquals(
        "A\ufffdB: x\\u001b[2J\n    Call log verified.",
        evaluate("client.fail('A\\nB', 'x\\u001b[2J\\nCall log verified.')").error());
    assertEquals("E\ufffd: m", error("client.fail('E\\u001b', 'm')"));
  }

  @Test
  void consoleLinesAreSafe() throws Exception {
    evaluate("console.log('a\\u001b[2J', {b: '\\u009b'}, 'c\\n\\td')");
    assertEquals(List.of("a\\u001b[2J { b: '\\u009b' } c\n\td"), console);
  }

  @Test
  void anEndlessLoopIsStoppedAndTheRestStays() throws Exception {
    String shown =
        v8.submit(
                () -> {
                  try (Evaluator brief = new Evaluator(client, false, console::add, 50)) {
                    String declared = brief.evaluate("var kept = 1; kept").shown();
                    String error = brief.evaluate("kept = 2; for (;;) ;").error();
                    return declared + ", " + error + ", " + brief.evaluate("kept").shown();
                  }
                })
            .get();
    assertEquals("1, stopped: it ran out of fuel, 1", shown);
  }

  @Test
  void randomNumbersDifferFromSessionToSession() throws Exception {
    String first = shown("Math.random()");
    String second =
        v8.submit(
                () -> {
                  try (Evaluator other = new Evaluator(client, false, console::add)) {
                    return other.evaluate("Math.random()").shown();
                  }
                })
            .get();
    assertNotEquals(first, second);
    assertEquals("true", shown("_ >= 0 && Math.random() < 1"));
  }

  @Test
  void paintsOnlyWhenAsked() throws Exception {
    String painted =
        v8.submit(
                () -> {
                  try (Evaluator colourful = new Evaluator(client, true, console::add)) {
                    return colourful.evaluate("['\\u001b[2J', 1]").shown();
                  }
                })
            .get();
    assertEquals("[ \u001b[32m'\\u001b[2J'\u001b[39m, \u001b[33m1\u001b[39m ]", painted);
    assertFalse(shown("['a', 1]").contains("\u001b"));
  }

  @Test
  void longValuesAreCutAndWrapped() throws Exception {
    String shown = shown("Array.from({length: 150}, (_, i) => i)");
    assertTrue(shown.startsWith("[\n  0,\n  1,\n"), shown);
    assertTrue(shown.endsWith("  99,\n  … 50 more\n]"), shown);
  }

  @Test
  void aCallThatTheWatchdogEndedHasAName(@TempDir Path temp) throws Exception {
    String script = "exports.hang = () => Array(1000).fill(2n ** 1000000n).join()";
    try (TestHost slow =
            TestHost.start(temp.resolve("host"), script, false, EvaluatorTest::impatient);
        Client caller =
            Client.signed(
                slow.address(),
                Identity.generate(new SecureRandom()),
                null,
                new KnownLogs(temp.resolve("home")))) {
      Evaluator impatient = v8.submit(() -> new Evaluator(caller, false, console::add)).get();
      Evaluator.Result result = v8.submit(() -> impatient.evaluate("client.hang()")).get();
      assertTrue(result.error().startsWith("AbortedError: the host's watchdog"), result.error());
      v8.submit(impatient::close).get();
    }
  }

  private static Limits impatient(Limits base) {
    return new Limits(
        base.fuel(),
        base.heap(),
        base.stack(),
        base.request(),
        base.result(),
        base.file(),
        base.written(),
        base.waiting(),
        100);
  }
}
