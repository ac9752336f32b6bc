package dev.glasshouse.cli;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a host serves that has rewritten its log of at most 256 entries: places, chain, tree and
 * signature fit the lie, and everything else is what it was.
 */
final class ForgedLog implements FrontServer.Body {
  private final List<byte[]> entries = new ArrayList<>();
  private final List<Hash> leaves = new ArrayList<>();
  private Identity key;
  private byte[] checkpoint;

  private ForgedLog(List<byte[]> entries, Identity key) {
    this.entries.addAll(entries);
    this.key = key;
    sign();
  }

  /** The log of a host as it is now, with the key that signs it. */
  static ForgedLog of(TestHost host) {
    Store store = host.module().log().store();
    List<byte[]> entries = new ArrayList<>();
    for (long i = 0; i < host.module().log().head().size(); i++) {
      entries.add(store.entry(i));
    }
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    return new ForgedLog(entries, Identity.ofSeed(seed));
  }

  /** As if entry {@code index} had said something else. */
  ForgedLog lie(int index, Consumer<Map<String, Object>> change) {
    Map<String, Object> entry = entry(index);
    change.accept(entry);
    entries.set(index, CanonicalJson.format(entry));
    return rebuild();
  }

  /** As if there had been no entry {@code index}. */
  ForgedLog without(int index) {
    entries.remove(index);
    return rebuild();
  }

  /** As if two entries had come in the other order. */
  ForgedLog swapped(int one, int other) {
    Collections.swap(entries, one, other);
    return rebuild();
  }

  /** As if entry {@code index} had come once more. */
  ForgedLog repeated(int index) {
    entries.add(entries.get(index));
    return rebuild();
  }

  /** As if this entry came next, whatever it is. */
  ForgedLog and(byte[] entry) {
    entries.add(entry);
    return sign();
  }

  /** The leaf hash of the last entry. */
  Hash last() {
    return leaves.get(leaves.size() - 1);
  }

  int size() {
    return entries.size();
  }

  /** The receipt of an entry, under the checkpoint of all of it. */
  Receipt receipt(int index) {
    List<Hash> proof =
        Proofs.inclusion(
            index,
            size(),
            (level, at) ->
                Merkle.root(leaves.subList((int) (at << level), (int) ((at + 1) << level))));
    return new Receipt(index, entries.get(index), proof, Note.parse(checkpoint, Note.MAX_BYTES));
  }

  /** As if there were no more than {@code size} entries. */
  ForgedLog prefix(int size) {
    return new ForgedLog(entries.subList(0, size), key);
  }

  /** As if the log were that of another key. */
  ForgedLog signedBy(Identity other) {
    key = other;
    return sign();
  }

  /** As if it had signed another tree. */
  ForgedLog signed(TreeHead head) {
    checkpoint = SignedCheckpoint.sign((String) entry(0).get("origin"), head, key).format();
    return this;
  }

  /** As if entry {@code index} had other bytes; those after it stay as they are. */
  ForgedLog with(int index, byte[] bytes) {
    String origin = (String) entry(0).get("origin");
    entries.set(index, bytes);
    return sign(origin);
  }

  /** The members of the one outcome of an entry. */
  static Map<String, Object> outcome(Map<String, Object> entry) {
    return object(((List<?>) entry.get("outcomes")).get(0));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object json) {
    return (Map<String, Object>) json;
  }

  Map<String, Object> entry(int index) {
    return object(CanonicalJson.parse(entries.get(index), Entry.MAX_BYTES));
  }

  private ForgedLog rebuild() {
    for (int i = 1; i < entries.size(); i++) {
      Map<String, Object> entry = entry(i);
      entry.put("seq", (long) i);
      entry.put("prev", Merkle.leafHash(entries.get(i - 1)).hex());
      entries.set(i, CanonicalJson.format(entry));
    }
    return sign();
  }

  private ForgedLog sign() {
    return sign((String) entry(0).get("origin"));
  }

  private ForgedLog sign(String origin) {
    leaves.clear();
    entries.forEach(entry -> leaves.add(Merkle.leafHash(entry)));
    TreeHead head = new TreeHead(leaves.size(), Merkle.root(leaves));
    checkpoint = SignedCheckpoint.sign(origin, head, key).format();
    return this;
  }

  @Override
  public byte[] of(String path, byte[] original) {
    if (path.equals("/checkpoint")) {
      return checkpoint;
    }
    for (int width = 1; width <= entries.size(); width++) {
      if (path.equals("/" + new EntryBundle(0, width).path())) {
        return EntryBundle.encode(entries.subList(0, width));
      }
      if (path.equals("/" + new Tile(0, 0, width).path())) {
        return Tile.encode(leaves.subList(0, width));
      }
    }
    return path.startsWith("/tile/") ? null : original;
  }
}
