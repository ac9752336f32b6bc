package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Web's and Node's globals. Expected values are those of browsers and of Node 20. */
@ExtendWith(OnSandboxThread.class)
class GuestWebTest {
  // The n-th method of the module comes to the n-th expression.
  private static Guest guest(String... expressions) {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < expressions.length; i++) {
      source.append("exports.f" + i + " = async () => { return " + expressions[i] + "\n};");
    }
    return Guest.commonjs(source.toString());
  }

  /** Pairs of what is expected and the expression. */
  private static void assertValues(String... pairs) {
    String[] expressions = new String[pairs.length / 2];
    for (int i = 0; i < expressions.length; i++) {
      expressions[i] = pairs[2 * i + 1];
    }
    try (Guest guest = guest(expressions)) {
      for (int i = 0; i < expressions.length; i++) {
        assertEquals(pairs[2 * i], guest.call("f" + i), expressions[i]);
      }
    }
  }

  private static void assertError(String name, String... expressions) {
    try (Guest guest = guest(expressions)) {
      for (int i = 0; i < expressions.length; i++) {
        String answer = guest.call("f" + i);
        assertTrue(answer.startsWith("e[\"" + name + "\","), expressions[i] + ": " + answer);
      }
    }
  }

  @Test
  void globalsAreAsInBrowsers() {
    String names =
        "['TextEncoder', 'TextDecoder', 'structuredClone', 'crypto', 'setTimeout', 'setInterval',"
            + " 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'atob', 'btoa',"
            + " 'queueMicrotask', 'URL', 'URLSearchParams', 'Buffer', 'fetch', 'console']";
    assertValues(
        "v[]",
        names
            + ".filter(n => { void globalThis[n];"
            + " const d = Object.getOwnPropertyDescriptor(globalThis, n);"
            + " return !d || d.enumerable || !d.configurable || typeof globalThis[n] !== 'function'"
            + " && typeof globalThis[n] !== 'object' })",
        "v[5,\"mine\",\"number\"]",
        "(() => { URL = 5; globalThis.Buffer = 'mine'; fetch = 1;"
            + " return [URL, Buffer, typeof fetch] })()",
        "v[\"performance\"]",
        "Object.keys(globalThis)");
  }

  @Test
  void textEncoder() {
    assertValues(
        "v{\"$bytes\":\"YeKCrPCfmIDvv70=\"}",
        "new TextEncoder().encode('a€😀\\ud800')",
        "v[0,\"utf-8\"]",
        "[new TextEncoder().encode().length, new TextEncoder().encoding]",
        "v[{\"read\":2,\"written\":4},{\"$bytes\":\"YeKCrAA=\"}]",
        "(() => { const b = new Uint8Array(5); return [new TextEncoder().encodeInto('a€€', b), b]"
            + " })()",
        "v[300000,true]",
        "(() => { const s = 'xé😀'.repeat(100000 / 4) + 'y'.repeat(125000);"
            + " const b = new TextEncoder().encode(s); return [b.length,"
            + " new TextDecoder().decode(b) === s] })()");
  }

  @Test
  void textDecoderReplacesWhatIsMalformed() {
    assertValues(
        "v\"�A�€�😀���B�\"",
        "new TextDecoder().decode(new Uint8Array([0xff, 0x41, 0xc0, 0xe2, 0x82, 0xac, 0xe2, 0x82,"
            + " 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80, 0x42, 0xf0, 0x9f]))",
        "e[\"TypeError\",\"the bytes are not utf-8\"]",
        "new TextDecoder('utf8', { fatal: true }).decode(new Uint8Array([0x61, 0xff]))",
        "v[\"a\",\"\ufeffa\"]",
        "(() => { const b = new Uint8Array([0xef, 0xbb, 0xbf, 0x61]); return [new"
            + " TextDecoder().decode(b), new TextDecoder('utf-8', { ignoreBOM: true }).decode(b)]"
            + " })()",
        "v\"\"",
        "new TextDecoder().decode()",
        "e[\"TypeError\",\"decode takes an ArrayBuffer or a view of one\"]",
        "new TextDecoder().decode('text')");
  }

  @Test
  void textDecoderStreams() {
    assertValues(
        "v[\"\",\"\",\"\",\"😀\",\"\",\"�\"]",
        "(() => { const d = new TextDecoder(); return [...[0xf0, 0x9f, 0x98, 0x80].map(b =>"
            + " d.decode(new Uint8Array([b]), { stream: true })),"
            + " d.decode(new Uint8Array([0xe2]), { stream: true }), d.decode()] })()",
        "v[\"\",\"\",\"a\"]",
        "(() => { const d = new TextDecoder(); return [[0xef, 0xbb], [0xbf], [0x61]].map(b =>"
            + " d.decode(new Uint8Array(b), { stream: true })) })()",
        "v[\"\",\"\",\"\",\"😀\",\"�\"]",
        "(() => { const d = new TextDecoder('utf-16le'); return [...[0x3d, 0xd8, 0, 0xde].map(b =>"
            + " d.decode(new Uint8Array([b]), { stream: true })),"
            + " d.decode(new Uint8Array([0x3d]))] })()");
  }

  @Test
  void otherEncodings() {
    assertValues(
        "v[\"windows-1252\",\"A€éŸ\"]",
        "(() => { const d = new TextDecoder(' Latin1\\n'); return [d.encoding,"
            + " d.decode(new Uint8Array([0x41, 0x80, 0xe9, 0x9f]))] })()",
        "v[\"A€\",\"A€\"]",
        "[new TextDecoder('utf-16').decode(new Uint8Array([0x41, 0, 0xac, 0x20])),"
            + " new TextDecoder('utf-16be').decode(new Uint8Array([0, 0x41, 0x20, 0xac]))]");
    assertError("RangeError", "new TextDecoder('koi8-r')");
  }

  @Test
  void urls() {
    assertValues(
        "v[\"http://user:pw@host:8080/a/c?q=%C3%BC%27#f\",\"http://host:8080\",\"ü'\",\"\"]",
        "(() => { const u = new URL(\"../c?q=ü'#f\", 'http://user:pw@HOST:8080/a/b/x'); return"
            + " [u.href, u.origin, u.searchParams.get('q'), new URL('http://x:80/').port] })()",
        "v[true,false]",
        "[URL.canParse('a:b'), URL.canParse('//x')]",
        "e[\"TypeError\",\"Invalid URL: nope\"]",
        "new URL('nope')",
        "v[\"http://127.0.0.1/\",\"http://[::1]/\",\"file:///C:/x\",\"data:text/plain,a b\"]",
        "['http://0x7f.1/', 'http://[0:0::1]', 'file:C|/x', 'data:text/plain,a b']"
            + ".map(x => new URL(x).href)",
        "v\"a=1&b=x+y&b=%26\"",
        "(() => { const p = new URLSearchParams({ b: 'x y' }); p.append('b', '&'); p.set('a', 1);"
            + " p.sort(); return String(p) })()");
  }

  @Test
  void internationalHostNames() {
    assertValues(
        "v[\"xn--mnchen-3ya.de\",\"xn--fa-hia.de\",\"xn--4xa.com\",\"example.com\",\"xn--ls8h.la\","
            + "\"a.b\",\"xn--fsqu00a.xn--0zwm56d\"]",
        "['MÜNCHEN.de', 'faß.de', 'Σ.com', 'ＥＸＡＭＰＬＥ.com', '💩.la', 'a。b', '例子.测试']"
            + ".map(h => new URL('http://' + h).hostname)");
    assertError(
        "TypeError",
        "new URL('http://xn--a.ü')",
        "new URL('http://\\u0301x')",
        "new URL('http://a\\u200eb')",
        "new URL('http://\\ufffd')",
        "new URL('http://xn--mnchen-3y!.ü')");
  }

  @Test
  void digests() {
    String hex =
        "Promise.all(['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512'].map(async a => new"
            + " Uint8Array(await crypto.subtle.digest(a, new"
            + " TextEncoder().encode('abc'))).toHex()))";
    assertValues(
        "v[\"a9993e364706816aba3e25717850c26c9cd0d89d\","
            + "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
            + "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358bae"
            + "ca134c825a7\","
            + "\"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3"
            + "c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f\"]",
        hex);
    assertError("NotSupportedError", "crypto.subtle.digest('MD5', new Uint8Array())");
    assertError("TypeError", "crypto.subtle.digest('SHA-1', 'text')");
    assertValues(
        "v[true,true]",
        "(() => { const p = crypto.subtle.digest('SHA-1', new DataView(new ArrayBuffer(3)));"
            + " return p.then(b => [b instanceof ArrayBuffer, b.byteLength === 20]) })()");
  }

  @Test
  void randomValuesAreLoggedEntropy() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { const a = new Uint16Array(3);"
                + " return [crypto.getRandomValues(a) === a, [...a]] };"
                + "exports.id = () => crypto.randomUUID(); exports.none = () =>"
                + " crypto.getRandomValues(new Uint8Array(0)).length;"
                + "exports.big = () => crypto.getRandomValues(new Uint8Array(65537));"
                + "exports.float = () => crypto.getRandomValues(new Float64Array(1))")) {
      assertEquals("v[true,[257,257,257]]", guest.call("f"));
      assertEquals("v\"02020202-0202-4202-8202-020202020202\"", guest.call("id"));
      assertEquals("v0", guest.call("none"));
      assertTrue(guest.call("big").startsWith("e[\"QuotaExceededError\","));
      assertTrue(guest.call("float").startsWith("e[\"TypeMismatchError\","));
      assertEquals(
          List.of("6", "16"),
          guest.asked.stream()
              .filter(a -> a.op() == HostOp.ENTROPY)
              .map(Guest.Asked::text)
              .toList());
    }
  }

  @Test
  void clones() {
    assertValues(
        "v[5,true,\"/a/gi\",\"RangeError:"
            + " q\",{\"a\":1},{\"$bytes\":\"Ag==\"},2,{\"$bigint\":\"5\"},\"object\",3,false]",
        "(() => { const s = structuredClone({ d: new Date(5), m: new Map([[1, new Set([2])]]),"
            + " r: /a/gi, e: new RangeError('q', { cause: { a: 1 } }),"
            + " b: new Uint8Array([1, 2]).subarray(1), n: 5n, o: Object(1), h: [, 1, ,] });"
            + " return [s.d.getTime(), s.m.get(1).has(2), String(s.r), String(s.e), s.e.cause, s.b,"
            + " s.b.buffer.byteLength, s.n, typeof s.o, s.h.length, 0 in s.h] })()",
        "v[true,true,true,0,4]",
        "(() => { const a = { list: [] }; a.self = a; a.list.push(a.list); const b ="
            + " structuredClone(a); const buffer = new ArrayBuffer(4); const c ="
            + " structuredClone([buffer], { transfer: [buffer] }); return [b !== a && b.self === b,"
            + " b.list[0] === b.list, Object.getPrototypeOf(structuredClone(new (class X {})()))"
            + " === Object.prototype, buffer.byteLength, c[0].byteLength] })()");
    assertError(
        "DataCloneError",
        "structuredClone(() => 1)",
        "structuredClone(Symbol())",
        "structuredClone(new WeakMap())",
        "structuredClone(new WeakRef({}))",
        "structuredClone(Promise.resolve())",
        "structuredClone({ f () {} })",
        "structuredClone([Symbol()])",
        "structuredClone(new Map([[1, () => 1]]))");
  }

  @Test
  void base64OfTheWeb() {
    assertValues("v[\"aGk=\",\"hi\",\"hi\"]", "[btoa('hi'), atob('aGk='), atob(' aG k ')]");
    assertError("InvalidCharacterError", "atob('*')", "atob('a')", "btoa('€')");
  }

  @Test
  void buffers() {
    assertValues(
        "v[\"aMOpbGxv\",{\"$bytes\":\"AQID\"},\"610000\",true,\"hé\",258,true]",
        "[Buffer.from('héllo').toString('base64'), Buffer.from([1, 2, 3]),"
            + " Buffer.concat([Buffer.from('a'), Buffer.alloc(2)]).toString('hex'),"
            + " Buffer.isBuffer(Buffer.alloc(1)), Buffer.from('aMOp', 'base64').toString(),"
            + " Buffer.from([1, 2]).readUInt16BE(), Buffer.from('a').equals(Buffer.from('a'))]");
    try (Guest guest =
        Guest.commonjs(
            "exports.f = async () => { System.files.writeFile('/x', Buffer.from('hi')) }")) {
      assertEquals("vnull", guest.call("f"));
      assertEquals("hi", guest.asked.get(0).bodyText());
    }
  }

  // They are evaluated on first use, wherever that is: in a call, in a fork, after a restore.
  @Test
  void librariesAreTheSameEverywhere() {
    String source =
        "exports.f = () => new URL('http://x').href; exports.o = () => System.oracle(() =>"
            + " new URL('http://y').href); exports.is = u => new URL('http://x') instanceof URL";
    try (Guest guest = Guest.commonjs(source);
        Guest other = Guest.commonjs(source)) {
      assertEquals("v\"http://y/\"", guest.call("o"));
      assertEquals("v\"http://x/\"", guest.call("f"));
      assertEquals("vtrue", guest.call("is"));
      other.playing(guest.answers);
      other.call("o");
      other.call("f");
      other.call("is");
      assertEquals(guest.memoryHash(), other.memoryHash());
    }
  }
}
