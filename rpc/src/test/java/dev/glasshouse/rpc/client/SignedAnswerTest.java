package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a host answers to a call of three methods, beside what it has logged. */
class SignedAnswerTest {
  private static final Identity EVE = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
  private static final String LONG = "\"" + "x".repeat(5000) + "\"";

  private final LyingLog log = new LyingLog(false);
  private final String request =
      new SignedCall(
              log.id(),
              LyingLog.SESSION,
              1,
              TreeHead.EMPTY,
              Collections.nCopies(3, new MethodCall("say", "[]")))
          .format();
  private final Caller.Key caller = caller(LyingLog.ALICE, request);
  private final List<Outcome> outcomes =
      List.of(
          new Outcome.Ok(new Text.Inline("1"), 0),
          new Outcome.Ok(Text.of(LONG, log.blobs), 0),
          new Outcome.Thrown("TypeError", "no", 0));
  private final Map<String, Object> answer = new TreeMap<>();
  private final List<Object> results =
      new ArrayList<>(List.of(Map.of("ok", "1"), Map.of("ok", LONG), outcomes.get(2).toJson()));

  private static Caller.Key caller(Identity identity, String text) {
    return new Caller.Key(identity.publicKey(), identity.sign(SignedCall.message(text)));
  }

  private Entry call(Caller by, String text, List<Outcome> came) {
    return call(1, by, text, came);
  }

  private Entry call(long seq, Caller by, String text, List<Outcome> came) {
    return new CallEntry(
        seq,
        log.last(),
        log.time(),
        by,
        Text.of(text, log.blobs),
        List.of(),
        came,
        Hash.of(""),
        log.genesis.root());
  }

  private AbortEntry abort(Caller by, String text) {
    Text logged = text == null ? null : Text.of(text, log.blobs);
    return new AbortEntry(1, log.last(), log.time(), by, logged, Hash.of(""), log.genesis.root());
  }

  private SignedAnswer verified(Entry entry) {
    log.add(entry);
    Receipt receipt =
        new Receipt(1, log.at(1), Proofs.inclusion(1, 2, log), log.checkpoint(2).note());
    answer.putIfAbsent("consistency", List.of());
    answer.putIfAbsent("from", 0L);
    answer.putIfAbsent("receipt", receipt.toJson());
    answer.putIfAbsent("results", results);
    return verify(new String(CanonicalJson.format(answer), UTF_8));
  }

  private SignedAnswer verify(String json) {
    return SignedAnswer.verify(json, caller, request, log.blobs::get);
  }

  private void requireUnverified(String message, Entry entry) {
    UnverifiedException e = assertThrows(UnverifiedException.class, () -> verified(entry), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  private void requireOther(Object... said) {
    results.clear();
    results.addAll(List.of(said));
    requireUnverified("and has logged", call(caller, request, outcomes));
  }

  private void requireMalformed(String message, String name, Object value) {
    answer.put(name, value);
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> verified(call(caller, request, outcomes)), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void whatWasLoggedIsTaken() {
    Hash hash = Hash.of("proof");
    answer.put("consistency", List.of(hash.base64()));
    answer.put("from", 1L);

    SignedAnswer read = verified(call(caller, request, outcomes));

    assertEquals("1", read.results().get(0).value());
    assertFalse(read.isAborted());
    assertEquals(LONG, read.results().get(1).value());
    assertEquals("TypeError: no", read.results().get(2).failureLine());
    assertEquals(1, read.receipt().index());
    assertEquals(1, read.from());
    assertEquals(List.of(hash), read.consistency());
  }

  @Test
  void anEntryOfAnotherIndexIsNot() {
    requireUnverified(
        "the receipt is not of the entry at its index", call(2, caller, request, outcomes));
  }

  @Test
  void theCallOfAUserAtTheirWordIsNot() {
    requireUnverified(
        "of another call than the one that was sent",
        call(new Caller.User("alice"), request, outcomes));
  }

  @Test
  void theCallOfAnotherKeyIsNot() {
    Caller eve = new Caller.Key(EVE.publicKey(), caller.signature());
    requireUnverified("of another call than", call(eve, request, outcomes));
  }

  @Test
  void theCallUnderAnotherSignatureIsNot() {
    Caller resigned = new Caller.Key(caller.key(), EVE.sign(SignedCall.message(request)));
    requireUnverified("of another call than", call(resigned, request, outcomes));
  }

  @Test
  void anotherRequestIsNot() {
    String other = request.replace("\"n\":1", "\"n\":2");
    requireUnverified("of another call than", call(caller, other, outcomes));
  }

  @Test
  void aTurnOfATimerIsNoCall() {
    requireUnverified(
        "the receipt is not of a call",
        new TimerEntry(
            1, log.last(), log.time(), List.of(), outcomes.get(0), Hash.of(""), Hash.of("")));
  }

  @Test
  void anAbortedTurnOfATimerIsNoCall() {
    requireUnverified("the receipt is not of a call", abort(null, null));
  }

  @Test
  void anAbortedRequestHasNoResults() {
    Map<String, Object> aborted = Map.of("abort", "watchdog");
    results.clear();
    results.addAll(List.of(aborted, aborted, aborted));

    SignedAnswer read = verified(abort(caller, request));

    assertEquals(Collections.nCopies(3, CallResult.ABORTED), read.results());
    assertTrue(read.isAborted());
  }

  @Test
  void anAbortedRequestThatIsAnsweredOtherwiseIsNot() {
    requireUnverified("and answers something else", abort(caller, request));
  }

  @Test
  void anotherAbortedRequestIsNot() {
    Map<String, Object> aborted = Map.of("abort", "watchdog");
    results.clear();
    results.addAll(List.of(aborted, aborted, aborted));
    requireUnverified("of another call than", abort(caller, request.replace("\"n\":1", "\"n\":2")));
  }

  @Test
  void fewerResultsAreNot() {
    results.remove(2);
    requireUnverified(
        "the host answers 2 results and has logged 3 outcomes", call(caller, request, outcomes));
  }

  @Test
  void anotherResultIsNot() {
    requireOther(Map.of("ok", "2"), results.get(1), results.get(2));
  }

  @Test
  void anotherLongResultIsNot() {
    requireOther(results.get(0), Map.of("ok", LONG.replace("xx", "yy")), results.get(2));
  }

  @Test
  void anotherErrorIsNot() {
    requireOther(
        results.get(0), results.get(1), new Outcome.Thrown("RangeError", "no", 0).toJson());
  }

  @Test
  void aResultThatIsNoObjectIsNot() {
    requireOther("1", results.get(1), results.get(2));
  }

  @Test
  void aResultThatIsNoTextIsNot() {
    requireOther(Map.of("ok", 1L), results.get(1), results.get(2));
  }

  @Test
  void anAnswerHasItsForm() {
    requireMalformed("has no \"from\"", "from", "0");
    answer.clear();
    requireMalformed("has no \"consistency\"", "consistency", Map.of());
    answer.clear();
    requireMalformed("has no \"results\"", "results", "none");
    MalformedException e = assertThrows(MalformedException.class, () -> verify("[]"));
    assertEquals("the answer is no object", e.getMessage());
  }
}
