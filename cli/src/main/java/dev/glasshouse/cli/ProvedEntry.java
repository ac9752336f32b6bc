package dev.glasshouse.cli;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnverifiedException;

/**
 * An entry of which it is proved, with no network, that a log's key signed a tree that holds it.
 *
 * @param anchor whose word it is
 * @param line the entry as {@code glass log} prints it
 */
record ProvedEntry(Anchor anchor, SignedCheckpoint checkpoint, Entry entry, String line) {

  /**
   * What a proof is checked against.
   *
   * @param log the log's id, or null if only its key is known
   * @param key key and origin of its checkpoints
   * @param genesis the genesis entry, or null if only the key is known
   */
  record Anchor(Hash log, NoteKey key, GenesisEntry genesis) {

    /** Whether every call of the log must be signed; false if only its key is known. */
    boolean signedOnly() {
      return genesis != null && !genesis.debug();
    }

    /** A log of which only the key is known. */
    static Anchor of(NoteKey key) {
      return new Anchor(null, key, null);
    }

    /**
     * A log, from the bytes of its genesis entry.
     *
     * @param pinned the log that is meant, or null to take what is there
     * @throws UnverifiedException if it is another log
     */
    static Anchor of(byte[] genesis, Hash pinned, BlobReader blobs) {
      Hash log = Merkle.leafHash(genesis);
      if (pinned != null && !pinned.equals(log)) {
        throw new UnverifiedException(
            "the receipt is of log " + log + ", not of " + pinned + " as you asked for");
      }
      if (!(Entry.parse(genesis, blobs) instanceof GenesisEntry entry)) {
        throw new MalformedException("the genesis entry of the receipt is none");
      }
      return new Anchor(log, new NoteKey(entry.origin(), entry.host()), entry);
    }
  }

  /**
   * Verifies a proof, and what the entry says of itself.
   *
   * @param blobs the entry's long texts, checked by their hashes
   * @throws UnverifiedException if it does not hold
   * @throws UnknownEntryException if a later build may know what the entry is
   * @throws dev.glasshouse.calllog.MissingBlobException if a long text is not there
   */
  static ProvedEntry verify(TlogProof proof, byte[] bytes, Anchor anchor, BlobReader blobs) {
    Hash leaf = Merkle.leafHash(bytes);
    SignedCheckpoint checkpoint = proof.verify(leaf, anchor.key().name(), anchor.key().key());
    if (proof.index() == 0 && anchor.log() != null && !anchor.log().equals(leaf)) {
      throw new UnverifiedException("the signed tree begins with another genesis entry");
    }
    try {
      Entry entry = Entry.parse(bytes, blobs);
      if (entry.seq() != proof.index()) {
        throw new UnverifiedException(
            "the host has logged entry " + entry.seq() + " at index " + proof.index());
      }
      if (entry instanceof CallEntry call) {
        int calls = requireRequest(call.caller(), call.request(), anchor, blobs);
        if (calls != call.outcomes().size()) {
          throw new UnverifiedException(
              "the host has logged " + call.outcomes().size() + " outcomes of " + calls + " calls");
        }
      } else if (entry instanceof AbortEntry abort && !abort.ofTimer()) {
        requireRequest(abort.caller(), abort.request(), anchor, blobs);
      }
      return new ProvedEntry(anchor, checkpoint, entry, new EntryLine(blobs).of(entry));
    } catch (UnknownEntryException e) {
      throw e;
    } catch (MalformedException e) {
      // In the tree that the host signed, so that nobody else can have spoilt it.
      throw new UnverifiedException("the host has logged what is no entry: " + e.getMessage());
    }
  }

  /** Who asked for it, or null: for genesis, images and the turns of timers. */
  Caller caller() {
    if (entry instanceof CallEntry call) {
      return call.caller();
    }
    return entry instanceof AbortEntry abort ? abort.caller() : null;
  }

  // The number of calls of the request.
  private static int requireRequest(Caller caller, Text text, Anchor anchor, BlobReader blobs) {
    String request = text.read(blobs);
    if (!(caller instanceof Caller.Key key)) {
      if (anchor.signedOnly()) {
        throw new UnverifiedException("the host has logged a call that nobody signed");
      }
      return Request.parse(request).size();
    }
    SignedCall signed = SignedCall.parse(request);
    if (!key.key().verify(SignedCall.message(request), key.signature())) {
      throw new UnverifiedException("the host has logged a call that its caller did not sign");
    }
    if (anchor.log() != null && !anchor.log().equals(signed.log())) {
      throw new UnverifiedException(
          "the call is signed for log " + signed.log() + ", not for " + anchor.log());
    }
    return signed.calls().size();
  }
}
