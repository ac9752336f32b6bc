package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of {@code rpc.call}, checked against what was asked.
 *
 * @param entry the receipt's
 * @param from size of a tree that the caller has seen or was answered with, 0 for none
 * @param consistency proof from that tree to the receipt's
 */
record SignedAnswer(
    List<CallResult> results, Receipt receipt, Entry entry, long from, List<Hash> consistency) {

  /** Whether the host's watchdog ended the request. */
  boolean isAborted() {
    return results.get(0).isAborted();
  }

  /**
   * Parses an answer and verifies that its entry holds this caller's request and these results.
   *
   * @throws UnverifiedException if the host answers something else than it logged
   * @throws MalformedException if the answer is not in its form
   */
  static SignedAnswer verify(String json, Caller.Key caller, String request, BlobReader blobs) {
    Map<?, ?> answer = parse(json);
    Receipt receipt = receipt(answer);
    Entry entry = Entry.parse(receipt.entry(), blobs);
    if (entry.seq() != receipt.index()) {
      throw new UnverifiedException("the receipt is not of the entry at its index");
    }
    List<?> answered = list(answer, "results");
    List<CallResult> results;
    if (entry instanceof CallEntry call) {
      requireSame(call.caller(), call.request(), caller, request);
      results = results(answered, call.outcomes());
    } else if (entry instanceof AbortEntry abort && !abort.ofTimer()) {
      requireSame(abort.caller(), abort.request(), caller, request);
      results = aborted(answered, SignedCall.parse(request).calls().size());
    } else {
      throw new UnverifiedException("the receipt is not of a call");
    }
    return new SignedAnswer(
        results, receipt, entry, count(answer, "from"), proof(list(answer, "consistency")));
  }

  /** The receipt alone, unverified, whatever the rest of an answer is. */
  static Receipt receipt(String json) {
    return receipt(parse(json));
  }

  private static Receipt receipt(Map<?, ?> answer) {
    return Receipt.fromJson(answer.get("receipt"));
  }

  private static Map<?, ?> parse(String json) {
    Object value = CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    if (!(value instanceof Map)) {
      throw new MalformedException("the answer is no object");
    }
    return (Map<?, ?>) value;
  }

  private static void requireSame(
      Caller loggedCaller, Text loggedRequest, Caller.Key caller, String request) {
    boolean same =
        loggedCaller instanceof Caller.Key key
            && key.key().equals(caller.key())
            && Arrays.equals(key.signature(), caller.signature())
            && loggedRequest.equals(Text.of(request, new HashMap<>()));
    if (!same) {
      throw new UnverifiedException("the receipt is of another call than the one that was sent");
    }
  }

  private static List<CallResult> aborted(List<?> answered, int calls) {
    if (!answered.equals(Collections.nCopies(calls, Map.of("abort", "watchdog")))) {
      throw new UnverifiedException(
          "the host has logged that its watchdog ended the request, and answers something else");
    }
    return Collections.nCopies(calls, CallResult.ABORTED);
  }

  private static List<CallResult> results(List<?> answered, List<Outcome> logged) {
    if (answered.size() != logged.size()) {
      throw new UnverifiedException(
          "the host answers "
              + answered.size()
              + " results and has logged "
              + logged.size()
              + " outcomes");
    }
    List<CallResult> results = new ArrayList<>();
    for (int i = 0; i < logged.size(); i++) {
      results.add(result(answered.get(i), logged.get(i)));
    }
    return results;
  }

  private static CallResult result(Object answered, Outcome logged) {
    if (!(logged instanceof Outcome.Ok ok)) {
      if (!logged.toJson().equals(answered)) {
        throw answersElse(answered, logged);
      }
      return new CallResult(null, logged);
    }
    Object value = answered instanceof Map ? ((Map<?, ?>) answered).get("ok") : null;
    if (!(value instanceof String text) || !Text.of(text, new HashMap<>()).equals(ok.value())) {
      throw answersElse(answered, logged);
    }
    return new CallResult(text, null);
  }

  private static UnverifiedException answersElse(Object answered, Outcome logged) {
    return new UnverifiedException(
        "the host answers "
            + new String(CanonicalJson.format(answered), StandardCharsets.UTF_8)
            + " and has logged "
            + new String(CanonicalJson.format(logged.toJson()), StandardCharsets.UTF_8));
  }

  private static long count(Map<?, ?> answer, String name) {
    if (!(answer.get(name) instanceof Long)) {
      throw new MalformedException("the answer has no \"" + name + "\"");
    }
    return (Long) answer.get(name);
  }

  private static List<?> list(Map<?, ?> answer, String name) {
    if (!(answer.get(name) instanceof List)) {
      throw new MalformedException("the answer has no \"" + name + "\"");
    }
    return (List<?>) answer.get(name);
  }

  private static List<Hash> proof(List<?> list) {
    List<Hash> proof = new ArrayList<>();
    for (Object hash : list) {
      proof.add(Hash.parseBase64(String.valueOf(hash)));
    }
    return proof;
  }
}
