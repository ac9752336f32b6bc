package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A log whose host signs anything: entries as a test wants them, and none is checked. */
public final class LyingLog implements HashReader {
  /** Who calls. */
  public static final Identity ALICE = SampleLog.ALICE;

  /** Who signs. */
  public static final Identity HOST = SampleLog.HOST;

  /** The session of the calls that say nothing else. */
  public static final String SESSION = SampleLog.ALICE_SESSION;

  /** The long texts. */
  public final Map<Hash, byte[]> blobs = new LinkedHashMap<>();

  /** Entry 0. */
  public final GenesisEntry genesis;

  private final List<byte[]> entries = new ArrayList<>();
  private final List<Hash> leaves = new ArrayList<>();
  private final RightEdge edge = new RightEdge();
  private final Map<String, Hash> subtrees = new HashMap<>();

  /** A log with its genesis entry. */
  public LyingLog(boolean debug) {
    genesis = SampleLog.genesis("Liar", debug, blobs);
    add(genesis.format(blobs));
  }

  /** The same log with its first entries, to go another way from there. */
  public LyingLog fork(int size) {
    LyingLog other = new LyingLog(genesis.debug());
    entries.subList(1, size).forEach(other::add);
    other.blobs.putAll(blobs);
    return other;
  }

  /** Appends bytes. */
  public void add(byte[] entry) {
    entries.add(entry);
    Hash leaf = Merkle.leafHash(entry);
    leaves.add(leaf);
    edge.append(leaf, (level, index, hash) -> subtrees.put(level + "/" + index, hash));
  }

  /** Appends an entry in its form. */
  public void add(Entry entry) {
    add(entry.format(blobs));
  }

  /** Appends honest calls until the log has this size; other words make other entries. */
  public LyingLog grow(int size, String words) {
    while (size() < size) {
      add(call(request(size(), head(size()), words)));
    }
    return this;
  }

  /** What a caller asks for. */
  public SignedCall request(long n, TreeHead seen, String words) {
    return new SignedCall(
        id(), SESSION, n, seen, List.of(new MethodCall("say", "[\"" + words + "\"]")));
  }

  /** The next entry, of a call that {@link #ALICE} signed. */
  public CallEntry call(SignedCall call) {
    String request = call.format();
    byte[] signature = ALICE.sign(SignedCall.message(request));
    return call(new Caller.Key(ALICE.publicKey(), signature), request);
  }

  /** The next entry, of any caller and request. */
  public CallEntry call(Caller caller, String request) {
    return entry(size(), last(), time(), caller, request);
  }

  /** An entry as a test wants it. */
  public CallEntry entry(long seq, Hash prev, long time, Caller caller, String request) {
    return new CallEntry(
        seq,
        prev,
        time,
        caller,
        Text.of(request, blobs),
        List.of(),
        List.of(new Outcome.Ok(new Text.Inline("1"), 0)),
        SampleLog.NO_WRITES,
        SampleLog.EMPTY_ARCHIVE);
  }

  /** The time of the next entry. */
  public long time() {
    return SampleLog.TIME + 1000L * size();
  }

  /** The number of entries. */
  public int size() {
    return leaves.size();
  }

  /** The log's id. */
  public Hash id() {
    return leaves.get(0);
  }

  /** The last leaf hash. */
  public Hash last() {
    return leaves.get(leaves.size() - 1);
  }

  /** The bytes of an entry. */
  public byte[] at(long index) {
    return entries.get((int) index);
  }

  /** The tree's head at a size. */
  public TreeHead head(int size) {
    return new TreeHead(size, Merkle.root(leaves.subList(0, size)));
  }

  /** The signed checkpoint at a size. */
  public SignedCheckpoint checkpoint(int size) {
    return sign(head(size));
  }

  /** Any head, signed. */
  public SignedCheckpoint sign(TreeHead head) {
    return SignedCheckpoint.sign(genesis.origin(), head, HOST);
  }

  @Override
  public Hash subtree(int level, long index) {
    Hash hash = subtrees.get(level + "/" + index);
    if (hash == null) {
      throw new UnreachableException("subtree " + level + "/" + index + " is not there");
    }
    return hash;
  }
}
