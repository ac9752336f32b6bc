package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.objects;
import static dev.glasshouse.calllog.VectorFile.strings;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The files of docs/vectors are what the generator writes, and our own parsers agree with them. */
class VectorTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void theFilesAreWhatTheGeneratorWrites() throws IOException {
    for (Map.Entry<String, String> file : VectorGenerator.files().entrySet()) {
      assertEquals(file.getValue(), VectorFile.text(file.getKey()), file.getKey());
    }
  }

  @Test
  void canonicalJson() {
    Map<String, Object> file = VectorFile.read("canonical-json.json");
    for (String text : strings(file.get("valid"))) {
      Object value = CanonicalJson.parse(utf8(text), text.length() * 3);
      assertArrayEquals(utf8(text), CanonicalJson.format(value), text);
    }
    for (Map<String, Object> each : objects(file.get("formatted"))) {
      byte[] canonical = CanonicalJson.format(VectorFile.parse((String) each.get("json")));
      assertEquals(each.get("canonical"), new String(canonical, StandardCharsets.UTF_8));
      CanonicalJson.parse(canonical, canonical.length);
    }
    refused(file.get("malformed"), bytes -> CanonicalJson.parse(bytes, 1000));
  }

  @Test
  void keys() {
    Map<String, Object> file = VectorFile.read("keys.json");
    for (Map<String, Object> each : objects(file.get("keys"))) {
      Identity identity = Identity.ofSeed(HEX.parseHex((String) each.get("seed")));
      PublicKey key = PublicKey.parse((String) each.get("text"));
      assertEquals(identity.publicKey(), key);
      assertEquals(each.get("public"), HEX.formatHex(key.bytes()));
      assertEquals(key, NoteKey.parse((String) each.get("vkey")).key());
      Identity loaded = (Identity) IdentityFile.parse(utf8((String) each.get("openssh")));
      assertArrayEquals(identity.seed(), loaded.seed());
    }
    for (Map<String, Object> each : objects(file.get("signatures"))) {
      assertEquals(each.get("valid"), verifies(each), each::toString);
    }
    refused(file.get("malformed"), bytes -> PublicKey.parse(Utf8.decode(bytes)));
  }

  private static boolean verifies(Map<String, Object> each) {
    try {
      return PublicKey.ofBytes(HEX.parseHex((String) each.get("public")))
          .verify(
              HEX.parseHex((String) each.get("message")),
              HEX.parseHex((String) each.get("signature")));
    } catch (MalformedException e) {
      return false;
    }
  }

  @Test
  void signedCall() {
    Map<String, Object> file = VectorFile.read("signed-call.json");
    assertEquals(SignedCall.DOMAIN, file.get("domain"));
    for (Map<String, Object> each : objects(file.get("valid"))) {
      String text = (String) each.get("text");
      SignedCall call = SignedCall.parse(text);
      assertEquals(text, call.format());
      assertEquals(each.get("log"), call.log().hex());
      assertEquals(each.get("session"), call.session());
      assertEquals(each.get("n"), call.n());
      Map<?, ?> seen = (Map<?, ?>) each.get("seen");
      assertEquals(seen.get("size"), call.seen().size());
      assertEquals(seen.get("root"), call.seen().root().hex());
      assertCalls(each.get("calls"), call.calls());
      byte[] message = SignedCall.message(text);
      assertEquals(each.get("sha256OfMessage"), Hash.of(message).hex());
      byte[] signature = Caller.parseSignature((String) each.get("sig"));
      assertTrue(PublicKey.parse((String) each.get("key")).verify(message, signature));
      assertArrayEquals(
          signature, Identity.ofSeed(HEX.parseHex((String) each.get("seed"))).sign(message));
    }
    for (Map<String, Object> each : objects(file.get("requests"))) {
      List<MethodCall> calls = Request.parse((String) each.get("text"));
      assertEquals(each.get("text"), Request.format(calls));
      assertCalls(each.get("calls"), calls);
    }
    refused(file.get("malformed"), bytes -> SignedCall.parse(Utf8.decode(bytes)));
    refused(file.get("malformedRequests"), bytes -> Request.parse(Utf8.decode(bytes)));
  }

  private static void assertCalls(Object expected, List<MethodCall> actual) {
    List<MethodCall> calls = new ArrayList<>();
    for (Map<String, Object> each : objects(expected)) {
      calls.add(new MethodCall((String) each.get("method"), (String) each.get("params")));
    }
    assertEquals(calls, actual);
  }

  @Test
  void entry() {
    Map<String, Object> file = VectorFile.read("entry.json");
    for (String list : List.of("log", "others")) {
      for (Map<String, Object> each : objects(file.get(list))) {
        byte[] bytes = utf8((String) each.get("text"));
        assertEquals(each.get("leafHash"), Merkle.leafHash(bytes).hex());
        Map<Hash, byte[]> blobs = new LinkedHashMap<>();
        Entry entry = Entry.parse(bytes, blobs(each));
        assertArrayEquals(bytes, entry.format(blobs), each::toString);
        if (entry instanceof CallEntry call) {
          String request = call.request().read(blobs(each));
          List<MethodCall> calls =
              call.caller() instanceof Caller.Key
                  ? SignedCall.parse(request).calls()
                  : Request.parse(request);
          assertEquals(call.outcomes().size(), calls.size());
        }
      }
    }
    for (Map<String, Object> each : objects(file.get("heaps"))) {
      List<Hash> pages = hashes(each.get("pages"));
      HeapReference heap = HeapReference.of((String) each.get("globals"), pages, new TreeMap<>());
      assertEquals(each.get("root"), heap.root().hex());
      assertEquals(each.get("list"), heap.pages().toJson());
    }
    for (Map<String, Object> each : objects(file.get("malformed"))) {
      byte[] bytes = utf8((String) each.get("text"));
      assertThrows(MalformedException.class, () -> Entry.parse(bytes, blobs(each)), each::toString);
    }
    for (Map<String, Object> each : objects(file.get("withheld"))) {
      byte[] bytes = utf8((String) each.get("text"));
      Class<? extends RuntimeException> told =
          each.get("told").equals("missing")
              ? MissingBlobException.class
              : MalformedException.class;
      assertThrows(told, () -> Entry.parse(bytes, none -> null), each::toString);
    }
  }

  /** Everything that can be checked of a log without replaying it. */
  @Test
  void theSampleLogKeepsTheRules() {
    Map<String, Object> file = VectorFile.read("entry.json");
    RightEdge edge = new RightEdge();
    List<Hash> roots = new ArrayList<>(List.of(Merkle.EMPTY_ROOT));
    Map<String, Long> numbers = new HashMap<>();
    Hash prev = Hash.ZERO;
    Hash id = Hash.parseHex((String) file.get("id"));
    long time = 0;
    for (Map<String, Object> each : objects(file.get("log"))) {
      byte[] bytes = utf8((String) each.get("text"));
      Entry entry = Entry.parse(bytes, blobs(each));
      assertEquals(edge.size(), entry.seq());
      assertEquals(prev, entry.prev());
      assertTrue(entry.time() >= time);
      time = entry.time();
      prev = Merkle.leafHash(bytes);
      if (entry instanceof CallEntry call) {
        Caller.Key caller = assertInstanceOf(Caller.Key.class, call.caller());
        String request = call.request().read(blobs(each));
        assertTrue(caller.key().verify(SignedCall.message(request), caller.signature()));
        SignedCall signed = SignedCall.parse(request);
        Admission.State state =
            new Admission.State() {
              @Override
              public long lastNumber(PublicKey key, String session) {
                return numbers.getOrDefault(key + session, 0L);
              }

              @Override
              public Hash rootAt(long size) {
                return roots.get((int) size);
              }
            };
        Admission.check(signed, caller.key(), id, edge.size(), state);
        numbers.put(caller.key() + signed.session(), signed.n());
        CallRefused again =
            assertThrows(
                CallRefused.class,
                () -> Admission.check(signed, caller.key(), id, entry.seq(), state));
        assertEquals(Reason.USED_NUMBER, again.reason());
      } else {
        assertEquals(id, prev);
        assertEquals(file.get("origin"), ((GenesisEntry) entry).origin());
      }
      edge.append(prev);
      roots.add(edge.root());
    }
    assertEquals(5, edge.size());
  }

  private static BlobReader blobs(Map<String, Object> each) {
    Map<Hash, byte[]> blobs = new TreeMap<>();
    for (String blob : strings(each.get("blobs"))) {
      blobs.put(Hash.of(blob), utf8(blob));
    }
    return blobs::get;
  }

  @Test
  void tree() {
    Map<String, Object> file = VectorFile.read("tree.json");
    List<Hash> leaves = new ArrayList<>();
    for (Map<String, Object> each : objects(file.get("leaves"))) {
      Hash leaf = Merkle.leafHash(utf8((String) each.get("text")));
      assertEquals(each.get("hash"), leaf.hex());
      leaves.add(leaf);
    }
    List<String> roots = strings(file.get("roots"));
    for (int size = 0; size <= leaves.size(); size++) {
      assertEquals(roots.get(size), Merkle.root(leaves.subList(0, size)).hex());
    }
    for (Map<String, Object> each : objects(file.get("inclusion"))) {
      assertTrue(includes(each, leaves, roots), each::toString);
    }
    for (Map<String, Object> each : objects(file.get("consistency"))) {
      assertTrue(grows(each, roots), each::toString);
    }
    for (Map<String, Object> each : objects(file.get("invalid"))) {
      boolean holds =
          each.containsKey("index") ? includes(each, leaves, roots) : grows(each, roots);
      assertFalse(holds, each::toString);
    }
  }

  private static boolean includes(Map<String, Object> each, List<Hash> leaves, List<String> roots) {
    long index = (Long) each.get("index");
    TreeHead head = head((Long) each.get("size"), roots);
    return Proofs.verifyInclusion(index, leaves.get((int) index), head, hashes(each.get("proof")));
  }

  private static boolean grows(Map<String, Object> each, List<String> roots) {
    TreeHead older = head((Long) each.get("old"), roots);
    TreeHead newer = head((Long) each.get("new"), roots);
    return Proofs.verifyConsistency(older, newer, hashes(each.get("proof")));
  }

  private static TreeHead head(long size, List<String> roots) {
    return new TreeHead(size, Hash.parseHex(roots.get((int) size)));
  }

  private static List<Hash> hashes(Object list) {
    return strings(list).stream().map(Hash::parseHex).toList();
  }

  @Test
  void tiles() {
    Map<String, Object> file = VectorFile.read("tiles.json");
    for (Map<String, Object> each : objects(file.get("paths"))) {
      Tile tile = Tile.parse((String) each.get("path"));
      assertEquals(each.get("path"), tile.path());
      assertEquals(each.get("level"), (long) tile.level());
      assertEquals(each.get("index"), tile.index());
      assertEquals(each.get("width"), (long) tile.width());
    }
    for (Map<String, Object> each : objects(file.get("bundlePaths"))) {
      EntryBundle bundle = EntryBundle.parse((String) each.get("path"));
      assertEquals(each.get("path"), bundle.path());
      assertEquals(each.get("index"), bundle.index());
      assertEquals(each.get("width"), (long) bundle.width());
    }
    for (Map<String, Object> each : objects(file.get("sizes"))) {
      List<Tile> partial = Tile.partials((Long) each.get("size"));
      assertEquals(each.get("partial"), partial.stream().map(Tile::path).toList());
    }
    for (Map<String, Object> each : objects(file.get("malformedPaths"))) {
      String path = (String) each.get("path");
      boolean entries = path.startsWith("tile/entries/");
      assertThrows(
          MalformedException.class,
          () -> assertEquals("", entries ? EntryBundle.parse(path) : Tile.parse(path)),
          each::toString);
    }
    Map<?, ?> tile = (Map<?, ?>) file.get("tile");
    byte[] tileBytes = HEX.parseHex((String) tile.get("hex"));
    assertEquals(
        hashes(tile.get("hashes")), Tile.parse((String) tile.get("path")).decode(tileBytes));
    Map<?, ?> bundle = (Map<?, ?>) file.get("bundle");
    byte[] bundleBytes = HEX.parseHex((String) bundle.get("hex"));
    List<byte[]> entries = EntryBundle.parse((String) bundle.get("path")).decode(bundleBytes);
    assertEquals(bundle.get("entries"), entries.stream().map(Utf8::decode).toList());
    assertArrayEquals(bundleBytes, EntryBundle.encode(entries));
    for (Map<String, Object> each : objects(file.get("malformedBundles"))) {
      int width = ((Long) each.get("width")).intValue();
      byte[] bytes = HEX.parseHex((String) each.get("hex"));
      assertThrows(
          MalformedException.class, () -> new EntryBundle(0, width).decode(bytes), each::toString);
    }
  }

  @Test
  void checkpoint() {
    Map<String, Object> file = VectorFile.read("checkpoint.json");
    String origin = (String) file.get("origin");
    Identity host = Identity.ofSeed(HEX.parseHex((String) file.get("seed")));
    PublicKey key = PublicKey.parse((String) file.get("key"));
    NoteKey noteKey = NoteKey.parse((String) file.get("vkey"));
    assertEquals(new NoteKey(origin, key), noteKey);
    assertEquals(host.publicKey(), key);
    assertEquals(file.get("keyId"), String.format("%08x", noteKey.id()));
    for (Map<String, Object> each : objects(file.get("valid"))) {
      byte[] bytes = utf8((String) each.get("note"));
      SignedCheckpoint signed = SignedCheckpoint.verify(bytes, origin, key);
      assertArrayEquals(bytes, signed.format());
      assertEquals(each.get("text"), signed.checkpoint().text());
      assertEquals(each.get("size"), signed.head().size());
      assertEquals(each.get("root"), signed.head().root().hex());
      SignedCheckpoint again = SignedCheckpoint.sign(origin, signed.head(), host);
      assertEquals(again.note().signatures().get(0), signed.note().signatures().get(0));
    }
    for (Map<String, Object> each : objects(file.get("unverified"))) {
      byte[] bytes = utf8((String) each.get("text"));
      assertThrows(
          UnverifiedException.class,
          () -> SignedCheckpoint.verify(bytes, origin, key),
          each::toString);
    }
    refused(file.get("malformed"), bytes -> SignedCheckpoint.verify(bytes, origin, key));
  }

  @Test
  void receipt() {
    Map<String, Object> file = VectorFile.read("receipt.json");
    String origin = (String) file.get("origin");
    PublicKey key = PublicKey.parse((String) file.get("key"));
    for (Map<String, Object> each : objects(file.get("valid"))) {
      byte[] bytes = utf8((String) each.get("text"));
      Receipt receipt = Receipt.parse(bytes);
      assertArrayEquals(bytes, receipt.format());
      assertEquals(each.get("index"), receipt.index());
      assertEquals(each.get("size"), receipt.verify(origin, key).head().size());
      Hash leaf = Merkle.leafHash(receipt.entry());
      assertEquals(each.get("leafHash"), leaf.hex());
      byte[] proofBytes = utf8((String) each.get("tlogProof"));
      TlogProof proof = TlogProof.parse(proofBytes, TlogProof.MAX_BYTES);
      assertArrayEquals(proofBytes, proof.format());
      assertEquals(receipt.verify(origin, key), proof.verify(leaf, origin, key));
    }
    for (Map<String, Object> each : objects(file.get("unverified"))) {
      Receipt receipt = Receipt.parse(utf8((String) each.get("text")));
      assertThrows(UnverifiedException.class, () -> receipt.verify(origin, key), each::toString);
    }
    refused(file.get("malformed"), Receipt::parse);
    refused(file.get("malformedProofs"), bytes -> TlogProof.parse(bytes, TlogProof.MAX_BYTES));
  }

  private static void refused(Object cases, Consumer<byte[]> parser) {
    List<Map<String, Object>> all = objects(cases);
    assertTrue(all.size() > 5);
    for (Map<String, Object> each : all) {
      byte[] bytes =
          each.containsKey("hex")
              ? HEX.parseHex((String) each.get("hex"))
              : utf8((String) each.get("text"));
      assertThrows(MalformedException.class, () -> parser.accept(bytes), each::toString);
    }
  }
}
