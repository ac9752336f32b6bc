package dev.glasshouse.calllog.evidence;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Members;
import dev.glasshouse.calllog.Note;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A file of {@code glasshouse/evidence/v1}: what somebody holds against the host of a log, in
 * canonical JSON. Well-formed, and no more than that: {@link EvidenceJudge} says what it proves.
 *
 * @param claim what the host is said to have done
 * @param log the log's id
 * @param genesis entry 0, with its proof in the tree of {@code newer}, or without
 * @param older of a fork, the checkpoint of the smaller tree; of a rollback, the one that was
 *     served; null for an entry
 * @param newer the checkpoint of the larger tree; for an entry, the one that commits to it
 * @param prefix what the tree of {@code newer} really begins with: of a fork, its first leaves as
 *     many as {@code older} has; of an entry, as many as its caller has seen; or null
 * @param entries for an entry: the accused one last, before it those that it contradicts; otherwise
 *     none
 * @param blobs long texts that the entries name, by their hash
 * @param text what the writer says to people; it proves nothing
 */
public record Evidence(
    Claim claim,
    Hash log,
    Genesis genesis,
    Note older,
    Note newer,
    Prefix prefix,
    List<Leaf> entries,
    NavigableMap<Hash, byte[]> blobs,
    String text) {
  /** The longest file in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  /** The most entries: more than any rule needs. */
  public static final int MAX_ENTRIES = 16;

  /** The most blobs: more than an entry names that fits into a file. */
  public static final int MAX_BLOBS = 4096;

  /** UTF-16 code units of the text. */
  public static final int MAX_TEXT = 4096;

  private static final long VERSION = 1;

  /** What a host is said to have done. */
  public enum Claim {
    /** Signed two trees of which the smaller is not the beginning of the larger. */
    FORK,
    /** Signed a tree with an entry that breaks a rule. */
    ENTRY,
    /** Served a smaller tree than it had signed before. No signature shows that it did. */
    ROLLBACK;

    String format() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Claim parse(String text) {
      for (Claim claim : values()) {
        if (claim.format().equals(text)) {
          return claim;
        }
      }
      throw new MalformedException("evidence.claim is \"fork\", \"entry\" or \"rollback\"");
    }
  }

  /**
   * Entry 0, whose leaf hash is the log's id and which names origin and key.
   *
   * @param proof inclusion proof in the newer tree, or null if the host withheld it
   */
  @SuppressWarnings("ArrayRecordComponent") // compared through format() only
  public record Genesis(byte[] entry, List<Hash> proof) {
    public Genesis {
      proof = proof == null ? null : List.copyOf(proof);
    }
  }

  /** An entry with its inclusion proof in the newer tree. */
  @SuppressWarnings("ArrayRecordComponent") // compared through format() only
  public record Leaf(long index, byte[] entry, List<Hash> proof) {
    public Leaf {
      proof = List.copyOf(proof);
    }
  }

  /**
   * The root of the first leaves of the newer tree.
   *
   * @param proof consistency proof from it to the newer tree
   */
  public record Prefix(Hash root, List<Hash> proof) {
    public Prefix {
      proof = List.copyOf(proof);
    }
  }

  public Evidence {
    entries = List.copyOf(entries);
    blobs = Collections.unmodifiableNavigableMap(new TreeMap<>(blobs));
    boolean isEntry = claim == Claim.ENTRY;
    expect(isEntry == (older == null), "an older checkpoint goes with a fork or a rollback");
    expect(isEntry != entries.isEmpty(), "entries go with the claim \"entry\"");
    expect(prefix == null || claim != Claim.ROLLBACK, "a rollback has no prefix");
    expect(entries.size() <= MAX_ENTRIES, "at most " + MAX_ENTRIES + " entries");
    expect(blobs.size() <= MAX_BLOBS, "at most " + MAX_BLOBS + " blobs");
    expect(text.length() <= MAX_TEXT, "a text of at most " + MAX_TEXT + " characters");
    long before = 0;
    for (Leaf leaf : entries) {
      expect(leaf.index() > before, "entries stand in the order of their indexes, from 1 on");
      before = leaf.index();
    }
  }

  /** The bytes of the file; refuses what would be longer than {@link #MAX_BYTES}. */
  public byte[] format() {
    Map<String, Object> map = new TreeMap<>();
    map.put("blobs", blobs.values().stream().map(Evidence::base64).toList());
    map.put("claim", claim.format());
    List<Object> leaves = new ArrayList<>();
    for (Leaf leaf : entries) {
      leaves.add(
          Map.of(
              "entry", base64(leaf.entry()), "index", leaf.index(), "proof", list(leaf.proof())));
    }
    map.put("entries", leaves);
    Map<String, Object> first = new TreeMap<>();
    first.put("entry", base64(genesis.entry()));
    first.put("proof", genesis.proof() == null ? null : list(genesis.proof()));
    map.put("genesis", first);
    map.put("log", log.hex());
    map.put("newer", note(newer));
    map.put("older", older == null ? null : note(older));
    map.put(
        "prefix",
        prefix == null ? null : Map.of("proof", list(prefix.proof()), "root", prefix.root().hex()));
    map.put("text", text);
    map.put("v", VERSION);
    byte[] bytes = CanonicalJson.format(map);
    expect(bytes.length <= MAX_BYTES, "at most " + MAX_BYTES + " bytes");
    return bytes;
  }

  /** Parses what {@link #format} writes, nothing else. */
  public static Evidence parse(byte[] bytes) {
    Members members = Members.of("evidence", CanonicalJson.parse(bytes, MAX_BYTES));
    expect(members.count("v") == VERSION, "\"v\" is " + VERSION);
    Evidence evidence =
        new Evidence(
            Claim.parse(members.string("claim")),
            members.hash("log"),
            genesis(members.object("genesis")),
            members.any("older") == null ? null : note(members.string("older")),
            note(members.string("newer")),
            members.any("prefix") == null ? null : prefix(members.object("prefix")),
            entries(members.list("entries", MAX_ENTRIES)),
            blobs(members.list("blobs", MAX_BLOBS)),
            members.string("text"));
    members.end();
    // Blobs in another order, or twice.
    expect(Arrays.equals(evidence.format(), bytes), "one form, its blobs in order of their hashes");
    return evidence;
  }

  private static Genesis genesis(Members members) {
    List<Hash> proof = members.any("proof") == null ? null : members.proof("proof");
    Genesis genesis = new Genesis(members.bytes("entry"), proof);
    members.end();
    return genesis;
  }

  private static Prefix prefix(Members members) {
    Prefix prefix = new Prefix(members.hash("root"), members.proof("proof"));
    members.end();
    return prefix;
  }

  private static List<Leaf> entries(List<?> list) {
    List<Leaf> leaves = new ArrayList<>();
    for (Object item : list) {
      Members members = Members.of("evidence.entries", item);
      leaves.add(new Leaf(members.count("index"), members.bytes("entry"), members.proof("proof")));
      members.end();
    }
    return leaves;
  }

  private static NavigableMap<Hash, byte[]> blobs(List<?> list) {
    NavigableMap<Hash, byte[]> blobs = new TreeMap<>();
    for (Object item : list) {
      byte[] blob = Members.of("evidence.blobs", Map.of("blob", item)).bytes("blob");
      blobs.put(Hash.of(blob), blob);
    }
    return blobs;
  }

  private static Note note(String text) {
    return Note.parse(text.getBytes(StandardCharsets.UTF_8), Note.MAX_BYTES);
  }

  private static String note(Note note) {
    return new String(note.format(), StandardCharsets.UTF_8);
  }

  private static List<String> list(List<Hash> proof) {
    return proof.stream().map(Hash::base64).toList();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void expect(boolean isTrue, String what) {
    if (!isTrue) {
      throw new MalformedException("evidence is not in its form: " + what);
    }
  }
}
