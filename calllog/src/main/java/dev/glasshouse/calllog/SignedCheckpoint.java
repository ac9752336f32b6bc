package dev.glasshouse.calllog;

import java.util.List;

/**
 * A checkpoint that the log's key has signed: an instance exists only if this process signed it or
 * verified it against a key and an origin that the caller knew beforehand.
 */
public final class SignedCheckpoint {
  private final Checkpoint checkpoint;
  private final Note note;

  private SignedCheckpoint(Checkpoint checkpoint, Note note) {
    this.checkpoint = checkpoint;
    this.note = note;
  }

  /**
   * Signs a tree head with the log's key under the log's name. The caller makes sure first that the
   * head is durable and extends every head signed before.
   */
  public static SignedCheckpoint sign(String origin, TreeHead head, Identity identity) {
    Checkpoint checkpoint = new Checkpoint(origin, head);
    NoteSignature signature = NoteSignature.sign(origin, identity, checkpoint.text());
    return new SignedCheckpoint(checkpoint, new Note(checkpoint.text(), List.of(signature)));
  }

  /**
   * Verifies the bytes of a checkpoint.
   *
   * @param origin the log that the caller expects
   * @param key the log's key, known to the caller from elsewhere than these bytes
   * @throws MalformedException if the bytes are no checkpoint
   * @throws UnverifiedException if it is of another log, or not signed by {@code key}
   */
  public static SignedCheckpoint verify(byte[] bytes, String origin, PublicKey key) {
    return verify(Note.parse(bytes, Note.MAX_BYTES), origin, key);
  }

  /** Verifies a checkpoint whose note is parsed already; otherwise as above. */
  public static SignedCheckpoint verify(Note note, String origin, PublicKey key) {
    if (!note.verify(new NoteKey(origin, key))) {
      throw new UnverifiedException(
          "the checkpoint is not signed by " + key.format() + " as " + origin);
    }
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(origin)) {
      throw new UnverifiedException(
          "the checkpoint is of " + checkpoint.origin() + ", not of " + origin);
    }
    return new SignedCheckpoint(checkpoint, note);
  }

  /** What was signed. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Size and root that were signed. */
  public TreeHead head() {
    return checkpoint.head();
  }

  /** The note with all its signature lines, also those of unknown keys. */
  public Note note() {
    return note;
  }

  /** The bytes of the note, as served at {@code /checkpoint}. */
  public byte[] format() {
    return note.format();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedCheckpoint that && note.equals(that.note);
  }

  @Override
  public int hashCode() {
    return note.hashCode();
  }

  @Override
  public String toString() {
    return "SignedCheckpoint[" + checkpoint + "]";
  }
}
