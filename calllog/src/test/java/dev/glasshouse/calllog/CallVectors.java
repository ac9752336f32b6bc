package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorGenerator.refused;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** signed-call.json. */
final class CallVectors {
  private CallVectors() {}

  static Map<String, Object> signedCall(SampleLog log) {
    List<Object> valid = new ArrayList<>();
    for (int i = 0; i < log.calls.size(); i++) {
      Identity caller = i == 1 ? SampleLog.BOB : SampleLog.ALICE;
      valid.add(valid(caller, log.calls.get(i)));
    }
    List<Object> requests = new ArrayList<>();
    for (List<MethodCall> calls :
        List.of(
            List.of(new MethodCall("increment", "[]")),
            List.of(new MethodCall("é\n\"", "[1e400, \"\\u0000\"]"), new MethodCall("b", "[[ ]]")),
            List.of(new MethodCall("c", "[\"\\ud800\",{\"\\ud83d\\ude00\":1}]")))) {
      requests.add(object("text", Request.format(calls), "calls", listed(calls)));
    }
    return object(
        "about",
        "Signed calls: the request text, the caller's seed, and what signs \"glasshouse/call/v1\\n"
            + "\" and the text. \"requests\": what a debug host logs for an unsigned call."
            + " \"malformed\": texts that are no signed call, \"malformedRequests\": that are no"
            + " request.",
        "domain",
        SignedCall.DOMAIN,
        "valid",
        valid,
        "requests",
        requests,
        "malformed",
        malformed(log.calls.get(1).format()),
        "malformedRequests",
        malformedRequests());
  }

  private static Map<String, Object> valid(Identity caller, SignedCall call) {
    String text = call.format();
    byte[] signature = caller.sign(SignedCall.message(text));
    return object(
        "seed",
        HexFormat.of().formatHex(caller.seed()),
        "key",
        caller.publicKey().format(),
        "log",
        call.log().hex(),
        "session",
        call.session(),
        "n",
        call.n(),
        "seen",
        object("size", call.seen().size(), "root", call.seen().root().hex()),
        "calls",
        listed(call.calls()),
        "text",
        text,
        "sha256OfMessage",
        Hash.of(SignedCall.message(text)).hex(),
        "sig",
        Caller.formatSignature(signature));
  }

  private static List<Object> listed(List<MethodCall> calls) {
    List<Object> list = new ArrayList<>();
    for (MethodCall call : calls) {
      list.add(object("method", call.method(), "params", call.params()));
    }
    return list;
  }

  /** Changes to a signed call of two calls; also used for debug requests. */
  private static List<Object> malformed(String text) {
    List<Object> cases = new ArrayList<>();
    String root = text.substring(text.indexOf("\"root\":\""), text.indexOf("\"},\"calls\""));
    cases.add(refused(" " + text, "white space before it"));
    cases.add(refused(text + "\n", "white space after it"));
    cases.add(refused(text, "{\"v\":1,", "{ \"v\":1,", "white space outside params"));
    cases.add(refused(text, "\"params\":[", "\"params\": [", "white space before params"));
    cases.add(refused(text, "},{\"method\"", "}, {\"method\"", "white space between calls"));
    cases.add(refused(text, "\"v\":1,", "\"v\":2,", "another version"));
    cases.add(refused(text, "\"v\":1,", "", "no version"));
    cases.add(refused(text, "\"v\":1,", "\"v\":1,\"w\":1,", "an unknown member"));
    cases.add(refused(text, "\"v\":1,", "\"v\":1,\"v\":1,", "a member twice"));
    cases.add(refused(text, "\"v\":1,", "\"v\":1.0,", "no integer"));
    cases.add(refused(text, "\"v\"", "\"\\u0076\"", "an escape that is not needed"));
    cases.add(refused(text, "\"n\":7", "\"n\":0", "n is not from 1"));
    cases.add(refused(text, "\"n\":7", "\"n\":-7", "n is not from 1"));
    cases.add(refused(text, "\"n\":7", "\"n\":07", "a leading zero"));
    cases.add(refused(text, "\"n\":7", "\"n\":7.0", "no integer"));
    cases.add(refused(text, "\"n\":7", "\"n\":\"7\"", "a string for n"));
    cases.add(refused(text, "\"n\":7", "\"n\":9007199254740993", "n is beyond 2^53"));
    cases.add(refused(text, "\"session\":\"b0b0", "\"session\":\"B0b0", "upper-case hex"));
    cases.add(refused(text, "\"session\":\"b0b0", "\"session\":\"b0b", "a session of 31 digits"));
    cases.add(refused(text, "\"log\":\"", "\"log\":\"0", "a hash of 65 digits"));
    cases.add(refused(text, "\"size\":2", "\"size\":-2", "a negative size"));
    cases.add(
        refused(
            text,
            "\"size\":2",
            "\"size\":0",
            "size 0 with a root that is not SHA-256 of no bytes"));
    cases.add(refused(text, "\"size\":2", "\"size\":9007199254740993", "a size beyond 2^53"));
    cases.add(refused(text, root + "\"", root + "\",\"x\":1", "an unknown member of seen"));
    cases.add(refused(text, "\"calls\":[", "\"calls\":[[],", "a call that is no object"));
    cases.add(refused(text, "\"method\":\"π\"", "\"method\":\"\"", "an empty name"));
    cases.add(
        refused(
            text, "\"method\":\"π\"", "\"method\":\"\\u03c0\"", "an escape that is not needed"));
    cases.add(refused(text, "\"method\":\"π\"", "\"method\":null", "a name that is no string"));
    cases.add(refused(text, "\"π\"", "\"" + "m".repeat(257) + "\"", "a name of 257 characters"));
    cases.add(refused(text, ",\"params\":[]", ",\"params\":{}", "params that are no array"));
    cases.add(refused(text, ",\"params\":[]", "", "no params"));
    cases.add(
        refused(text, ",\"params\":[]", ",\"params\":[],\"x\":1", "an unknown member of a call"));
    cases.add(refused(text, "\"method\":\"π\",", "", "no method"));
    cases.add(refused(text, "[]}]}", "[01]}]}", "params that are not JSON: a leading zero"));
    cases.add(refused(text, "[]}]}", "[1,]}]}", "params that are not JSON: a comma too many"));
    cases.add(
        refused(text, "[]}]}", "[\"\n\"]}]}", "params that are not JSON: a control character"));
    cases.add(refused(text, "[]}]}", "[NaN]}]}", "params that are not JSON: NaN"));
    cases.add(
        refused(text, "[]}]}", "[\"\\x\"]}]}", "params that are not JSON: an unknown escape"));
    cases.add(refused(text, "[]}]}", "[{\"a\":1,\"a\":1}]}]}", "a member twice within params"));
    for (String half : List.of("\\ud800", "\\udc00x", "\\ud800\\u0041")) {
      cases.add(
          refused(
              text,
              "[]}]}",
              "[{\"" + half + "\":1}]}]}",
              "half of a surrogate pair, escaped, in a member's name within params"));
    }
    cases.add(refused(text, "[]}]}", "[]}]", "it ends early"));
    cases.add(refused(text, "[]}]}", "[]}]}}", "something follows"));
    cases.add(refused(text, "[]}]}", "[]}],\"x\":1}", "an unknown member at the end"));
    cases.add(refused(text.substring(0, text.indexOf("[{\"method\"")) + "[]}", "no call"));
    cases.add(refused("[]", "no object"));
    cases.add(refused("", "nothing"));
    cases.add(refused(Request.format(List.of(new MethodCall("a", "[]"))), "a debug request"));
    String calls = "{\"method\":\"a\",\"params\":[]},".repeat(Request.MAX_CALLS);
    cases.add(refused(text, "\"calls\":[", "\"calls\":[" + calls, "257 calls or more"));
    String deep = "[".repeat(Request.MAX_DEPTH - 2) + "]".repeat(Request.MAX_DEPTH - 2);
    cases.add(refused(text, "[]}]}", deep + "}]}", "deeper than " + Request.MAX_DEPTH));
    String hex =
        HexFormat.of()
            .formatHex(VectorFile.utf8(VectorGenerator.changed(text, "[]}]}", "[\"x\"]}]}")))
            .replace("5b2278225d", "5b22eda0bd225d");
    cases.add(object("reason", "half of a surrogate pair within params", "hex", hex));
    return cases;
  }

  private static List<Object> malformedRequests() {
    String text = Request.format(List.of(new MethodCall("a", "[]")));
    return List.of(
        refused("", "nothing"),
        refused("[]", "no object"),
        refused("{}", "no calls"),
        refused("{\"calls\":[]}", "no call"),
        refused(text + " ", "white space after it"),
        refused(text, "{\"calls\"", "{ \"calls\"", "white space outside params"),
        refused(text, "}]}", "}],\"v\":1}", "an unknown member"),
        refused(text, "\"a\"", "\"\\u0061\"", "an escape that is not needed"),
        refused(text, "[]}", "[1 2]}", "params that are not JSON"),
        refused(
            text,
            "\"method\":\"a\",\"params\":[]",
            "\"params\":[],\"method\":\"a\"",
            "out of order"));
  }
}
