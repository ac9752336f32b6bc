package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What reaches the host, what comes from it, and what never does. */
@ExtendWith(OnSandboxThread.class)
class SandboxHostTest {
  @Test
  void consoleGoesToTheLog() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { console.log('a', 1, null, undefined, true, 2n, [1], { a: 'b' });"
                + "console.debug('d'); console.info('i'); console.warn('w'); console.error('e');"
                + "console.log(); console.log('\\ud800', Symbol('s'), function named () {});"
                + "const c = {}; c.c = c; console.log(c); console.log('x'.repeat(1e6)) }")) {
      assertEquals("vnull", guest.call("f"));
      List<String> lines = guest.lines();
      assertEquals("info a 1 null undefined true 2n [ 1 ] { a: 'b' }", lines.get(0));
      assertEquals(List.of("debug d", "info i", "warn w", "error e", "info "), lines.subList(1, 6));
      assertEquals("info � Symbol(s) [Function: named]", lines.get(6));
      assertEquals("info <ref *1> { c: [Circular *1] }", lines.get(7));
      assertEquals("info " + "x".repeat(4096), lines.get(8));
    }
  }

  @Test
  void timeIsTheHosts() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => [Date.now(), new Date().toISOString(), performance.now() ==="
                + " performance.now(), new Date(2020, 0, 1).getTime(), new"
                + " Date(0).getTimezoneOffset()];exports.s = () => [new Date(0).toString(), new"
                + " Date(0).toLocaleString(), new Date(0).toLocaleDateString(), new"
                + " Date(0).toLocaleTimeString(), (1234567.891).toLocaleString(),"
                + " 'I'.toLocaleLowerCase(), 'i'.toLocaleUpperCase(), ['b', 'a', 'Z', 'ä'].sort((x,"
                + " y) => x.localeCompare(y)), typeof Intl]")) {
      assertEquals(
          "v[1700000000000,\"2023-11-14T22:13:20.000Z\",true,1577836800000,0]", guest.call("f"));
      assertEquals(
          "v[\"Thu Jan 01 1970 00:00:00 GMT+0000\",\"01/01/1970, 12:00:00"
              + " AM\",\"01/01/1970\",\"12:00:00"
              + " AM\",\"1234567.891\",\"i\",\"I\",[\"Z\",\"a\",\"b\",\"ä\"],\"undefined\"]",
          guest.call("s"));
    }
  }

  @Test
  void randomNumbersComeFromLoggedEntropy() {
    String source =
        "exports.f = () => [Math.random(), Math.random()]; exports.none = () => 1;"
            + "exports.range = () => { for (let i = 0; i < 1e4; i++) { const x = Math.random();"
            + " if (!(x >= 0 && x < 1)) return x } return 'ok' }";
    String first;
    String second;
    try (Guest guest = Guest.commonjs(source)) {
      guest.call("none");
      assertEquals(0, guest.asked.size());
      first = guest.call("f");
      assertEquals(1, guest.asked.size(), "one seed a call");
      assertEquals(HostOp.ENTROPY, guest.asked.get(0).op());
      second = guest.call("f");
      assertEquals(2, guest.asked.size());
      assertEquals("v\"ok\"", guest.call("range"));
    }
    assertTrue(!first.equals(second), first);
    try (Guest guest = Guest.commonjs(source)) {
      assertEquals(first, guest.call("f"));
      assertEquals(second, guest.call("f"));
    }
  }

  @Test
  void nothingElseIsUnknowable() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { const w = new WeakRef({}); return [ typeof host, typeof process,"
                + " typeof SharedArrayBuffer, typeof Atomics, typeof Intl, typeof"
                + " WebAssembly, performance.timeOrigin >= 0] };exports.nan = () => { const f = new"
                + " Float32Array([0 / 0, -NaN, Infinity - Infinity]); const d = new"
                + " Float64Array([Math.sqrt(-1), -(0 / 0)]); return [new Uint8Array(f.buffer), new"
                + " Uint8Array(d.buffer)] }")) {
      assertEquals(
          "v[\"undefined\",\"undefined\",\"function\",\"undefined\",\"undefined\",\"undefined\",true]",
          guest.call("f"));
      assertEquals(
          "v[{\"$bytes\":\"AADAfwAAwH8AAMB/\"},{\"$bytes\":\"AAAAAAAA+H8AAAAAAAD4fw==\"}]",
          guest.call("nan"));
    }
  }

  @Test
  void filesAskWithOperationPathAndBody() {
    try (Guest guest =
        Guest.commonjs(
            "const fs = System.files; exports.f = async (m, ...a) => fs[m](...a);exports.twice = ()"
                + " => { fs.writeFile('/a', '1'); fs.unlink('/a'); fs.mkdir('/b') }")) {
      assertAsked(guest, "[\"write\",\"/x\"]", "text", "\"writeFile\",\"/x\",\"text\"");
      assertAsked(guest, "[\"write\",\"/x\"]", "[1]", "\"writeFile\",\"/x\",[1]");
      assertAsked(guest, "[\"write\",\"/x\"]", "\"s\"", "\"writeFile\",\"/x\",\"s\",\"json\"");
      assertAsked(
          guest,
          "[\"write\",\"/x\"]",
          "\"s\"",
          "\"writeFile\",\"/x\",\"s\",{\"encoding\":\"json\"}");
      assertAsked(guest, "[\"write\",\"/x\"]", "hi", "\"writeFile\",\"/x\",\"6869\",\"hex\"");
      assertAsked(guest, "[\"write\",\"/x\"]", "hi", "\"writeFile\",\"/x\",\"aGk=\",\"base64\"");
      assertAsked(guest, "[\"write\",\"/x\"]", "ab", "\"writeFile\",\"/x\",{\"$bytes\":\"YWI=\"}");
      assertAsked(guest, "[\"write\",\"\\\"\\\\\\n\"]", "", "\"writeFile\",\"\\\"\\\\\\n\",\"\"");
      assertAsked(guest, "[\"write\",\"�\"]", "�", "\"writeFile\",\"\\ud800\",\"\\udc00\"");
      assertAsked(guest, "[\"readText\",\"/x\"]", "", "\"readFile\",\"/x\"");
      assertAsked(guest, "[\"readText\",\"/x\"]", "", "\"readFile\",\"/x\",\"utf-8\"");
      assertAsked(guest, "[\"readJson\",\"/x\"]", "", "\"readFile\",\"/x\",\"json\"");
      assertAsked(guest, "[\"unlink\",\"/x\"]", "", "\"unlink\",\"/x\"");
      assertAsked(guest, "[\"rmdir\",\"/x\",false]", "", "\"rmdir\",\"/x\"");
      assertAsked(guest, "[\"rmdir\",\"/x\",true]", "", "\"rmdir\",\"/x\",{\"recursive\":true}");
      assertAsked(guest, "[\"copy\",\"/x\",\"/y\"]", "", "\"copy\",\"/x\",\"/y\"");
      int before = guest.asked.size();
      assertEquals("vnull", guest.call("twice"));
      assertEquals(
          List.of("[\"write\",\"/a\"]", "[\"unlink\",\"/a\"]", "[\"mkdir\",\"/b\"]"),
          guest.asked.subList(before, before + 3).stream().map(Guest.Asked::text).toList());
    }
  }

  private static void assertAsked(Guest guest, String text, String body, String params) {
    String answer = guest.call("f", params);
    assertTrue(answer.startsWith("v"), answer);
    Guest.Asked last = guest.asked.get(guest.asked.size() - 1);
    assertEquals(HostOp.FILE, last.op());
    assertEquals(text, last.text());
    assertEquals(body, last.bodyText());
  }

  @Test
  void wrongArgumentsNeverReachTheHost() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = async (m, ...a) => System.files[m](...a); exports.g = () =>"
                + " System.oracle(5)")) {
      assertEquals(
          "e[\"InvalidPathError\",\"a path must be a string\"]", guest.call("f", "\"readFile\",5"));
      assertEquals(
          "e[\"InvalidEncodingError\",\"encoding must be utf8, json, base64, hex or binary\"]",
          guest.call("f", "\"readFile\",\"/x\",\"latin1\""));
      assertEquals(
          "e[\"InvalidEncodingError\",\"the content is not hex\"]",
          guest.call("f", "\"writeFile\",\"/x\",\"xyz\",\"hex\""));
      assertEquals(
          "e[\"InvalidEncodingError\",\"the content is not base64\"]",
          guest.call("f", "\"writeFile\",\"/x\",\"*\",\"base64\""));
      assertEquals("e[\"TypeError\",\"System.oracle takes a function\"]", guest.call("g"));
      assertEquals(0, guest.asked.size());
    }
  }

  @Test
  void refusalsAreErrorsOfTheirName() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = async () => { try { await System.files.stat('/x') } catch (e) {"
                + " return [e instanceof Error, e.name, e.message, Object.keys(e)] } }")) {
      guest.fileReply = HostReply.error("OwnError", "line one\nline two");
      assertEquals("v[true,\"OwnError\",\"line one\\nline two\",[]]", guest.call("f"));
    }
  }

  @Test
  void fetchExistsInsideAnOracleOnly() {
    try (Guest guest =
        Guest.commonjs(
            "exports.out = () => fetch('http://x/'); exports.in = () => System.oracle(async () => {"
                + " const r = await fetch('http://x/', { method: 'POST', headers: { A: 'b',"
                + " __proto__x: 1 }, body: 'q' }); return [r.status, r.ok, r.url,"
                + " r.headers.get('CONTENT-TYPE'), r.headers.get('constructor'), await r.text(),"
                + " (await r.bytes()).length] })")) {
      assertTrue(guest.call("out").startsWith("e[\"OutsideError\",\"fetch reaches outside"));
      assertEquals(0, guest.asked.size());
      byte[] head =
          "{\"url\":\"http://x/y\",\"status\":204,\"statusText\":\"\",\"headers\":{\"content-type\":\"t\"}}"
              .getBytes(StandardCharsets.US_ASCII);
      byte[] reply = new byte[4 + head.length + 3];
      reply[0] = (byte) head.length;
      System.arraycopy(head, 0, reply, 4, head.length);
      guest.fetchReply = HostReply.bytes(reply);
      guest.fileReply = HostReply.text("decoded");
      assertEquals("v[204,true,\"http://x/y\",\"t\",null,\"decoded\",3]", guest.call("in"));
      Guest.Asked fetch = guest.asked.get(1);
      assertEquals(
          "{\"url\":\"http://x/\",\"method\":\"POST\",\"headers\":{\"A\":\"b\",\"__proto__x\":\"1\"}}",
          fetch.text());
      assertEquals("q", fetch.bodyText());
    }
  }

  @Test
  void mailboxGrowsForBothSides() {
    long seed = 7;
    Random random = new Random(seed);
    try (Guest guest =
        Guest.commonjs(
            "exports.len = x => x.length; exports.make = n => 'y'.repeat(n);exports.read = async ()"
                + " => (await System.files.readFile('/x', 'binary')).reduce( (a, b) => (a * 31 + b)"
                + " | 0, 0);exports.write = (n, b) => { System.files.writeFile('/x', new"
                + " Uint8Array(n).fill(b)) };exports.both = async n => {"
                + " System.files.writeFile('/x', new Uint8Array(n).fill(5)); const x = await"
                + " System.files.readFile('/x', 'binary'); System.files.writeFile('/y', x); return"
                + " x.length }")) {
      int size = 1000;
      for (int round = 0; round < 12; round++) {
        size = 500 + random.nextInt(1 << (10 + round));
        String at = "seed " + seed + ", round " + round + ", size " + size;
        int order = random.nextInt(3);
        if (order == 0) {
          assertEquals("v" + size, guest.call("len", "\"" + "x".repeat(size) + "\""), at);
        }
        byte[] file = new byte[size];
        random.nextBytes(file);
        guest.fileReply = HostReply.bytes(file);
        int expected = 0;
        for (byte b : file) {
          expected = expected * 31 + (b & 0xff);
        }
        assertEquals("v" + expected, guest.call("read"), at);
        if (order == 1) {
          assertEquals("v\"" + "y".repeat(size) + "\"", guest.call("make", "" + size), at);
        }
        assertEquals("vnull", guest.call("write", size + ",7"), at);
        byte[] sevens = new byte[size];
        Arrays.fill(sevens, (byte) 7);
        assertArrayEquals(sevens, guest.asked.get(guest.asked.size() - 1).body(), at);
        assertEquals("v" + size, guest.call("both", "" + size * 2), at);
        assertArrayEquals(file, guest.asked.get(guest.asked.size() - 1).body(), at);
        guest.asked.clear();
      }
    }
  }

  @Test
  void whatTheHostThrowsStopsTheGuest() {
    IllegalStateException thrown = new IllegalStateException("the disk is gone");
    try (Guest guest =
        Guest.commonjs(
            "exports.f = async () => { try { console.log(1) } catch (e) { return 'caught' } }")) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  guest.sandbox.run(
                      Turn.call("f", null, "[]"),
                      0,
                      100,
                      (op, text, body, fork) -> {
                        throw thrown;
                      }));
      assertEquals(thrown, e);
    }
  }
}
