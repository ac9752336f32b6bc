package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values on their way into the guest and out of it. */
@ExtendWith(OnSandboxThread.class)
class SandboxValuesTest {
  private static final String ECHO =
      "exports.echo = x => x; exports.type = x => Object.prototype.toString.call(x) + String(x);";

  @Test
  void jsonComesBackAsItWent() {
    try (Guest guest = Guest.commonjs(ECHO)) {
      for (String json :
          new String[] {
            "null",
            "true",
            "0",
            "-1.5",
            "1e+21",
            "1e-7",
            "123456789012345680000",
            "\"\"",
            "\"é€😀\"",
            "\"\\ud800\"",
            "\"x\\udfff\\ud800y\"",
            "\"\\u0000\\\"\\\\\"",
            "[]",
            "[[],[[1]]]",
            "{\"b\":1,\"a\":{\"c\":[null]}}",
            "{\"__proto__\":{\"x\":1}}",
            "{\"toJSON\":1,\"then\":2,\"constructor\":3}",
            "{\"$bytes\":\"\"}",
            "{\"$bytes\":\"AAH/\"}",
            "{\"a\":[{\"$bytes\":\"AQID\"}]}",
            "{\"$bigint\":\"-123456789012345678901234567890\"}",
            "{\"$$x\":1}",
            "{\"$$bytes\":\"AQID\"}",
            "{\"$$$x\":{\"$$y\":[{\"$bigint\":\"0\"}]}}",
            "{\"$a\":1,\"$b\":2}",
            "[{\"$bytes\":\"AA==\"},{\"$$\":null}]",
          }) {
        assertEquals("v" + json, guest.call("echo", json), json);
      }
      assertEquals("v0", guest.call("echo", "-0"), "JSON.stringify has no negative zero");
      assertEquals("v{\"$bytes\":\"AQ==\"}", guest.call("echo", "{\"\\u0024bytes\":\"AQ==\"}"));
      assertEquals("v{\"$$other\":1}", guest.call("echo", "{\"$other\":1}"));
      assertEquals("v{\"$$bytes\":1}", guest.call("echo", "{\"$bytes\":1}"));
    }
  }

  @Test
  void numbersAreAsJsonHasThem() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = x => [NaN, Infinity, -Infinity, -0, 0.1 + 0.2, 2 ** 53, 1e21,"
                + " 5e-324][x]")) {
      String[] expected = {
        "null", "null", "null", "0", "0.30000000000000004", "9007199254740992", "1e+21", "5e-324"
      };
      for (int i = 0; i < expected.length; i++) {
        assertEquals("v" + expected[i], guest.call("f", "" + i));
      }
    }
  }

  @Test
  void taggedValuesHaveTheirTypeInside() {
    try (Guest guest = Guest.commonjs(ECHO)) {
      assertEquals("v\"[object Uint8Array]1,2,3\"", guest.call("type", "{\"$bytes\":\"AQID\"}"));
      assertEquals("v\"[object BigInt]12\"", guest.call("type", "{\"$bigint\":\"12\"}"));
      assertEquals("v\"[object Number]0\"", guest.call("type", "-0"));
      assertTrue(guest.call("type", "{\"$bytes\":\"*\"}").startsWith("e[\"SyntaxError\","));
      assertTrue(guest.call("type", "{\"$bigint\":\"x\"}").startsWith("e[\"SyntaxError\","));
      assertEquals("v\"still here\"", guest.call("echo", "\"still here\""));
    }
  }

  @Test
  void whatTheGuestMakesIsWrittenAsJsonWritesIt() {
    String[][] cases = {
      {"undefined", "vnull"},
      {"-0", "v0"},
      {"NaN", "vnull"},
      {"1/0", "vnull"},
      {"1e21", "v1e+21"},
      {"5e-324", "v5e-324"},
      {"0.1 + 0.2", "v0.30000000000000004"},
      {"2 ** 53", "v9007199254740992"},
      {"'\\ud83d' + '\\ude00'", "v\"😀\""},
      {"'a\\udc00'", "v\"a\\udc00\""},
      {"new Date(0)", "v\"1970-01-01T00:00:00.000Z\""},
      {"new Date(NaN)", "vnull"},
      {"new Map([[1, 2]])", "v{}"},
      {"new Set([1])", "v{}"},
      {"/x/g", "v{}"},
      {"new Error('x')", "v{}"},
      {"new Number(3)", "v3"},
      {"new String('s')", "v\"s\""},
      {"[undefined, NaN, , -0]", "v[null,null,null,0]"},
      {"({ a: undefined, b: 1 })", "v{\"b\":1}"},
      {"10n ** 20n", "v{\"$bigint\":\"100000000000000000000\"}"},
      {"[new Uint8Array([255]), 1n]", "v[{\"$bytes\":\"/w==\"},{\"$bigint\":\"1\"}]"},
      {"({ $x: 1 })", "v{\"$$x\":1}"},
      {"({ $bytes: 'AA==' })", "v{\"$$bytes\":\"AA==\"}"},
      {"({ $bytes: 'AA==', gone: undefined })", "v{\"$$bytes\":\"AA==\"}"},
      {"({ gone: undefined, $bigint: '1' })", "v{\"$$bigint\":\"1\"}"},
      {"({ $bytes: 'AA==', kept: 0 })", "v{\"$bytes\":\"AA==\",\"kept\":0}"},
      {"({ toJSON () { return { $x: 1 } } })", "v{\"$$x\":1}"},
      {"Object.create({ inherited: 1 })", "v{}"},
      {"new Uint16Array([7])", "v{\"0\":7}"},
    };
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < cases.length; i++) {
      source.append("exports.m").append(i).append(" = () => (").append(cases[i][0]).append(");\n");
    }
    try (Guest guest = Guest.commonjs(source.toString())) {
      for (int i = 0; i < cases.length; i++) {
        assertEquals(cases[i][1], guest.call("m" + i), cases[i][0]);
      }
    }
  }

  @Test
  void whatCannotCrossIsTheGuestsError() {
    String[][] cases = {
      {"() => () => 1", "e[\"TypeError\",\"a function cannot be sent: "},
      {"() => Symbol('s')", "e[\"TypeError\",\"a symbol cannot be sent: "},
      {"() => [{ f () {} }]", "e[\"TypeError\",\"a function cannot be sent: "},
      {"() => { const a = {}; a.a = a; return a }", "e[\"TypeError\",\"circular reference\"]"},
      {"() => ({ get x () { throw new RangeError('no') } })", "e[\"RangeError\",\"no\"]"},
      {"() => ({ toJSON () { throw 1 } })", "e[\"Error\",\"1\"]"},
      {"() => new Proxy({}, { ownKeys () { throw new Error('keys') } })", "e[\"Error\",\"keys\"]"},
      {"() => 1n << 40000n", "e[\"RangeError\",\"a BigInt of more than 32768 bits"},
      {"() => -1n << 40000n", "e[\"RangeError\",\"a BigInt of more than 32768 bits"},
      {"() => Object(1n)", "e[\"TypeError\","},
    };
    StringBuilder source = new StringBuilder("exports.ok = x => typeof x;\n");
    for (int i = 0; i < cases.length; i++) {
      source.append("exports.m").append(i).append(" = ").append(cases[i][0]).append(";\n");
    }
    try (Guest guest = Guest.commonjs(source.toString())) {
      for (int i = 0; i < cases.length; i++) {
        String answer = guest.call("m" + i);
        assertEquals(cases[i][1], answer.substring(0, cases[i][1].length()), answer);
        assertEquals("v\"undefined\"", guest.call("ok"));
      }
      assertEquals(
          "e[\"RangeError\",\"a BigInt of more than 32768 bits cannot cross\"]",
          guest.call("ok", "{\"$bigint\":\"" + "9".repeat(10_001) + "\"}"));
      assertEquals("v\"bigint\"", guest.call("ok", "{\"$bigint\":\"" + "9".repeat(9_000) + "\"}"));
    }
  }
}
