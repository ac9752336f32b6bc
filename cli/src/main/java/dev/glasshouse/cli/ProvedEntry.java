package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnverifiedException;

/**
 * An entry of which it is proved, with no network, that a log's key signed a tree that holds it.
 *
 * @param anchor whose word it is
 * @param caller who asked for it, or null: for genesis, images and the turns of timers
 * @param line the entry as {@code glass log} prints it
 */
record ProvedEntry(
    Anchor anchor, SignedCheckpoint checkpoint, Entry entry, Caller caller, String line) {

  /**
   * What a proof is checked against.
   *
   * @param log the log's id, or null if only its key is known
   * @param key key and origin of its checkpoints
   * @param genesis the genesis entry, or null if only the key is known
   */
  record Anchor(Hash log, NoteKey key, GenesisEntry genesis) {

    Limits limits() {
      return genesis == null ? Limits.LARGEST : genesis.limits();
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
   * Verifies a proof, and that the entry keeps the rules that it can break by itself.
   *
   * @param blobs the entry's long texts, checked by their hashes
   * @throws UnverifiedException if it does not hold
   * @throws BrokenRuleException if the host has signed a tree with what breaks a rule
   * @throws UnknownEntryException if a later build may know what the entry is
   * @throws dev.glasshouse.calllog.MissingBlobException if a long text is not there
   */
  static ProvedEntry verify(TlogProof proof, byte[] bytes, Anchor anchor, BlobReader blobs) {
    Hash leaf = Merkle.leafHash(bytes);
    SignedCheckpoint checkpoint = proof.verify(leaf, anchor.key().name(), anchor.key().key());
    if (proof.index() == 0 && anchor.log() != null && !anchor.log().equals(leaf)) {
      throw new UnverifiedException("the signed tree begins with another genesis entry");
    }
    EntryRules.Parsed parsed =
        EntryRules.alone(proof.index(), bytes, anchor.limits(), blobs, Depth.SIGNATURE);
    EntryRules.place(parsed);
    if (anchor.genesis() != null) {
      EntryRules.admissible(parsed, anchor.genesis(), anchor.log());
    }
    EntryRules.outcomes(parsed);
    Entry entry = parsed.entry();
    try {
      return new ProvedEntry(
          anchor, checkpoint, entry, parsed.caller(), new EntryLine(blobs).of(entry));
    } catch (MalformedException e) {
      // In the tree that the host signed, so that nobody else can have spoilt it.
      throw new UnverifiedException("the host has logged what is no entry: " + e.getMessage());
    }
  }
}
