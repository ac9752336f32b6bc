package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a host that signs anything, and what is left of them as evidence. */
class AnswerCheckTest {
  @TempDir Path home;
  private final LyingLog log = new LyingLog(false);
  private LogWatch watch;
  private AnswerCheck check;
  private String request;
  private Caller.Key caller;

  @BeforeEach
  void start() {
    publish(new LyingSource(log));
  }

  private void publish(LyingSource source) {
    KnownLogs known = new KnownLogs(home);
    LogWatch.Source proofs =
        new LogWatch.Source() {
          @Override
          public List<Hash> consistency(long older, long newer) {
            return Proofs.consistency(older, newer, log);
          }

          @Override
          public HashReader tree(long size) {
            return log;
          }
        };
    watch = new LogWatch(known, source.host(), proofs);
    check = new AnswerCheck(source.host(), watch, known, source);
  }

  // The caller's next request.
  private void ask(long n, TreeHead seen) {
    SignedCall call = log.request(n, seen, "words");
    request = call.format();
    caller = new Caller.Key(LyingLog.ALICE.publicKey(), sign(request));
  }

  private static byte[] sign(String request) {
    return LyingLog.ALICE.sign(SignedCall.message(request));
  }

  private CallEntry entry(int outcomes) {
    return new CallEntry(
        log.size(),
        log.last(),
        log.time(),
        caller,
        Text.of(request, log.blobs),
        List.of(),
        Collections.nCopies(outcomes, new Outcome.Ok(new Text.Inline("1"), 0)),
        Hash.of(""),
        log.genesis.root());
  }

  private Receipt receipt(int index) {
    List<Hash> proof = Proofs.inclusion(index, log.size(), log);
    return new Receipt(index, log.at(index), proof, log.checkpoint(log.size()).note());
  }

  private static String answer(Receipt receipt, int results) {
    Map<String, Object> map = new TreeMap<>();
    map.put("consistency", List.of());
    map.put("from", 0L);
    map.put("receipt", receipt.toJson());
    map.put("results", Collections.nCopies(results, Map.of("ok", "1")));
    return new String(CanonicalJson.format(map), UTF_8);
  }

  private SignedAnswer verified(String json) {
    SignedCall call = SignedCall.parse(request);
    return check.verified(json, new SignedCalls.Sent(caller, call, request));
  }

  private CaughtHostException requireCaught(String why, String json) {
    CaughtHostException e = assertThrows(CaughtHostException.class, () -> verified(json), why);
    assertTrue(e.getMessage().contains(why), e::getMessage);
    return e;
  }

  private void requireNotProved(String why, String json) {
    CaughtHostException e = requireCaught(why, json);
    assertTrue(e.getMessage().endsWith("Do not rely on it."), e::getMessage);
    assertFalse(e.proved());
    assertFalse(Files.exists(home.resolve("evidence")));
  }

  private void requireProved(String why, String json) throws IOException {
    CaughtHostException e = requireCaught(why, json);
    assertTrue(e.proved(), e::getMessage);
    byte[] evidence = Files.readAllBytes(e.evidence().orElseThrow());
    assertTrue(EvidenceJudge.judge(evidence, log.id()).proved());
  }

  @Test
  void anHonestAnswerIsTakenAndItsCheckpointWatched() {
    ask(1, TreeHead.EMPTY);
    log.add(entry(1));

    assertEquals("1", verified(answer(receipt(1), 1)).results().get(0).value());

    assertEquals(log.head(2), watch.seen());
  }

  @Test
  void answersOfOneTreeAreEachInIt() {
    ask(1, TreeHead.EMPTY);
    log.add(entry(1));
    String first = request;
    ask(2, TreeHead.EMPTY);
    log.add(entry(1));
    verified(answer(receipt(2), 1));
    // The checkpoint is known by now; the proof is that of another entry.
    Receipt wrong = new Receipt(2, log.at(2), receipt(1).proof(), receipt(2).checkpoint());
    requireNotProved("is not at index 2 of the signed tree", answer(wrong, 1));
    request = first;
    caller = new Caller.Key(caller.key(), sign(first));
    assertEquals(1, verified(answer(receipt(1), 1)).receipt().index());
  }

  @Test
  void aCheckpointThatIsNotTheLogsIsNot() {
    ask(1, TreeHead.EMPTY);
    log.add(entry(1));
    SignedCheckpoint other =
        SignedCheckpoint.sign(log.genesis.origin(), log.head(2), LyingLog.ALICE);
    Receipt receipt = new Receipt(1, log.at(1), receipt(1).proof(), other.note());
    requireNotProved("does not verify", answer(receipt, 1));
  }

  @Test
  void moreOutcomesThanCallsAreProved() throws IOException {
    ask(1, TreeHead.EMPTY);
    log.add(entry(2));
    requireProved("must have 1 outcomes, and has 2 outcomes", answer(receipt(1), 2));
  }

  @Test
  void anEntryIsAccusedAsItWasProvedWhateverTheHostGivesNow() throws IOException {
    publish(
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            throw new UnreachableException("no entries today");
          }
        });
    ask(1, TreeHead.EMPTY);
    log.add(entry(2));
    requireProved("must have 1 outcomes, and has 2 outcomes", answer(receipt(1), 2));
  }

  @Test
  void anEntryThatIsAccusedByTheOneBeforeItIsProved() throws IOException {
    ask(1, TreeHead.EMPTY);
    log.add(entry(1));
    verified(answer(receipt(1), 1));
    // A second entry that does not follow the first, and has an outcome too many.
    ask(2, TreeHead.EMPTY);
    CallEntry second =
        new CallEntry(
            2,
            log.id(),
            log.time(),
            caller,
            Text.of(request, log.blobs),
            List.of(),
            entry(2).outcomes(),
            Hash.of(""),
            log.genesis.root());
    log.add(second);
    requireProved("must have 1 outcomes", answer(receipt(2), 2));
  }

  @Test
  void aTreeThatIsWithheldLeavesNoProof() {
    publish(
        new LyingSource(log) {
          @Override
          public List<Hash> tile(Tile tile) {
            throw new UnreachableException("no tiles today");
          }
        });
    ask(1, TreeHead.EMPTY);
    log.add(entry(2));
    requireNotProved("must have 1 outcomes", answer(receipt(1), 2));
  }

  @Test
  void resultsThatWereNotLoggedAreNoEvidence() {
    ask(1, TreeHead.EMPTY);
    log.add(entry(1));
    requireNotProved("the host answers 2 results", answer(receipt(1), 2));
    requireNotProved("does not verify", "{\"receipt\":{}}");
  }

  @Test
  void aCallIsNotTheFirstEntry() {
    ask(1, TreeHead.EMPTY);
    Map<Hash, byte[]> blobs = new HashMap<>();
    CallEntry call =
        new CallEntry(
            0,
            Hash.ZERO,
            log.time(),
            caller,
            Text.of(request, blobs),
            List.of(),
            entry(1).outcomes(),
            Hash.of(""),
            log.genesis.root());
    byte[] first = call.format(blobs);
    TreeHead head = new TreeHead(1, Merkle.leafHash(first));
    Receipt receipt = new Receipt(0, first, List.of(), log.sign(head).note());

    requireNotProved("one genesis entry, at index 0", answer(receipt, 1));
  }

  @Test
  void aCallersOwnWordsAreNotAskedFor() {
    publish(
        new LyingSource(log) {
          @Override
          public byte[] blob(Hash sha256) {
            throw new UnreachableException("no texts today");
          }
        });
    request = log.request(1, TreeHead.EMPTY, "x".repeat(5000)).format();
    caller = new Caller.Key(LyingLog.ALICE.publicKey(), sign(request));
    log.add(entry(1));
    assertEquals(1, verified(answer(receipt(1), 1)).receipt().index());
  }

  @Test
  void whatIsWithheldIsNoLieAndWhatIsAnotherIs() {
    // So many outcomes are a blob of the entry's.
    List<MethodCall> calls = Collections.nCopies(40, new MethodCall("say", "[]"));
    request = new SignedCall(log.id(), LyingLog.SESSION, 1, TreeHead.EMPTY, calls).format();
    caller = new Caller.Key(LyingLog.ALICE.publicKey(), sign(request));
    String result = "\"" + "x".repeat(900) + "\"";
    Set<Hash> before = Set.copyOf(log.blobs.keySet());
    log.add(
        new CallEntry(
            1,
            log.last(),
            log.time(),
            caller,
            Text.of(request, new HashMap<>()),
            List.of(),
            Collections.nCopies(40, new Outcome.Ok(new Text.Inline(result), 0)),
            Hash.of(""),
            log.genesis.root()));
    String json = answer(receipt(1), 40).replace("\"ok\":\"1\"", "\"ok\":" + quoted(result));
    Set<Hash> outcomes = new HashSet<>(log.blobs.keySet());
    outcomes.removeAll(before);
    Hash sha256 = outcomes.iterator().next();
    byte[] list = log.blobs.remove(sha256);

    ClientException e = assertThrows(ClientException.class, () -> verified(json));
    assertFalse(e instanceof CaughtHostException, e::getMessage);
    log.blobs.put(sha256, new byte[1]);
    requireCaught("the host's answer does not verify", json);
    log.blobs.put(sha256, list);
    assertEquals(40, verified(json).results().size());
  }

  private static String quoted(String text) {
    return new String(CanonicalJson.format(text), UTF_8);
  }
}
