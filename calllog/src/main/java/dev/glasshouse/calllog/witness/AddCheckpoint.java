package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is submitted to a witness: the body of {@code add-checkpoint} of C2SP tlog-witness. A claim;
 * nothing of it is verified.
 *
 * @param oldSize the size of the checkpoint that the witness is believed to hold, 0 for none
 * @param proof consistency proof from there, at most {@link Proofs#MAX_HASHES} hashes
 * @param checkpoint the checkpoint to be cosigned, with its signatures
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, Note checkpoint) {
  /** The longest body in bytes: room for a proof, and for 60 of the longest cosignatures in use. */
  public static final int MAX_BYTES = 256 * 1024;

  private static final String OLD = "old ";

  public AddCheckpoint {
    proof = List.copyOf(proof);
    if (oldSize < 0) {
      throw new MalformedException("a tree size is not negative: " + oldSize);
    }
    if (proof.size() > Proofs.MAX_HASHES) {
      throw new MalformedException("a proof has at most " + Proofs.MAX_HASHES + " hashes");
    }
  }

  /** Parses a body of at most {@link #MAX_BYTES}; accepts only what {@link #format} writes. */
  public static AddCheckpoint parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedException("a submission has at most " + MAX_BYTES + " bytes");
    }
    String body;
    try {
      body = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("not well-formed UTF-8", e);
    }
    // Proof lines are never empty, so the first empty line separates; a note's text may hold more.
    int blank = body.indexOf("\n\n");
    if (!body.startsWith(OLD) || blank < 0) {
      throw new MalformedException(
          "a submission is \"old SIZE\", the lines of a proof, an empty line and a checkpoint");
    }
    String[] lines = body.substring(0, blank).split("\n", -1);
    if (lines.length > 1 + Proofs.MAX_HASHES) {
      throw new MalformedException("a proof has at most " + Proofs.MAX_HASHES + " hashes");
    }
    List<Hash> proof = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      proof.add(Hash.parseBase64(lines[i]));
    }
    byte[] note = body.substring(blank + 2).getBytes(StandardCharsets.UTF_8);
    return new AddCheckpoint(
        Checkpoint.parseCount(lines[0].substring(OLD.length())),
        proof,
        Note.parse(note, MAX_BYTES));
  }

  /** The body. */
  public byte[] format() {
    StringBuilder head = new StringBuilder(OLD).append(oldSize).append('\n');
    for (Hash hash : proof) {
      head.append(hash.base64()).append('\n');
    }
    head.append('\n').append(new String(checkpoint.format(), StandardCharsets.UTF_8));
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }
}
