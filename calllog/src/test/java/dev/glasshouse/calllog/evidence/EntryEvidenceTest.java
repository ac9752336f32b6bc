package dev.glasshouse.calllog.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An entry that breaks a rule is proved to, if the file shows all of it; an honest one never is.
 */
class EntryEvidenceTest {
  private final LyingLog log = new LyingLog(false).grow(6, "honest");

  private Evidence accused(LyingLog of, long index, long... earlier) {
    return new Accusation(of.genesis)
        .entry(of.checkpoint(of.size()), of, of::at, of.blobs::get, index, earlier);
  }

  private static Judgement judge(Evidence evidence) {
    return EvidenceJudge.judge(evidence.format(), null);
  }

  private static void assertProved(String what, Evidence evidence) {
    Judgement judgement = judge(evidence);
    assertTrue(judgement.proved(), judgement.sentence());
    assertTrue(judgement.sentence().contains(what), judgement.sentence());
  }

  private static void assertNotProved(String why, Evidence evidence) {
    Judgement judgement = judge(evidence);
    assertFalse(judgement.proved(), judgement.sentence());
    assertTrue(judgement.sentence().contains(why), judgement.sentence());
  }

  // The lie is entry 6, and honest ones follow.
  private void assertProved(String what, CallEntry lie) {
    log.add(lie);
    log.grow(9, "after");
    assertProved(what, accused(log, 6));
  }

  private Caller alice(String request) {
    byte[] signature = LyingLog.ALICE.sign(SignedCall.message(request));
    return new Caller.Key(LyingLog.ALICE.publicKey(), signature);
  }

  private static Evidence with(
      Evidence base,
      Evidence.Genesis genesis,
      Evidence.Prefix prefix,
      List<Evidence.Leaf> entries,
      boolean blobs) {
    return new Evidence(
        base.claim(),
        base.log(),
        genesis,
        null,
        base.newer(),
        prefix,
        entries,
        blobs ? base.blobs() : new TreeMap<>(),
        base.text());
  }

  @Test
  void honestEntriesBreakNoRule() {
    log.grow(12, "word ".repeat(300));
    for (int index = 1; index < log.size(); index++) {
      long[] earlier = new long[index];
      for (int i = 0; i < index; i++) {
        earlier[i] = i;
      }
      assertNotProved("breaks no rule", accused(log, index, earlier));
    }
  }

  @Test
  void garbageIsMalformed() {
    log.add(new byte[] {(byte) 0xff, 0, 1});
    log.add("{}".getBytes(StandardCharsets.UTF_8));
    log.grow(12, "after");
    assertProved("entry 6 must have its canonical form", accused(log, 6));
    assertProved("entry 7 must have its canonical form", accused(log, 7));
    assertNotProved("breaks no rule", accused(log, 10));
  }

  @Test
  void aMalformedRequestIsMalformed() {
    String request = log.request(9, TreeHead.EMPTY, "x").format().replace("\"v\":1", "\"v\": 1");
    assertProved("canonical form", log.call(alice(request), request));
  }

  @Test
  void aLaterVersionCannotBeJudged() {
    String entry = new String(log.at(5), StandardCharsets.UTF_8);
    log.add(
        entry.replace("\"v\":1,\"writes\"", "\"v\":2,\"writes\"").getBytes(StandardCharsets.UTF_8));
    assertNotProved("cannot be judged: entry 6: entry version 2", accused(log, 6));
  }

  @Test
  void aWrongPlaceIsShownByTheEntryAlone() {
    SignedCall call = log.request(6, TreeHead.EMPTY, "x");
    CallEntry honest = log.call(call);
    String request = call.format();
    assertProved(
        "seq 6, and has seq 7",
        log.entry(7, honest.prev(), honest.time(), honest.caller(), request));
    log.add(log.at(0));
    assertProved("one genesis entry", accused(log, 9));
  }

  @Test
  void aBrokenChainIsShownWithTheEntryBefore() {
    SignedCall call = log.request(6, TreeHead.EMPTY, "x");
    CallEntry honest = log.call(call);
    log.add(log.entry(6, Hash.of("x"), honest.time(), honest.caller(), call.format()));
    Evidence evidence = accused(log, 6);
    assertProved("must have prev ", evidence);
    Evidence alone =
        with(
            evidence,
            evidence.genesis(),
            evidence.prefix(),
            evidence.entries().subList(1, 2),
            true);
    assertNotProved("breaks no rule", alone);
  }

  @Test
  void theEntryAfterGenesisIsComparedWithIt() {
    LyingLog short1 = new LyingLog(false);
    SignedCall call = short1.request(1, TreeHead.EMPTY, "x");
    CallEntry honest = short1.call(call);
    short1.add(short1.entry(1, short1.last(), 5, honest.caller(), call.format()));
    assertProved("a time not before", accused(short1, 1));
  }

  @Test
  void timeFallsBehindTheLastTimerOfTheEntryBefore() {
    CallEntry plain = log.call(log.request(6, log.head(6), "x"));
    long end = plain.time() + 5000;
    log.add(
        new CallEntry(
            plain.seq(),
            plain.prev(),
            plain.time(),
            plain.caller(),
            plain.request(),
            List.of(
                new Input(
                    Input.TIMER, Hash.of("timer " + end), new Text.Inline(String.valueOf(end)))),
            plain.outcomes(),
            plain.writes(),
            plain.root()));
    log.grow(8, "early");
    assertProved("a time not before " + end, accused(log, 7));
    assertNotProved("breaks no rule", accused(log, 6));
  }

  @Test
  void anUnsignedCallIsALieUnlessTheHostIsForDebugging() {
    CallEntry unsigned = log.call(new Caller.User("bob"), "{\"calls\":[]}");
    assertProved("canonical form", unsigned);
    String request = "{\"calls\":[{\"method\":\"say\",\"params\":[]}]}";
    log.add(log.call(new Caller.User("bob"), request));
    assertProved("must have a signed call", accused(log, 9));
    LyingLog debug = new LyingLog(true).grow(2, "x");
    debug.add(debug.call(new Caller.User("bob"), request));
    assertNotProved("breaks no rule", accused(debug, 2));
  }

  @Test
  void aBadSignatureIsALie() {
    String request = log.request(6, TreeHead.EMPTY, "x").format();
    String other = log.request(7, TreeHead.EMPTY, "x").format();
    assertProved("a signature by", log.call(alice(other), request));
  }

  @Test
  void aCallForAnotherLogIsALie() {
    SignedCall call =
        new SignedCall(
            Hash.of("other"),
            LyingLog.SESSION,
            6,
            TreeHead.EMPTY,
            log.request(6, TreeHead.EMPTY, "x").calls());
    assertProved("the call is signed for log", log.call(call));
  }

  @Test
  void aNumberThatWasUsedIsShownWithTheEntryThatUsedIt() {
    log.add(log.call(log.request(3, TreeHead.EMPTY, "x")));
    log.grow(9, "after");
    assertProved("number 3 of this session is used up", accused(log, 6, 3));
    assertProved("the last one used is 5", accused(log, 6));
    Evidence evidence = accused(log, 6, 2);
    List<Evidence.Leaf> lower = new ArrayList<>(evidence.entries());
    lower.remove(1);
    assertNotProved(
        "breaks no rule", with(evidence, evidence.genesis(), evidence.prefix(), lower, true));
  }

  @Test
  void numbersOfAnotherSessionAreNotUsed() {
    SignedCall base = log.request(3, TreeHead.EMPTY, "x");
    String session = "0".repeat(32);
    log.add(log.call(new SignedCall(base.log(), session, 3, base.seen(), base.calls())));
    assertNotProved("breaks no rule", accused(log, 6, 3, 5));
  }

  @Test
  void numbersOfOthersAreNotUsed() {
    String request = log.request(3, TreeHead.EMPTY, "x").format();
    byte[] signature = LyingLog.HOST.sign(SignedCall.message(request));
    log.add(log.call(new Caller.Key(LyingLog.HOST.publicKey(), signature), request));
    assertNotProved("breaks no rule", accused(log, 6, 3, 5));

    LyingLog debug = new LyingLog(true);
    String unsigned = "{\"calls\":[{\"method\":\"say\",\"params\":[]}]}";
    debug.add(debug.call(new Caller.User("bob"), unsigned));
    debug.grow(3, "signed");
    assertNotProved("breaks no rule", accused(debug, 2, 1));
  }

  @Test
  void anAnswerOverTheLimitIsALie() {
    CallEntry honest = log.call(log.request(6, TreeHead.EMPTY, "x"));
    Text answer = new Text.Blob(Hash.of("x"), 5 << 20);
    assertProved(
        "answers of at most 4194304 bytes",
        new CallEntry(
            6,
            honest.prev(),
            honest.time(),
            honest.caller(),
            honest.request(),
            List.of(new Input(Input.ORACLE, Hash.of("x"), answer)),
            honest.outcomes(),
            honest.writes(),
            honest.root()));
  }

  @Test
  void aLongRequestComesWithItsText() {
    String words = "word ".repeat(400);
    log.add(log.call(log.request(3, TreeHead.EMPTY, words)));
    Evidence evidence = accused(log, 6);
    assertProved("number 3 of this session", evidence);
    assertEquals(1, evidence.blobs().size());
    assertNotProved(
        "is missing",
        with(evidence, evidence.genesis(), evidence.prefix(), evidence.entries(), false));
  }

  @Test
  void aRequestOverTheLimitNeedsNoText() {
    CallEntry honest = log.call(log.request(6, TreeHead.EMPTY, "x"));
    log.add(
        new CallEntry(
            6,
            honest.prev(),
            honest.time(),
            honest.caller(),
            new Text.Blob(Hash.of("x"), 5 << 20),
            List.of(),
            honest.outcomes(),
            honest.writes(),
            honest.root()));
    assertProved("a request of at most 4194304 bytes", accused(log, 6));
  }

  @Test
  void oneOutcomeForEachCall() {
    CallEntry honest = log.call(log.request(6, TreeHead.EMPTY, "x"));
    Outcome outcome = honest.outcomes().get(0);
    assertProved(
        "1 outcomes, and has 2 outcomes",
        new CallEntry(
            6,
            honest.prev(),
            honest.time(),
            honest.caller(),
            honest.request(),
            List.of(),
            List.of(outcome, outcome),
            honest.writes(),
            honest.root()));
  }

  @Test
  void anotherHistoryThatTheCallerSawIsShownByTheTree() {
    LyingLog other = log.fork(2).grow(6, "other");
    for (int seen = 3; seen <= 6; seen++) {
      LyingLog forked = log.fork(6);
      forked.add(forked.call(forked.request(6, other.head(seen), "x")));
      forked.grow(9, "after");
      Evidence evidence = accused(forked, 6);
      assertProved("the caller has seen another history of the first " + seen, evidence);
      assertNotProved(
          "breaks no rule", with(evidence, evidence.genesis(), null, evidence.entries(), true));
      Evidence.Prefix forged = new Evidence.Prefix(Hash.of("x"), evidence.prefix().proof());
      assertNotProved(
          "breaks no rule", with(evidence, evidence.genesis(), forged, evidence.entries(), true));
    }
    log.add(log.call(log.request(6, new TreeHead(7, Hash.of("x")), "x")));
    assertProved("the caller has seen 7 entries, this log has 6", accused(log, 6));
    log.add(log.call(log.request(7, new TreeHead(9, Hash.of("x")), "x")));
    assertProved("the caller has seen 9 entries, this log has 7", accused(log, 7));
  }

  @Test
  void entriesThatAreNotInTheTreeCountForNothing() {
    log.add(log.call(log.request(3, TreeHead.EMPTY, "x")));
    log.grow(9, "after");
    Evidence evidence = accused(log, 6);
    Evidence.Leaf lie = evidence.entries().get(1);
    List<Evidence.Leaf> changed =
        List.of(
            new Evidence.Leaf(lie.index(), "{}".getBytes(StandardCharsets.UTF_8), lie.proof()),
            new Evidence.Leaf(lie.index() + 1, lie.entry(), lie.proof()),
            new Evidence.Leaf(lie.index(), lie.entry(), List.of()));
    for (Evidence.Leaf each : changed) {
      List<Evidence.Leaf> entries = List.of(evidence.entries().get(0), each);
      assertNotProved(
          "is not shown to be in the tree",
          with(evidence, evidence.genesis(), evidence.prefix(), entries, true));
    }
  }

  @Test
  void nobodyChoosesOtherRulesForTheLog() {
    // A debug host's honest log, accused with a genesis entry that takes signed calls only.
    LyingLog debug = new LyingLog(true).grow(2, "x");
    debug.add(
        debug.call(new Caller.User("bob"), "{\"calls\":[{\"method\":\"say\",\"params\":[]}]}"));
    Evidence evidence = accused(debug, 2);
    byte[] strict = new LyingLog(false).at(0);
    for (List<Hash> proof : new ArrayList<>(List.of(evidence.genesis().proof(), List.<Hash>of()))) {
      Evidence forged =
          new Evidence(
              evidence.claim(),
              new LyingLog(false).id(),
              new Evidence.Genesis(strict, proof),
              null,
              evidence.newer(),
              null,
              evidence.entries(),
              evidence.blobs(),
              "");
      assertNotProved("the genesis entry is not shown to be in the tree", forged);
    }
    assertNotProved(
        "the genesis entry is not shown",
        with(
            evidence,
            new Evidence.Genesis(evidence.genesis().entry(), null),
            null,
            evidence.entries(),
            true));
  }

  @Test
  void onlyEarlierEntriesAccuse() {
    assertThrows(IllegalArgumentException.class, () -> accused(log, 3, 4));
    assertThrows(IllegalArgumentException.class, () -> accused(log, 0));
    assertThrows(IllegalArgumentException.class, () -> accused(log, -1));
  }

  private Evidence accusedWithout(long withheld, long... earlier) {
    return new Accusation(log.genesis)
        .entry(
            log.checkpoint(7),
            log,
            at -> {
              if (at == withheld) {
                throw new UnreachableException("no");
              }
              return log.at(at);
            },
            log.blobs::get,
            6,
            earlier);
  }

  @Test
  void onlyTheEntryBeforeMayBeWithheld() {
    log.add(log.call(log.request(3, TreeHead.EMPTY, "x")));
    assertProved("number 3 of this session is used up", accusedWithout(5, 3));
    assertThrows(UnreachableException.class, () -> accusedWithout(5, 5));
    assertThrows(UnreachableException.class, () -> accusedWithout(3, 3));
    assertThrows(UnreachableException.class, () -> accusedWithout(6, 3));
  }

  @Test
  void aHostThatWithholdsIsNotAccusedOfMore() {
    assertThrows(
        UnreachableException.class,
        () ->
            new Accusation(log.genesis)
                .entry(
                    log.checkpoint(6),
                    (level, index) -> {
                      throw new UnreachableException("no");
                    },
                    log::at,
                    log.blobs::get,
                    3));
    assertThrows(
        MalformedException.class,
        () ->
            new Evidence(
                Evidence.Claim.ENTRY,
                log.id(),
                new Evidence.Genesis(log.at(0), List.of()),
                null,
                log.checkpoint(6).note(),
                null,
                List.of(new Evidence.Leaf(0, log.at(0), List.of())),
                new TreeMap<>(),
                ""));
  }
}
