package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a caller keeps: the entry that holds the call and its outcome, and the proof that a signed
 * checkpoint commits to it. Canonical JSON {@code
 * {"checkpoint":…,"entry":…,"index":…,"proof":[…]}}.
 *
 * @param entry the entry's bytes
 * @param proof inclusion proof from the leaf up, at most 63 hashes
 * @param checkpoint the signed note, unverified
 */
@SuppressWarnings("ArrayRecordComponent") // compared through format() only
public record Receipt(long index, byte[] entry, List<Hash> proof, Note checkpoint) {
  /** Bytes of a receipt: an entry whose every byte needs an escape, a note and 63 hashes. */
  public static final int MAX_BYTES = 6 * Entry.MAX_BYTES + Note.MAX_BYTES * 2 + 4096;

  public Receipt {
    proof = List.copyOf(proof);
  }

  /** The value of the receipt as JSON; see the class comment. */
  public Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("checkpoint", new String(checkpoint.format(), StandardCharsets.UTF_8));
    map.put("entry", new String(entry, StandardCharsets.UTF_8));
    map.put("index", index);
    List<Object> hashes = new ArrayList<>();
    for (Hash hash : proof) {
      hashes.add(hash.base64());
    }
    map.put("proof", hashes);
    return map;
  }

  /** The size that the checkpoint claims. */
  public long checkpointSize() {
    return Checkpoint.parse(checkpoint.text()).head().size();
  }

  /** The bytes of a receipt. */
  public byte[] format() {
    return CanonicalJson.format(toJson());
  }

  /** Parses what {@link #format} writes, nothing else. */
  public static Receipt parse(byte[] bytes) {
    return fromJson(CanonicalJson.parse(bytes, MAX_BYTES));
  }

  /** The receipt of a value that {@link #toJson} gives. */
  public static Receipt fromJson(Object value) {
    Members members = Members.of("receipt", value);
    List<Hash> proof = members.proof("proof");
    byte[] note = members.string("checkpoint").getBytes(StandardCharsets.UTF_8);
    Receipt receipt =
        new Receipt(
            members.count("index"),
            members.string("entry").getBytes(StandardCharsets.UTF_8),
            proof,
            Note.parse(note, Note.MAX_BYTES));
    members.end();
    return receipt;
  }

  /**
   * Verifies that the log's key signed a tree that holds {@link #entry} at {@link #index}.
   *
   * @throws UnverifiedException if it did not
   */
  public SignedCheckpoint verify(String origin, PublicKey host) {
    SignedCheckpoint signed = SignedCheckpoint.verify(checkpoint, origin, host);
    requireIncluded(signed);
    return signed;
  }

  /** As {@link #verify}, for a receipt whose checkpoint has been verified already. */
  public void requireIncluded(SignedCheckpoint signed) {
    if (!signed.note().equals(checkpoint)) {
      throw new UnverifiedException("the receipt has another checkpoint");
    }
    if (!Proofs.verifyInclusion(index, Merkle.leafHash(entry), signed.head(), proof)) {
      throw new UnverifiedException("the entry is not at index " + index + " of the signed tree");
    }
  }
}
