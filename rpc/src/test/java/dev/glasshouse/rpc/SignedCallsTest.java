package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.TreeHead;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** rpc.call: who is refused and why, and that a call is executed once. */
class SignedCallsTest {
  private static final String SCRIPT =
      "let n = 0;"
          + "exports.add = k => n += k;"
          + "exports.long = size => 'x'.repeat(size);"
          + "exports.fail = () => { throw new TypeError('never') };"
          + "exports.caller = () => System.caller.id;";
  private static final Limits LIMITS =
      new Limits(100, 16 << 20, 900_000, 20_000, 100_000, 8 << 20, 64 << 20, 10_000, 10_000);

  @TempDir static Path dir;
  private static RunningHost host;
  private static int signers;

  private final Signer signer = new Signer(++signers);

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir, SCRIPT).limits(LIMITS).start();
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  private static Hash log() {
    return host.module().log().id();
  }

  private static String ask(String params) {
    try (Talk talk = Talk.to(host)) {
      return talk.call("rpc.call", params);
    }
  }

  private void assertRefused(Reason reason, String params) {
    long size = host.size();
    String answer = ask(params);
    assertEquals((long) reason.code(), Json.at(answer, "error", "code"), answer);
    assertFalse(((String) Json.at(answer, "error", "message")).isEmpty());
    assertEquals(size, host.size(), "nothing was logged");
  }

  @Test
  void unsignedCallIsRefusedAndSaysWhatToDo() {
    try (Talk talk = Talk.to(host)) {
      String answer = talk.call("add", "[1]");
      assertEquals((long) Reason.UNSIGNED.code(), Json.at(answer, "error", "code"));
      assertTrue(answer.contains("--debug"), answer);
      String handshake = talk.call("handshake", "[]");
      assertEquals((long) Reason.UNSIGNED.code(), Json.at(handshake, "error", "code"));
    }
  }

  @Test
  void signedCallIsAnsweredWithItsReceipt() {
    String request = signer.request(log(), 1, "caller", "[]");
    String answer = ask(signer.params(request));
    assertEquals(
        "\"" + signer.identity.publicKey().format() + "\"",
        Json.at(answer, "result", "results", 0, "ok"));
    assertEquals(host.size() - 1, Json.at(answer, "result", "receipt", "index"));
  }

  @Test
  void signatureMustHold() {
    String request = signer.request(log(), 1, "add", "[1]");
    String other = signer.request(log(), 1, "add", "[2]");
    assertRefused(
        Reason.BAD_SIGNATURE,
        signer.params(request, Caller.formatSignature(signer.sign(other).signature())));
    assertRefused(Reason.BAD_SIGNATURE, signer.params(request, "AA"));
    assertRefused(Reason.BAD_SIGNATURE, signer.params(request, "A".repeat(86)));
    assertRefused(Reason.BAD_SIGNATURE, signer.params("no request at all", "A".repeat(86)));
    String params = signer.params(request);
    assertRefused(
        Reason.BAD_SIGNATURE,
        params.replace(
            signer.identity.publicKey().format(), new Signer(77).identity.publicKey().format()));
    assertRefused(Reason.BAD_SIGNATURE, params.replace("ed25519:", "ed25519x:"));
  }

  @Test
  void callForAnotherLogIsRefused() {
    String request = signer.request(Hash.of("another log"), 1, "add", "[1]");
    assertRefused(Reason.WRONG_LOG, signer.params(request));
  }

  @Test
  void numberIsUsedOnce() {
    ask(signer.params(signer.request(log(), 5, "add", "[0]")));
    assertRefused(Reason.USED_NUMBER, signer.params(signer.request(log(), 5, "add", "[1]")));
    assertRefused(Reason.USED_NUMBER, signer.params(signer.request(log(), 4, "add", "[0]")));
    String next = ask(signer.params(signer.request(log(), 6, "add", "[0]")));
    assertTrue(next.contains("\"result\""), next);
  }

  @Test
  void historyThatTheLogDoesNotHaveIsRefused() {
    MethodCall call = new MethodCall("add", "[0]");
    TreeHead now = host.module().log().head();
    TreeHead future = new TreeHead(now.size() + 1, now.root());
    assertRefused(Reason.UNKNOWN_HISTORY, signer.params(signer.request(log(), 1, future, call)));
    TreeHead forked = new TreeHead(now.size(), Hash.of("fork"));
    assertRefused(Reason.UNKNOWN_HISTORY, signer.params(signer.request(log(), 1, forked, call)));
    String answer = ask(signer.params(signer.request(log(), 1, now, call)));
    assertTrue(answer.contains("\"result\""), answer);
  }

  @Test
  void malformedRequestIsRefused() {
    String good = signer.request(log(), 1, "add", "[1]");
    for (String bad :
        List.of(
            "",
            "{}",
            "[" + good + "]",
            good + " ",
            good.replace("\"v\":1", "\"v\":2"),
            good.replace("\"n\":1", "\"n\":0"),
            good.replace("\"n\":1", "\"n\":1.0"),
            good.replace("\"n\":1", "\"n\":99999999999999999999"),
            good.replace("\"method\":\"add\"", "\"method\":\"\""),
            good.replace("[1]", "{\"k\":1}"),
            good.replace("[1]", "[1"),
            good.replace("[1]", "[\\ud800]"),
            good.replaceFirst("\"calls\":.*", "\"calls\":[]}"))) {
      assertNotEquals(good, bad);
      assertRefused(Reason.MALFORMED, signer.params(bad));
    }
    MethodCall[] many = new MethodCall[Request.MAX_CALLS + 1];
    java.util.Arrays.fill(many, new MethodCall("add", "[]"));
    assertRefused(Reason.MALFORMED, signer.params(signer.request(log(), 1, TreeHead.EMPTY, many)));
    String lone =
        "{\"key\":\""
            + signer.identity.publicKey().format()
            + "\",\"sig\":\""
            + "A".repeat(86)
            + "\",\"request\":\"\\ud800\"}";
    assertRefused(Reason.BAD_SIGNATURE, lone);
  }

  @Test
  void requestLimitHoldsToTheByte() {
    String empty = signer.request(log(), 1, "add", "[0,\"\"]");
    String most = "a".repeat((int) LIMITS.request() - empty.length());
    assertRefused(
        Reason.TOO_LARGE, signer.params(signer.request(log(), 1, "add", "[0,\"" + most + "a\"]")));
    String answer = ask(signer.params(signer.request(log(), 1, "add", "[0,\"" + most + "\"]")));
    assertTrue(answer.contains("\"result\""), answer);
  }

  @Test
  void sameBytesAreExecutedOnceAndHaveOneReceipt() {
    String params = signer.params(signer.request(log(), 1, "add", "[1]"));
    String again =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.call\",\"params\":" + params + "}";
    long size = host.size();
    try (Talk talk = Talk.to(host)) {
      // Twice in one frame: both may be in one batch of the sequencer.
      String both = talk.ask("[" + again + "," + again + "]");
      Object first = Json.at(both, 0, "result");
      assertEquals(first, Json.at(both, 1, "result"));
      assertEquals(size + 1, host.size());
      String one = talk.ask(again);
      assertEquals(first, Json.at(one, "result"));
      talk.call("rpc.call", signer.params(signer.request(log(), 2, "add", "[1]")));
      assertEquals(one, talk.ask(again), "the same bytes after the log has grown");
      assertEquals(one, ask(params), "and on another connection");
      assertEquals(size + 2, host.size());
    }
  }

  @Test
  void callsUnderOneSignatureAreOneEntry() {
    long size = host.size();
    String answer =
        ask(
            signer.params(
                signer.request(
                    log(),
                    1,
                    TreeHead.EMPTY,
                    new MethodCall("add", "[1]"),
                    new MethodCall("fail", "[]"),
                    new MethodCall("absent", "[]"),
                    new MethodCall("add", "[1]"))));
    assertEquals(size + 1, host.size());
    long before = Long.parseLong((String) Json.at(answer, "result", "results", 0, "ok"));
    assertEquals("TypeError", Json.at(answer, "result", "results", 1, "throw", "name"), answer);
    assertEquals(
        "MethodNotFoundError", Json.at(answer, "result", "results", 2, "throw", "name"), answer);
    assertEquals(String.valueOf(before + 1), Json.at(answer, "result", "results", 3, "ok"));
  }

  @Test
  void longResultsAndManyOutcomesComeWhole() {
    MethodCall[] calls =
        Collections.nCopies(256, new MethodCall("long", "[300]")).toArray(MethodCall[]::new);
    calls[0] = new MethodCall("long", "[1023]");
    String answer = ask(signer.params(signer.request(log(), 1, TreeHead.EMPTY, calls)));
    assertEquals("\"" + "x".repeat(1023) + "\"", Json.at(answer, "result", "results", 0, "ok"));
    assertEquals("\"" + "x".repeat(300) + "\"", Json.at(answer, "result", "results", 255, "ok"));
    String entry = (String) Json.at(answer, "result", "receipt", "entry");
    assertTrue(entry.length() < 10_000, "the outcomes are a blob: " + entry.length());
    assertEquals(
        Json.parse(answer),
        Json.parse(ask(signer.params(signer.request(log(), 1, TreeHead.EMPTY, calls)))));
  }

  @Test
  void consistencyIsProvedFromWhatTheCallerHasSeen() {
    TreeHead seen = host.module().log().head();
    Signer other = new Signer(++signers);
    ask(other.params(other.request(log(), 1, "add", "[0]")));
    MethodCall call = new MethodCall("add", "[0]");
    String first = ask(signer.params(signer.request(log(), 1, seen, call)));
    ask(other.params(other.request(log(), 2, "add", "[0]")));
    String second = ask(signer.params(signer.request(log(), 2, seen, call)));
    long between = (long) Json.at(first, "result", "receipt", "index") + 1;
    try (Talk talk = Talk.to(host)) {
      assertEquals(seen.size(), Json.at(first, "result", "from"));
      assertEquals(proof(talk, seen.size(), between), Json.at(first, "result", "consistency"));
      // By then the caller has had the first answer.
      assertEquals(between, Json.at(second, "result", "from"));
      assertEquals(proof(talk, between, host.size()), Json.at(second, "result", "consistency"));
      String info = talk.call("rpc.info", "[]");
      assertEquals("signed", Json.at(info, "result", "auth"));
      assertEquals(log().hex(), Json.at(info, "result", "log"));
      assertEquals(
          new String(
              host.module().log().checkpoint().format(), java.nio.charset.StandardCharsets.UTF_8),
          Json.at(info, "result", "checkpoint"));
    }
  }

  private static Object proof(Talk talk, long from, long to) {
    String answer = talk.call("rpc.consistency", "{\"old\":" + from + ",\"new\":" + to + "}");
    List<?> proof = (List<?>) Json.at(answer, "result", "proof");
    assertFalse(proof.isEmpty());
    return proof;
  }
}
