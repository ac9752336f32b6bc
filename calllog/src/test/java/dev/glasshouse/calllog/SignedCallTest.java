package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Signed calls and debug requests, which share their calls. */
class SignedCallTest {
  private static final long SEED = 2;
  private static final String SESSION = "0123456789abcdef0123456789abcdef";
  private static final Hash LOG = Hash.of("log");

  @Test
  void whatIsFormattedParsesToTheSame() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2000; i++) {
      SignedCall call = call(random);
      String text = call.format();
      assertEquals(call, SignedCall.parse(text), "seed " + SEED + ", call " + i);
      assertEquals(call.calls(), Request.parse(Request.format(call.calls())));
    }
  }

  @Test
  void noOtherSpellingIsRead() {
    Random random = new Random(SEED);
    for (int i = 0; i < 400; i++) {
      String text = call(random).format();
      // Before the numbers: those with a digit less are other numbers.
      int at = random.nextInt(text.indexOf(",\"n\""));
      for (String other :
          List.of(
              text.substring(0, at) + " " + text.substring(at),
              text.substring(0, at) + text.substring(at + 1),
              text.replaceFirst("\"log\"", "\"l\\\\u006fg\""),
              text.replaceFirst("\"v\":1,(\"log\":\"[0-9a-f]+\"),", "$1,\"v\":1,"),
              text.replaceFirst("\"n\":", "\"n\":0"),
              text.replaceFirst("\"n\":([0-9]+)", "\"n\":$1.0"),
              text.replaceFirst("\"n\":([0-9]+)", "\"n\":$1e0"),
              text.replaceFirst("\"seen\":\\{", "\"seen\":{\"more\":1,"),
              text.substring(0, text.length() - 1),
              text + " ",
              text + "{}")) {
        if (!other.equals(text)) {
          refused(other, SignedCall::parse, "seed " + SEED + ", call " + i + ": " + other);
        }
      }
    }
  }

  @Test
  void noPartOfACallIsOne() {
    String text = call(new Random(SEED)).format();
    for (int length = 0; length < text.length(); length++) {
      String part = text.substring(0, length);
      refused(part, SignedCall::parse, part);
    }
  }

  @Test
  void numbersHaveDigitsAndNothingElseStandsBetween() {
    List<MethodCall> calls = List.of(new MethodCall("m", "[]"));
    String text = new SignedCall(LOG, SESSION, 1, TreeHead.EMPTY, calls).format();
    for (String other :
        List.of(
            text.replace("\"size\":0", "\"size\":"),
            text.replace("\"size\":0", "\"size\":00"),
            text.replace("\"size\":0", "\"size\":-0"),
            text.replace("\"n\":1", "\"n\":"),
            text.replace("},\"calls\"", "};\"calls\""))) {
      assertNotEquals(text, other);
      refused(other, SignedCall::parse, other);
    }
  }

  @Test
  void paramsAreKeptToTheByte() {
    for (String params :
        List.of(
            "[]",
            "[ \t\r\n]",
            "[1.50, -0, 1E+2, 1e400]",
            "[\"\\u0041\\/\\ud800\", \"\u007f\u2028\ud83d\ude00\"]",
            "[{ \"b\" : 1 , \"a\" : [ ] , \"__proto__\" : null }]",
            "[{\"a\":{\"a\":1}},{\"a\":1}]")) {
      List<MethodCall> calls = List.of(new MethodCall("m", params));
      assertEquals(calls, Request.parse(Request.format(calls)));
      SignedCall call = new SignedCall(LOG, SESSION, 1, TreeHead.EMPTY, calls);
      assertEquals(params, SignedCall.parse(call.format()).calls().get(0).params());
    }
  }

  @Test
  void paramsAreJson() {
    for (String params :
        List.of(
            "",
            " []",
            "[] ",
            "{}",
            "null",
            "[1,]",
            "[,]",
            "[1 2]",
            "[01]",
            "[+1]",
            "[.5]",
            "[1.]",
            "[1e]",
            "[NaN]",
            "[-Infinity]",
            "[nul]",
            "[1a]",
            "['a']",
            "[\"a]",
            "[\"\\x\"]",
            "[\"\\u12\"]",
            "[\"\t\"]",
            "[\"\u0000\"]",
            "[\f]",
            "[\u00a0]",
            "[/**/]",
            "[#\n]",
            "[{a:1}]",
            "[{\"a\":1,}]",
            "[{\"a\":1,\"a\":2}]",
            "[{\"a\":1,\"\\u0061\":2}]",
            "[]]",
            "[[]",
            "[\ufeff]")) {
      refusedParams(params, "params " + params);
    }
  }

  @Test
  void halvesOfSurrogatePairsAreRefused() {
    for (String half :
        List.of("\ud83d", "\ude00", "\ude00\ud83d", "\ude00\ude00", "\ud83d\ud83d\ude00")) {
      refusedParams("[\"" + half + "\"]", "half in params");
      refusedParams("[{\"" + half + "\":1}]", "half in a name");
      String text = "{\"calls\":[{\"method\":\"" + half + "\",\"params\":[]}]}";
      refused(text, Request::parse, "half in a method");
    }
    refused("\ud83d", Request::parse, "half alone");
    refused("\ud83d", SignedCall::parse, "half alone");
  }

  @Test
  void limitsHoldAndOnePastThemDoesNot() {
    acceptedParams("[" + "1".repeat(Request.MAX_NUMBER) + "]");
    refusedParams("[" + "1".repeat(Request.MAX_NUMBER + 1) + "]", "a long number");
    acceptedParams("[1." + "1".repeat(Request.MAX_NUMBER - 1) + "]");
    acceptedParams("[{\"" + "n".repeat(Request.MAX_NAME) + "\":1}]");
    refusedParams("[{\"" + "n".repeat(Request.MAX_NAME + 1) + "\":1}]", "a long name");
    int depth = Request.MAX_DEPTH - 3;
    acceptedParams("[".repeat(depth) + "]".repeat(depth));
    refusedParams("[".repeat(depth + 1) + "]".repeat(depth + 1), "deep params");
    refusedParams("[".repeat(1_000_000), "very deep params");
    acceptedParams("[\"" + "s".repeat(1 << 20) + "\"]");

    MethodCall longest = new MethodCall("é".repeat(MethodCall.MAX_METHOD), "[]");
    assertEquals(List.of(longest), Request.parse(Request.format(List.of(longest))));
    MethodCall longer = new MethodCall(longest.method() + "x", "[]");
    refused(Request.format(List.of(longer)), Request::parse, "a long method");
    refused(Request.format(List.of(new MethodCall("", "[]"))), Request::parse, "no method");

    List<MethodCall> most = Collections.nCopies(Request.MAX_CALLS, new MethodCall("m", "[]"));
    assertEquals(most, Request.parse(Request.format(most)));
    List<MethodCall> tooMany = new ArrayList<>(most);
    tooMany.add(new MethodCall("m", "[]"));
    refused(Request.format(tooMany), Request::parse, "too many calls");
    refused(Request.format(List.of()), Request::parse, "no calls");
  }

  @Test
  void numbersAndSessionsHaveLimits() {
    List<MethodCall> calls = List.of(new MethodCall("m", "[]"));
    long most = CanonicalJson.MAX_INTEGER;
    SignedCall last =
        new SignedCall(LOG, SESSION, most, new TreeHead(most, Hash.of("root")), calls);
    assertEquals(last, SignedCall.parse(last.format()));
    String text = last.format();
    String over = String.valueOf(most + 1);
    refused(text.replace("\"n\":" + most, "\"n\":" + over), SignedCall::parse, "n");
    refused(text.replace("\"size\":" + most, "\"size\":" + over), SignedCall::parse, "size");
    for (long n : new long[] {0, -1, most + 1}) {
      assertThrows(
          MalformedException.class, () -> new SignedCall(LOG, SESSION, n, TreeHead.EMPTY, calls));
    }
    for (String session :
        List.of(
            "",
            SESSION + "0",
            SESSION.substring(1),
            "g" + SESSION.substring(1),
            "-" + SESSION.substring(1),
            "@" + SESSION.substring(1),
            "A" + SESSION.substring(1))) {
      assertThrows(
          MalformedException.class, () -> new SignedCall(LOG, session, 1, TreeHead.EMPTY, calls));
    }
  }

  @Test
  void theMessageIsTheDomainAndTheText() {
    byte[] expected = "glasshouse/call/v1\n{\"é\"}".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(expected, SignedCall.message("{\"é\"}"));
  }

  @Test
  void aSignedCallIsNoDebugRequestNorTheOtherWay() {
    SignedCall call =
        new SignedCall(LOG, SESSION, 1, TreeHead.EMPTY, List.of(new MethodCall("m", "[]")));
    refused(call.format(), Request::parse, "a signed call");
    refused(Request.format(call.calls()), SignedCall::parse, "a debug request");
  }

  private static SignedCall call(Random random) {
    byte[] session = new byte[SignedCall.SESSION_BYTES];
    random.nextBytes(session);
    List<MethodCall> calls = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      StringBuilder params = new StringBuilder("[ ");
      CanonicalJson.write(CanonicalJsonTest.string(random), params);
      params.append(" , ").append(random.nextInt()).append(']');
      calls.add(new MethodCall("m" + CanonicalJsonTest.string(random), params.toString()));
    }
    long size = random.nextInt(3);
    TreeHead seen = size == 0 ? TreeHead.EMPTY : new TreeHead(size, Hash.of("root"));
    long n = 1 + (random.nextLong() >>> (11 + random.nextInt(53)));
    return new SignedCall(LOG, HexFormat.of().formatHex(session), n, seen, calls);
  }

  private static void acceptedParams(String params) {
    List<MethodCall> calls = List.of(new MethodCall("m", params));
    assertEquals(calls, Request.parse(Request.format(calls)));
    SignedCall call = new SignedCall(LOG, SESSION, 1, TreeHead.EMPTY, calls);
    assertTrue(SignedCall.parse(call.format()).equals(call));
  }

  private static void refusedParams(String params, String what) {
    List<MethodCall> calls = List.of(new MethodCall("m", params));
    refused(Request.format(calls), Request::parse, what);
    refused(
        new SignedCall(LOG, SESSION, 1, TreeHead.EMPTY, calls).format(), SignedCall::parse, what);
  }

  private static void refused(String text, Function<String, Object> parser, String what) {
    assertThrows(MalformedException.class, () -> assertEquals("refused", parser.apply(text)), what);
  }
}
