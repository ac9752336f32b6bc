package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A proof that can be checked offline that an entry is in a log: the contents of a {@code
 * .tlog-proof} file (C2SP tlog-proof). A claim until {@link #verify}. The optional {@code extra}
 * line is refused: nothing authenticates it.
 *
 * @param index position of the entry
 * @param hashes inclusion proof, the leaf's sibling first, at most {@link Proofs#MAX_HASHES}
 * @param checkpoint a checkpoint, verbatim with all its signatures, none of them verified
 */
public record TlogProof(long index, List<Hash> hashes, Note checkpoint) {
  /** The longest file in bytes: the longest note, and room for 63 hashes. */
  public static final int MAX_BYTES = Note.MAX_BYTES + 4096;

  private static final String FIRST = "c2sp.org/tlog-proof@v1\nindex ";

  public TlogProof {
    hashes = List.copyOf(hashes);
    if (index < 0) {
      throw new MalformedException("an index is not negative: " + index);
    }
    if (hashes.size() > Proofs.MAX_HASHES) {
      throw new MalformedException("a proof has at most " + Proofs.MAX_HASHES + " hashes");
    }
    // A note's text may hold empty lines. Without this, hashes behind an empty line would pass as
    // the first lines of the note.
    Checkpoint.parse(checkpoint.text());
  }

  /**
   * Parses a whole file; accepts only what {@link #format} writes.
   *
   * @param maxBytes the longest file the caller takes, usually {@link #MAX_BYTES}
   */
  public static TlogProof parse(byte[] bytes, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new MalformedException("a proof file has at most " + maxBytes + " bytes");
    }
    String file = Utf8.decode(bytes);
    int blank = file.indexOf("\n\n");
    if (!file.startsWith(FIRST) || blank < 0) {
      throw new MalformedException(
          "a proof file starts with c2sp.org/tlog-proof@v1 and its index, then hashes, then an"
              + " empty line");
    }
    // Not String.lines(), which would take \r for an end of line too.
    String[] lines = file.substring(FIRST.length(), blank).split("\n", -1);
    if (lines.length > 1 + Proofs.MAX_HASHES) {
      throw new MalformedException("a proof has at most " + Proofs.MAX_HASHES + " hashes");
    }
    List<Hash> hashes = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      hashes.add(Hash.parseBase64(lines[i]));
    }
    byte[] note = file.substring(blank + 2).getBytes(StandardCharsets.UTF_8);
    return new TlogProof(Checkpoint.parseCount(lines[0]), hashes, Note.parse(note, Note.MAX_BYTES));
  }

  /** The bytes of the file. */
  public byte[] format() {
    StringBuilder head = new StringBuilder(FIRST).append(index).append('\n');
    for (Hash hash : hashes) {
      head.append(hash.base64()).append('\n');
    }
    return Utf8.encode(head + "\n" + Utf8.decode(checkpoint.format()));
  }

  /**
   * Verifies that the log signed a tree that has {@code leaf} at {@link #index}.
   *
   * @param leaf the leaf hash of the entry, computed by the caller
   * @param origin the log that the caller expects
   * @param key the log's key, known to the caller from elsewhere than this file
   * @return the signed checkpoint, to compare with others of this log
   * @throws UnverifiedException if the signature or the inclusion proof does not hold
   */
  public SignedCheckpoint verify(Hash leaf, String origin, PublicKey key) {
    SignedCheckpoint signed = SignedCheckpoint.verify(checkpoint, origin, key);
    if (!Proofs.verifyInclusion(index, leaf, signed.head(), hashes)) {
      throw new UnverifiedException("the entry is not at index " + index + " of the signed tree");
    }
    return signed;
  }
}
