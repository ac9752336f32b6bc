package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.utf8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A log of five entries made of fixed keys and texts, with an entry of every shape. It obeys every
 * rule but one: interpreter and bootstrap are stand-ins, so it cannot be replayed.
 */
final class SampleLog {
  static final Identity HOST = identity("host");
  static final Identity ALICE = identity("alice");
  static final Identity BOB = identity("bob");
  static final String ALICE_SESSION = "a11ce000000000000000000000000001";
  static final String BOB_SESSION = "b0b00000000000000000000000000002";
  static final String NONCE = "000102030405060708090a0b0c0d0e0f";
  static final String SOURCE =
      """
      let counter = 0
      exports.increment = () => ++counter
      exports.π = (x) => x * 3.141592653589793
      """;
  static final long TIME = 1_767_225_600_000L;

  /** Roots and hash over the writes of the archive examples in docs/formats.md. */
  static final Hash EMPTY_ARCHIVE =
      Hash.parseHex("c05d231da83665dd60560fc424059d66b433774afcff4d3b053b407f057d54ba");

  static final Hash COUNTER_ARCHIVE =
      Hash.parseHex("0468c487fffea3f94d4b34e7342976a6e0fb550e1196ec1f5bedd3473c8f5158");
  static final Hash COUNTER_WRITES =
      Hash.parseHex("22350a55292f23c2f9cd03920f4652f66a9c2c710b57a202b52afb821827608d");
  static final Hash NO_WRITES = Hash.of("");

  final Map<Hash, byte[]> blobs = new LinkedHashMap<>();
  final List<Entry> entries = new ArrayList<>();
  final List<byte[]> bytes = new ArrayList<>();
  final List<Hash> leaves = new ArrayList<>();
  final List<SignedCall> calls = new ArrayList<>();
  final GenesisEntry genesis = genesis("Counter: Ünicode & more", false, blobs);

  SampleLog() {
    add(genesis);
    call(
        ALICE,
        new SignedCall(
            id(), ALICE_SESSION, 1, TreeHead.EMPTY, List.of(new MethodCall("increment", "[]"))),
        List.of(),
        List.of(new Outcome.Ok(new Text.Inline("1"), 0)),
        COUNTER_WRITES,
        COUNTER_ARCHIVE);
    call(
        BOB,
        new SignedCall(
            id(),
            BOB_SESSION,
            7,
            head(2),
            List.of(
                new MethodCall("π", "[ 1.50e1 , {\"k\" : [true,null,\"\\ud83d\\ude00 \\/ é\"]}\t]"),
                new MethodCall("no \"such\"\n", "[]"))),
        List.of(
            new Input(
                Input.ENTROPY,
                Hash.of("entropy 16"),
                new Text.Inline("101112131415161718191a1b1c1d1e1f")),
            new Input(
                Input.ORACLE,
                Hash.of("async () => (await fetch('https://example.com/')).status"),
                new Text.Inline("av200")),
            new Input(
                Input.ORACLE,
                Hash.of("() => { throw new RangeError('no') }"),
                new Text.Inline("se[\"RangeError\",\"no\"]"))),
        List.of(
            new Outcome.Ok(new Text.Inline("47.12388980384690"), 1),
            new Outcome.Thrown(
                "MethodNotFoundError", "the module exports no method \"no \\\"such\\\"\\n\"", 0)),
        NO_WRITES,
        COUNTER_ARCHIVE);
    String longParams = "[\"" + "long ".repeat(300) + "\"]";
    call(
        ALICE,
        new SignedCall(
            id(), ALICE_SESSION, 5, head(3), List.of(new MethodCall("increment", longParams))),
        List.of(),
        List.of(new Outcome.Trapped("fuel", 2_001)),
        NO_WRITES,
        COUNTER_ARCHIVE);
    call(
        ALICE,
        new SignedCall(
            id(),
            ALICE_SESSION,
            CanonicalJson.MAX_INTEGER,
            head(4),
            List.of(new MethodCall("increment", "[]"))),
        List.of(),
        List.of(new Outcome.Ok(Text.of("\"" + "result ".repeat(200) + "\"", blobs), 3)),
        NO_WRITES,
        COUNTER_ARCHIVE);
  }

  static Identity identity(String name) {
    return Identity.ofSeed(Hash.of("glasshouse vectors: " + name).bytes());
  }

  static GenesisEntry genesis(String title, boolean debug, Map<Hash, byte[]> blobs) {
    return new GenesisEntry(
        TIME,
        GenesisEntry.origin(title, NONCE),
        HOST.publicKey(),
        debug,
        title,
        NONCE,
        new ScriptReference("counter.js", "commonjs", blob(SOURCE, blobs)),
        blob("stand-in for quickjs.wasm", blobs),
        blob("stand-in for guest.js", blobs),
        Limits.DEFAULT,
        List.of(),
        new Outcome.Ok(new Text.Inline("[[\"increment\",0],[\"π\",1]]"), 0),
        NO_WRITES,
        EMPTY_ARCHIVE);
  }

  private static BlobReference blob(String text, Map<Hash, byte[]> blobs) {
    byte[] content = utf8(text);
    Hash sha256 = Hash.of(content);
    blobs.put(sha256, content);
    return new BlobReference(sha256, content.length);
  }

  /** An entry of a caller whom a debug host took at its word. */
  static CallEntry debugCall(String user, String request, List<Input> inputs) {
    return new CallEntry(
        1,
        Hash.of("the entry before"),
        TIME,
        new Caller.User(user),
        new Text.Inline(request),
        inputs,
        List.of(new Outcome.Ok(new Text.Inline("1"), 0)),
        NO_WRITES,
        EMPTY_ARCHIVE);
  }

  /** A timer's turn. */
  static TimerEntry timer(List<Input> inputs, Outcome outcome) {
    Hash prev = Hash.of("the entry before");
    return new TimerEntry(1, prev, TIME, inputs, outcome, NO_WRITES, EMPTY_ARCHIVE);
  }

  /** A turn that the watchdog ended. */
  static AbortEntry abort(Caller caller, Text request) {
    Hash prev = Hash.of("the entry before");
    return new AbortEntry(1, prev, TIME, caller, request, NO_WRITES, EMPTY_ARCHIVE);
  }

  /** An image of a heap of {@code pages} pages. */
  static ImageEntry image(String globals, int pages, long due) {
    HeapReference heap = HeapReference.of(globals, pages(pages), new LinkedHashMap<>());
    Hash prev = Hash.of("the entry before");
    return new ImageEntry(1, prev, TIME, heap, due, NO_WRITES, EMPTY_ARCHIVE);
  }

  /** Page i is 64 KiB of the byte i % 3: pages may be alike. */
  static List<Hash> pages(int count) {
    List<Hash> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] page = new byte[HeapReference.PAGE_BYTES];
      Arrays.fill(page, (byte) (i % 3));
      pages.add(Hash.of(page));
    }
    return pages;
  }

  /** Inputs whose canonical JSON, as an array, has exactly this many bytes. */
  static List<Input> inputsOf(int size) {
    List<Input> inputs = new ArrayList<>();
    Hash request = Hash.of("() => 0");
    int one = CanonicalJson.format(Input.toJson(List.of(oracle(request, 0)))).length - 2;
    int left = size - 2;
    while (left > 0) {
      int room = left - one;
      // Leave the next one room for itself and its comma.
      int answer = room > Text.MAX_INLINE ? Math.min(Text.MAX_INLINE, room - one - 1) : room;
      inputs.add(oracle(request, answer));
      left -= one + answer + 1;
      if (left == -1) {
        left = 0;
      }
    }
    int actual = CanonicalJson.format(Input.toJson(inputs)).length;
    if (actual != size) {
      throw new IllegalStateException("inputs of " + actual + " bytes, not " + size);
    }
    return inputs;
  }

  private static Input oracle(Hash request, int length) {
    return new Input(Input.ORACLE, request, new Text.Inline("s".repeat(length)));
  }

  Hash id() {
    return leaves.get(0);
  }

  String origin() {
    return genesis.origin();
  }

  TreeHead head(int size) {
    return new TreeHead(size, Merkle.root(leaves.subList(0, size)));
  }

  SignedCheckpoint checkpoint(int size) {
    return SignedCheckpoint.sign(origin(), head(size), HOST);
  }

  Receipt receipt(int index, int size) {
    RightEdge edge = new RightEdge();
    Map<String, Hash> subtrees = new LinkedHashMap<>();
    for (Hash leaf : leaves) {
      edge.append(leaf, (level, place, hash) -> subtrees.put(level + "/" + place, hash));
    }
    List<Hash> proof =
        Proofs.inclusion(index, size, (level, place) -> subtrees.get(level + "/" + place));
    return new Receipt(index, bytes.get(index), proof, checkpoint(size).note());
  }

  private void call(
      Identity identity,
      SignedCall call,
      List<Input> inputs,
      List<Outcome> outcomes,
      Hash writes,
      Hash root) {
    String request = call.format();
    calls.add(call);
    add(
        new CallEntry(
            entries.size(),
            leaves.get(leaves.size() - 1),
            TIME + 1000L * entries.size(),
            new Caller.Key(identity.publicKey(), identity.sign(SignedCall.message(request))),
            Text.of(request, blobs),
            inputs,
            outcomes,
            writes,
            root));
  }

  private void add(Entry entry) {
    byte[] formatted = entry.format(blobs);
    entries.add(entry);
    bytes.add(formatted);
    leaves.add(Merkle.leafHash(formatted));
  }
}
