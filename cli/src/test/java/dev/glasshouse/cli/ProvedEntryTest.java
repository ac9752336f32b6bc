package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.BrokenRuleException.Rule;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.ScriptReference;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs of two entries, in which a host with a key has logged what an honest one never would. */
final class ProvedEntryTest {
  private static final long TIME = 1_700_000_000_000L;
  private static final Identity HOST = identity(1);
  private static final Identity CALLER = identity(2);
  private static final Outcome TWO = new Outcome.Ok(new Text.Inline("2"), 0);

  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private final byte[] genesis = genesis(false);
  private final Hash log = Merkle.leafHash(genesis);
  private final ProvedEntry.Anchor anchor = ProvedEntry.Anchor.of(genesis, null, blobs::get);

  private static Identity identity(int seed) {
    byte[] bytes = new byte[Identity.SEED_BYTES];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(bytes);
  }

  private byte[] genesis(boolean debug) {
    BlobReference blob = new BlobReference(Hash.of("script"), 6);
    String nonce = "0".repeat(32);
    return new GenesisEntry(
            TIME,
            GenesisEntry.origin("t", nonce),
            HOST.publicKey(),
            debug,
            "t",
            nonce,
            new ScriptReference("a.js", "commonjs", blob),
            blob,
            blob,
            Limits.DEFAULT,
            List.of(),
            new Outcome.Ok(new Text.Inline("[]"), 0),
            Hash.ZERO,
            Hash.ZERO)
        .format(blobs);
  }

  private String request(Hash meant, String params) {
    List<MethodCall> calls = List.of(new MethodCall("add", params));
    return new SignedCall(meant, "0".repeat(32), 1, TreeHead.EMPTY, calls).format();
  }

  private static Caller signer(Identity identity, String request) {
    return new Caller.Key(identity.publicKey(), identity.sign(SignedCall.message(request)));
  }

  private CallEntry call(long seq, Caller caller, String request, int outcomes) {
    return new CallEntry(
        seq,
        log,
        TIME,
        caller,
        Text.of(request, blobs),
        List.of(),
        Collections.nCopies(outcomes, TWO),
        Hash.ZERO,
        Hash.ZERO);
  }

  private CallEntry honest(String params) {
    String request = request(log, params);
    return call(1, signer(CALLER, request), request, 1);
  }

  private ProvedEntry prove(Entry entry) {
    return prove(entry.format(blobs), anchor);
  }

  // As a host proves it that signs whatever it likes.
  private ProvedEntry prove(byte[] entry, ProvedEntry.Anchor expected) {
    Hash root = Merkle.node(log, Merkle.leafHash(entry));
    SignedCheckpoint signed =
        SignedCheckpoint.sign(anchor.key().name(), new TreeHead(2, root), HOST);
    TlogProof proof = new TlogProof(1, List.of(log), signed.note());
    return ProvedEntry.verify(proof, entry, expected, new CheckedBlobs(blobs::get));
  }

  private void assertBroken(Rule rule, String why, Entry entry) {
    assertBroken(rule, why, entry.format(blobs), anchor);
  }

  private void assertBroken(Rule rule, String why, byte[] entry, ProvedEntry.Anchor known) {
    BrokenRuleException e = assertThrows(BrokenRuleException.class, () -> prove(entry, known), why);
    assertEquals(rule, e.rule(), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void anHonestCallIsProved() {
    ProvedEntry proved = prove(honest("[1,1]"));
    assertEquals(CALLER.publicKey().format(), proved.caller().id());
    assertEquals(2, proved.checkpoint().head().size());
    assertTrue(proved.line().endsWith("  add(1,1) -> 2"), proved.line());
  }

  @Test
  void aCallThatItsCallerDidNotSignIsNot() {
    String request = request(log, "[]");
    Caller forged = new Caller.Key(CALLER.publicKey(), HOST.sign(SignedCall.message(request)));
    assertBroken(Rule.SIGNATURE, "one that fails", call(1, forged, request, 1));
    assertBroken(
        Rule.SIGNATURE,
        "one that fails",
        new AbortEntry(1, log, TIME, forged, Text.of(request, blobs), Hash.ZERO, Hash.ZERO));
    String other = request(Hash.ZERO, "[]");
    CallEntry elsewhere = call(1, signer(CALLER, other), other, 1);
    assertBroken(Rule.ADMISSION, "signed for log " + Hash.ZERO, elsewhere);
  }

  @Test
  void anUnsignedCallIsProvedOfADebugLogOnly() {
    String request = Request.format(List.of(new MethodCall("add", "[]")));
    CallEntry unsigned = call(1, new Caller.User("bob"), request, 1);
    assertBroken(Rule.UNSIGNED, "a user at their word", unsigned);
    byte[] debug = genesis(true);
    ProvedEntry.Anchor debugLog = ProvedEntry.Anchor.of(debug, null, blobs::get);
    assertEquals("bob", prove(unsigned.format(blobs), debugLog).caller().id());
  }

  @Test
  void anEntryMustBeWhatItsPlaceSays() {
    String request = request(log, "[]");
    Caller caller = signer(CALLER, request);
    assertBroken(Rule.CHAIN, "seq 1, and has seq 5", call(5, caller, request, 1));
    assertBroken(Rule.OUTCOMES, "1 outcomes, and has 2", call(1, caller, request, 2));
    assertBroken(Rule.FORM, "its canonical form", call(1, caller, "no request", 1));
    byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
    assertBroken(Rule.FORM, "its canonical form", none, anchor);
  }

  @Test
  void whatIsOverALimitIsNot() {
    // A log's own limit, if it is known; otherwise the largest that any log can have.
    long most = Limits.DEFAULT.request();
    assertBroken(Rule.ADMISSION, "a request of at most " + most + " bytes", asking(most + 1));
    assertBroken(
        Rule.ADMISSION,
        "at most " + Limits.LARGEST.request(),
        asking(Limits.LARGEST.request() + 1).format(blobs),
        ProvedEntry.Anchor.of(anchor.key()));
  }

  private CallEntry asking(long length) {
    return new CallEntry(
        1,
        log,
        TIME,
        signer(CALLER, "x"),
        new Text.Blob(Hash.of("long"), length),
        List.of(),
        List.of(TWO),
        Hash.ZERO,
        Hash.ZERO);
  }

  @Test
  void aKeyAloneShowsEverythingButTheLog() {
    ProvedEntry.Anchor key = ProvedEntry.Anchor.of(anchor.key());
    String request = request(log, "[]");
    Caller caller = signer(CALLER, request);
    byte[] two = call(1, caller, request, 2).format(blobs);
    assertBroken(Rule.OUTCOMES, "1 outcomes, and has 2", two, key);
    byte[] forged = call(1, signer(HOST, "other"), request, 1).format(blobs);
    assertBroken(Rule.SIGNATURE, "one that fails", forged, key);
    String other = request(Hash.ZERO, "[]");
    byte[] elsewhere = call(1, signer(CALLER, other), other, 1).format(blobs);
    assertEquals(CALLER.publicKey().format(), prove(elsewhere, key).caller().id());
  }

  @Test
  void whatALaterBuildMayKnowIsNoVerdict() {
    byte[] later = "{\"kind\":\"later\",\"v\":1}".getBytes(StandardCharsets.UTF_8);
    assertThrows(UnknownEntryException.class, () -> prove(later, anchor));
  }

  @Test
  void longTextsAreNeededAndCheckedByTheirHash() {
    CallEntry entry = honest("[\"" + "x".repeat(2000) + "\"]");
    assertTrue(prove(entry).line().contains("add(\"xxx"));
    Hash sha256 = ((Text.Blob) entry.request()).sha256();
    byte[] bytes = entry.format(blobs);
    blobs.put(sha256, new byte[] {1});
    assertThrows(WrongBlobException.class, () -> prove(bytes, anchor));
    blobs.remove(sha256);
    assertThrows(MissingBlobException.class, () -> prove(bytes, anchor));
  }

  @Test
  void aTurnOfATimerHasNoCaller() {
    assertNull(prove(new TimerEntry(1, log, TIME, List.of(), TWO, Hash.ZERO, Hash.ZERO)).caller());
    assertNull(prove(new AbortEntry(1, log, TIME, null, null, Hash.ZERO, Hash.ZERO)).caller());
  }

  @Test
  void theTreeBeginsWithTheGenesisEntryOfTheLog() {
    TreeHead head = new TreeHead(1, log);
    SignedCheckpoint signed = SignedCheckpoint.sign(anchor.key().name(), head, HOST);
    TlogProof proof = new TlogProof(0, List.of(), signed.note());
    assertEquals(0, ProvedEntry.verify(proof, genesis, anchor, blobs::get).entry().seq());
    ProvedEntry.Anchor key = ProvedEntry.Anchor.of(anchor.key());
    assertEquals(0, ProvedEntry.verify(proof, genesis, key, blobs::get).entry().seq());
    // The same key and origin under another id.
    ProvedEntry.Anchor other = ProvedEntry.Anchor.of(genesis(true), null, blobs::get);
    assertThrows(
        UnverifiedException.class, () -> ProvedEntry.verify(proof, genesis, other, blobs::get));
  }

  @Test
  void aLogIsKnownByItsGenesisEntry() {
    assertEquals(log, ProvedEntry.Anchor.of(genesis, log, blobs::get).log());
    assertThrows(
        UnverifiedException.class, () -> ProvedEntry.Anchor.of(genesis, Hash.ZERO, blobs::get));
    byte[] call = honest("[]").format(blobs);
    assertThrows(MalformedException.class, () -> ProvedEntry.Anchor.of(call, null, blobs::get));
  }

  @Test
  void aKeyIsEnough() {
    byte[] entry = honest("[]").format(blobs);
    assertNull(prove(entry, ProvedEntry.Anchor.of(anchor.key())).anchor().log());
    NoteKey otherKey = new NoteKey(anchor.key().name(), CALLER.publicKey());
    NoteKey otherName = new NoteKey("glasshouse/other", HOST.publicKey());
    for (NoteKey other : List.of(otherKey, otherName)) {
      assertThrows(UnverifiedException.class, () -> prove(entry, ProvedEntry.Anchor.of(other)));
    }
  }
}
