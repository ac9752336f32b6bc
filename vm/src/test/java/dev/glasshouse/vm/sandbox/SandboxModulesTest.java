package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a module exports its methods, and what calling them and others comes to. */
@ExtendWith(OnSandboxThread.class)
class SandboxModulesTest {
  @Test
  void exportsAreListedWithTheirParameters() {
    String source =
        "exports.a = function (x, y) {}; exports.b = (...z) => 1; exports.c = 5;"
            + "exports.odd = Object.defineProperty(() => 1, 'length', { value: '] nonsense' });"
            + "exports.long = Object.defineProperty(() => 1, 'length', { value: 1e9 });";
    try (Guest guest = Guest.commonjs(source)) {
      assertEquals("v[[\"a\",2],[\"b\",0],[\"odd\",0],[\"long\",0]]", guest.loaded.text());
    }
  }

  @Test
  void exportedFunctionIsTheDefaultMethod() {
    try (Guest guest =
        Guest.commonjs(
            "module.exports = function (x) { return x + 1 }; module.exports.f = () => 2")) {
      assertEquals("v[[\"default\",1],[\"f\",0]]", guest.loaded.text());
      assertEquals("v8", guest.call("default", "7"));
      assertEquals("v2", guest.call("f"));
    }
  }

  @Test
  void methodFindsTheExportsAsThis() {
    try (Guest guest =
        Guest.commonjs(
            "'use strict'; module.exports = { n: 1, inc () { return ++this.n } };"
                + "module.exports.who = function () { return this === module.exports }")) {
      assertEquals("v2", guest.call("inc"));
      assertEquals("v3", guest.call("inc"));
      assertEquals("vtrue", guest.call("who"));
    }
    try (Guest guest =
        Guest.commonjs("'use strict'; module.exports = function () { return typeof this }")) {
      assertEquals("v\"undefined\"", guest.call("default"));
    }
  }

  @Test
  void classInstanceExportsItsOwnFunctionsOnly() {
    try (Guest guest =
        Guest.commonjs(
            "class Counter { n = 0; inc = () => ++this.n; hidden () { return 1 } }"
                + "module.exports = new Counter()")) {
      assertEquals("v[[\"inc\",0]]", guest.loaded.text());
      assertEquals("v1", guest.call("inc"));
      assertNoMethod(guest, "hidden");
      assertNoMethod(guest, "n");
    }
    try (Guest guest = Guest.commonjs("exports.C = class {}; exports.ok = () => 1")) {
      assertTrue(guest.call("C").startsWith("e[\"TypeError\","));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void exportsMayChangeLater() {
    try (Guest guest =
        Guest.commonjs(
            "exports.grow = () => { exports.more = () => 7; delete exports.grow };"
                + "exports.swap = () => { module.exports = { only: () => 9 } }")) {
      assertNoMethod(guest, "more");
      guest.call("grow");
      assertEquals("v7", guest.call("more"));
      assertNoMethod(guest, "grow");
      guest.call("swap");
      assertNoMethod(guest, "swap");
      assertEquals("v9", guest.call("only"));
    }
  }

  @Test
  void exportsMayBeStrange() {
    for (String source :
        new String[] {
          "module.exports = null",
          "module.exports = 5",
          "module.exports = undefined",
          "module.exports = Symbol()",
          "module.exports = 'ab'",
          "delete module.exports",
        }) {
      try (Guest guest = Guest.commonjs(source)) {
        assertEquals("v[]", guest.loaded.text(), source);
        assertNoMethod(guest, "x");
      }
    }
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; module.exports = new Proxy({ f () {} },"
                + "{ get (t, k) { return n++ % 2 ? 5 : () => 'turn' } })")) {
      assertEquals("v[[\"f\",0]]", guest.loaded.text());
      assertNoMethod(guest, "f");
      assertEquals("v\"turn\"", guest.call("f"));
    }
    try (Guest guest =
        Guest.commonjs(
            "let armed = false; exports.arm = () => { armed = true };"
                + "Object.defineProperty(exports, 'g', { enumerable: true, get () {"
                + " if (armed) throw new Error('getter'); return () => 1 } })")) {
      assertEquals("v1", guest.call("g"));
      guest.call("arm");
      assertEquals("e[\"Error\",\"getter\"]", guest.call("g"));
    }
  }

  @Test
  void esModuleExportsNamedAndDefault() {
    try (Guest guest =
        Guest.module(
            """
            let n = 0; export function inc (by = 1) { return n += by }
            export const later = async () => { await 0; return n };
            export let n2 = 5; export default () => typeof this;
            export let live = () => 1; export function swap () { live = () => 2 }\
            """)) {
      assertEquals(
          "v[[\"default\",0],[\"inc\",0],[\"later\",0],[\"live\",0],[\"swap\",0]]",
          guest.loaded.text());
      assertEquals("v3", guest.call("inc", "3"));
      assertEquals("v3", guest.call("later"));
      assertEquals("v\"undefined\"", guest.call("default"));
      assertEquals("v1", guest.call("live"));
      guest.call("swap");
      assertEquals("v2", guest.call("live"));
    }
  }

  @Test
  void esModuleMayAwaitAtTheTop() {
    try (Guest guest =
        Guest.module(
            "const x = await (async () => { await 0; return 4 })(); export const f = () => x")) {
      assertEquals("v[[\"f\",0]]", guest.loaded.text());
      assertEquals("v4", guest.call("f"));
    }
    try (Guest guest = Guest.module("await new Promise(() => {}); export const f = () => 1")) {
      assertTrue(guest.loaded.text().contains("never settles"), guest.loaded.text());
    }
  }

  @Test
  void nothingCanBeImportedOrRequired() {
    try (Guest guest = Guest.module("import fs from 'fs'")) {
      assertTrue(guest.loaded.text().startsWith("e["), guest.loaded.text());
    }
    try (Guest guest =
        Guest.commonjs(
            "exports.r = () => require('fs');exports.i = async () => { await import('./x.js')"
                + " };exports.e = () => Object.getOwnPropertyNames(globalThis).filter(n =>"
                + " ['process', 'require', 'host', 'module', 'Atomics', 'std',"
                + " 'os'].includes(n))")) {
      assertTrue(guest.call("r").startsWith("e[\"ModuleNotFoundError\""), guest.call("r"));
      assertTrue(guest.call("i").startsWith("e["), guest.call("i"));
      assertEquals("v[]", guest.call("e"));
    }
  }

  @Test
  void whatIsThrownIsDescribed() {
    String[][] cases = {
      {"throw new Error('m')", "e[\"Error\",\"m\"]"},
      {"throw new TypeError('m')", "e[\"TypeError\",\"m\"]"},
      {"class E extends RangeError { name = 'Own' } throw new E('m')", "e[\"Own\",\"m\"]"},
      {"throw 'text'", "e[\"Error\",\"text\"]"},
      {"throw 5", "e[\"Error\",\"5\"]"},
      {"throw null", "e[\"Error\",\"null\"]"},
      {"throw undefined", "e[\"Error\",\"undefined\"]"},
      {"throw 12n", "e[\"Error\",\"12\"]"},
      {"throw Symbol('s')", "e[\"Error\",\"Symbol(s)\"]"},
      {"throw { a: 1 }", "e[\"Error\",\"{\\\"a\\\":1}\"]"},
      {"throw '\\ud800'", "e[\"Error\",\"�\"]"},
      {"throw { get a () { throw 1 } }", "e[\"Error\",\"an error that cannot be shown\"]"},
      {
        "const e = new Error('x'); Object.defineProperty(e, 'message', { get () { throw e } });"
            + " throw e",
        "e[\"Error\",\"an error that cannot be shown\"]"
      },
      {
        "throw Object.assign(new Error('x'), { name: { toString () { return 'T' } } })",
        "e[\"T\",\"x\"]"
      },
      {"null.x", "e[\"TypeError\",\"cannot read property 'x' of null\"]"},
    };
    StringBuilder source = new StringBuilder("exports.ok = () => 1;\n");
    for (int i = 0; i < cases.length; i++) {
      source
          .append("exports.m")
          .append(i)
          .append(" = () => { ")
          .append(cases[i][0])
          .append(" };\n");
      source.append("exports.a").append(i).append(" = async () => { await 0; ");
      source.append(cases[i][0]).append(" };\n");
    }
    source.append("exports.long = () => { throw new Error('y'.repeat(1e6)) };\n");
    try (Guest guest = Guest.commonjs(source.toString())) {
      for (int i = 0; i < cases.length; i++) {
        assertEquals(cases[i][1], guest.call("m" + i), cases[i][0]);
        assertEquals(cases[i][1], guest.call("a" + i), cases[i][0]);
      }
      assertEquals("e[\"Error\",\"" + "y".repeat(4096) + "\"]", guest.call("long"));
      assertEquals("v1", guest.call("ok"));
    }
  }

  @Test
  void namesThatEveryObjectHasAreNoMethods() {
    for (String source :
        new String[] {"exports.ok = () => 1", "module.exports = function () { return 1 }"}) {
      try (Guest guest = Guest.commonjs(source)) {
        for (String name :
            new String[] {
              "__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "call", "apply",
              "bind", "prototype", "__defineGetter__", "length", "then", "", "0",
            }) {
          assertNoMethod(guest, name);
        }
      }
    }
    try (Guest guest = Guest.module("export const ok = () => 1")) {
      assertNoMethod(guest, "__proto__");
      assertNoMethod(guest, "toString");
    }
    try (Guest guest =
        Guest.commonjs(
            "exports.__proto__ = { sneaky () {} };Object.defineProperty(exports, '__proto__', {"
                + " value: () => 'own', enumerable: true });exports.constructor = () => 'mine'")) {
      assertEquals("v\"own\"", guest.call("__proto__"));
      assertEquals("v\"mine\"", guest.call("constructor"));
      assertNoMethod(guest, "sneaky");
    }
  }

  private static void assertNoMethod(Guest guest, String name) {
    assertEquals(
        "e[\"MethodNotFoundError\",\"the module exports no method \\\"" + name + "\\\"\"]",
        guest.call(name));
  }
}
