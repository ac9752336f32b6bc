package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.BrokenRuleException.Rule;
import dev.glasshouse.calllog.EntryRules.Depth;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The rules as {@code EntryEvidenceTest} does not meet them: depths, timers and aborted calls. */
class EntryRulesTest {
  private static final Outcome DONE = new Outcome.Ok(new Text.Inline("1"), 0);

  private final LyingLog log = new LyingLog(false).grow(3, "x");

  private EntryRules.Parsed alone(Entry entry, Depth depth) {
    return EntryRules.alone(
        entry.seq(), entry.format(log.blobs), log.genesis, log.blobs::get, depth);
  }

  private static EntryRules.Parsed parsed(long index, Entry entry) {
    return new EntryRules.Parsed(index, entry, null, null, List.of());
  }

  private static Caller alice(String signed) {
    byte[] signature = LyingLog.ALICE.sign(SignedCall.message(signed));
    return new Caller.Key(LyingLog.ALICE.publicKey(), signature);
  }

  private static Input input(String kind, Text answer) {
    return new Input(kind, Hash.of("x"), answer);
  }

  private static Text blob(long length) {
    return new Text.Blob(Hash.of("x"), length);
  }

  private static void assertBroken(Rule rule, Executable check) {
    assertEquals(rule, assertThrows(BrokenRuleException.class, check).rule());
  }

  private void assertAdmitted(EntryRules.Parsed parsed, long lastNumber) {
    EntryRules.admitted(
        parsed,
        log.genesis,
        log.id(),
        new Admission.State() {
          @Override
          public long lastNumber(PublicKey key, String session) {
            return lastNumber;
          }

          @Override
          public Hash rootAt(long size) {
            return log.head((int) size).root();
          }
        });
  }

  @Test
  void anEntryIsLookedAtOnlySoFar() {
    SignedCall call = log.request(3, TreeHead.EMPTY, "word ".repeat(300));
    String request = call.format();
    CallEntry forged = log.call(alice("another request"), request);
    EntryRules.Parsed parsed = alone(forged, Depth.REQUEST);
    assertEquals(call, parsed.signed());
    assertEquals(call.calls(), parsed.calls());
    assertBroken(Rule.SIGNATURE, () -> alone(forged, Depth.SIGNATURE));

    log.blobs.clear();
    byte[] entry = forged.format(new TreeMap<>());
    assertNull(EntryRules.alone(3, entry, log.genesis, hash -> null, Depth.FORM).caller());
    assertThrows(
        MissingBlobException.class,
        () -> EntryRules.alone(3, entry, log.genesis, hash -> null, Depth.REQUEST));
  }

  @Test
  void anAbortedCallIsACall() {
    String request = log.request(3, TreeHead.EMPTY, "x").format();
    AbortEntry honest = SampleLog.abort(alice(request), new Text.Inline(request));
    EntryRules.Parsed parsed = alone(honest, Depth.SIGNATURE);
    assertEquals(request, parsed.signed().format());
    assertAdmitted(parsed, 2);
    assertBroken(Rule.ADMISSION, () -> assertAdmitted(parsed, 3));
    EntryRules.outcomes(parsed);

    AbortEntry forged = SampleLog.abort(alice("another"), new Text.Inline(request));
    assertBroken(Rule.SIGNATURE, () -> alone(forged, Depth.SIGNATURE));
    AbortEntry tooLong = SampleLog.abort(alice(request), blob(log.genesis.limits().request() + 1));
    assertBroken(Rule.ADMISSION, () -> alone(tooLong, Depth.SIGNATURE));
  }

  @Test
  void aCallIsAdmissibleWhateverTheLogHasBefore() {
    TreeHead unknown = new TreeHead(3, Hash.of("unknown"));
    SignedCall call = log.request(1, unknown, "x");
    EntryRules.admissible(alone(log.call(call), Depth.REQUEST), log.genesis, log.id());
    SignedCall first = log.request(1, TreeHead.EMPTY, "x");
    EntryRules.admissible(alone(log.call(first), Depth.REQUEST), log.genesis, log.id());
    SignedCall ahead = log.request(1, new TreeHead(4, Hash.of("unknown")), "x");
    assertInadmissible(Rule.ADMISSION, log.call(ahead));
    SignedCall elsewhere =
        new SignedCall(Hash.of("x"), call.session(), 1, call.seen(), call.calls());
    assertInadmissible(Rule.ADMISSION, log.call(elsewhere));
    assertInadmissible(
        Rule.UNSIGNED, log.call(new Caller.User("ann"), Request.format(call.calls())));
  }

  private void assertInadmissible(Rule rule, Entry entry) {
    EntryRules.Parsed parsed = alone(entry, Depth.REQUEST);
    assertBroken(rule, () -> EntryRules.admissible(parsed, log.genesis, log.id()));
  }

  @Test
  void ownEntriesHaveTheLimitsOfAll() {
    Limits limits = log.genesis.limits();
    SignedCall call = log.request(3, TreeHead.EMPTY, "x");
    Caller alice = alice(call.format());
    CallEntry honest = log.call(call);
    AbortEntry aborted = SampleLog.abort(alice, blob(limits.request()));
    for (Entry entry : List.of(honest, aborted)) {
      EntryRules.Parsed own = EntryRules.own(3, entry, alice, call, limits);
      assertEquals(new EntryRules.Parsed(3, entry, alice, call, call.calls()), own);
    }
    AbortEntry tooLong = SampleLog.abort(alice, blob(limits.request() + 1));
    assertBroken(Rule.ADMISSION, () -> EntryRules.own(3, tooLong, alice, call, limits));
    CallEntry heard =
        new CallEntry(
            3,
            log.last(),
            log.time(),
            alice,
            honest.request(),
            List.of(input(Input.ORACLE, blob(limits.result() + 1))),
            honest.outcomes(),
            honest.writes(),
            honest.root());
    assertBroken(Rule.ANSWER, () -> EntryRules.own(3, heard, alice, call, limits));
  }

  @Test
  void aCallHasAnOutcomeForEachOfItsCalls() {
    SignedCall one = log.request(3, TreeHead.EMPTY, "x");
    EntryRules.outcomes(alone(log.call(one), Depth.REQUEST));
    List<MethodCall> calls = List.of(one.calls().get(0), one.calls().get(0));
    SignedCall two = new SignedCall(log.id(), one.session(), 3, one.seen(), calls);
    EntryRules.Parsed parsed = alone(log.call(two), Depth.REQUEST);
    assertBroken(Rule.OUTCOMES, () -> EntryRules.outcomes(parsed));
  }

  @Test
  void aDebugLogTakesUsersAtTheirWord() {
    LyingLog debug = new LyingLog(true);
    CallEntry call =
        debug.call(new Caller.User("ann"), Request.format(List.of(new MethodCall("say", "[]"))));
    EntryRules.Parsed parsed =
        EntryRules.alone(
            1, call.format(debug.blobs), debug.genesis, debug.blobs::get, Depth.SIGNATURE);
    EntryRules.admissible(parsed, debug.genesis, debug.id());
  }

  @Test
  void theTurnOfATimerNeedsNoCaller() {
    for (Entry entry :
        List.of(
            SampleLog.timer(List.of(), DONE),
            SampleLog.abort(null, null),
            SampleLog.image("1 2", 1, ImageEntry.NO_TIMER))) {
      EntryRules.Parsed parsed = alone(entry, Depth.SIGNATURE);
      assertNull(parsed.caller());
      assertAdmitted(parsed, 0);
      EntryRules.outcomes(parsed);
    }
  }

  @Test
  void genesisIsFirstAndAlone() {
    EntryRules.place(parsed(0, log.genesis));
    BrokenRuleException e =
        assertThrows(BrokenRuleException.class, () -> EntryRules.place(parsed(1, log.genesis)));
    assertEquals(Rule.CHAIN, e.rule());
    assertEquals("one genesis entry, at index 0", e.expected());
    AbortEntry other = SampleLog.abort(null, null);
    EntryRules.place(parsed(1, other));
    assertBroken(Rule.CHAIN, () -> EntryRules.place(parsed(0, other)));
    assertBroken(Rule.CHAIN, () -> EntryRules.place(parsed(2, other)));
  }

  @Test
  void timeDoesNotGoBackWhereItIsKnown() {
    AbortEntry entry = SampleLog.abort(null, null);
    EntryRules.Parsed parsed = parsed(1, entry);
    EntryRules.follows(parsed, entry.prev(), OptionalLong.empty());
    EntryRules.follows(parsed, entry.prev(), OptionalLong.of(entry.time()));
    OptionalLong later = OptionalLong.of(entry.time() + 1);
    assertBroken(Rule.CHAIN, () -> EntryRules.follows(parsed, entry.prev(), later));
    assertBroken(Rule.CHAIN, () -> EntryRules.follows(parsed, Hash.ZERO, OptionalLong.empty()));
  }

  @Test
  void theClockShowsTheLastTimerThatHasATime() {
    Map<Input, Long> ends =
        Map.of(
            input(Input.TIMER, new Text.Inline("0")), 0L,
            input(Input.TIMER, new Text.Inline("9007199254740992")), 9_007_199_254_740_992L,
            input(Input.TIMER, new Text.Inline("01")), SampleLog.TIME,
            input(Input.TIMER, new Text.Inline("soon")), SampleLog.TIME,
            input(Input.TIMER, new Text.Inline("1".repeat(17))), SampleLog.TIME,
            input(Input.TIMER, blob(2000)), SampleLog.TIME,
            input(Input.ORACLE, new Text.Inline("5")), SampleLog.TIME);
    ends.forEach(
        (input, end) ->
            assertEquals(
                end, EntryRules.end(SampleLog.timer(List.of(input), DONE)), () -> "" + input));
    Input first = input(Input.TIMER, new Text.Inline("7"));
    Input last = input(Input.TIMER, new Text.Inline("8"));
    assertEquals(8, EntryRules.end(SampleLog.timer(List.of(first, last), DONE)));
  }

  @Test
  void answersHaveTheLimitOfTheirKind() {
    long result = log.genesis.limits().result();
    for (Input most :
        List.of(input(Input.ENTROPY, blob(2 * 65_536)), input(Input.ORACLE, blob(result)))) {
      alone(SampleLog.timer(List.of(most), DONE), Depth.FORM);
      Text.Blob answer = (Text.Blob) most.answer();
      Input more = input(most.kind(), blob(answer.length() + 1));
      assertBroken(Rule.ANSWER, () -> alone(SampleLog.timer(List.of(more), DONE), Depth.FORM));
    }
  }
}
