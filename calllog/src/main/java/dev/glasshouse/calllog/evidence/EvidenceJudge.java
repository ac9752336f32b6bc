package dev.glasshouse.calllog.evidence;

import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Judges a file of evidence alone: no network, no memory, nobody's word. Whoever wrote the file may
 * be the liar, so what is not shown by bytes that the log's key signed counts for nothing.
 *
 * <p>The genesis entry, whose leaf hash is the log's id, names origin and key; these verify the
 * checkpoints. An entry counts if it is in the tree of a checkpoint. Judging an entry, the genesis
 * must be in the same tree: otherwise somebody could choose other rules for the log.
 */
public final class EvidenceJudge {
  private final Evidence evidence;
  private final GenesisEntry genesis;
  private final SignedCheckpoint newer;

  private EvidenceJudge(Evidence evidence, GenesisEntry genesis, SignedCheckpoint newer) {
    this.evidence = evidence;
    this.genesis = genesis;
    this.newer = newer;
  }

  /** Judges the bytes of a file; {@link MalformedException} if they are none. */
  public static Judgement judge(byte[] bytes, Hash pinned) {
    return judge(Evidence.parse(bytes), pinned);
  }

  /**
   * Judges evidence.
   *
   * @param pinned the log that is meant, or null for whichever it is about
   */
  public static Judgement judge(Evidence evidence, Hash pinned) {
    Hash log = Merkle.leafHash(evidence.genesis().entry());
    if (!log.equals(evidence.log())) {
      return new Judgement(false, "the genesis entry is not that of the log it names", null, null);
    }
    if (pinned != null && !pinned.equals(log)) {
      String sentence = "it is about log " + log + ", not about " + pinned + " as you asked for";
      return new Judgement(false, sentence, log, null);
    }
    NoteKey key = null;
    try {
      GenesisEntry genesis = genesis(evidence);
      key = new NoteKey(genesis.origin(), genesis.host());
      SignedCheckpoint newer = signed("newer", evidence.newer(), key);
      String sentence = new EvidenceJudge(evidence, genesis, newer).contradiction();
      return new Judgement(true, sentence, log, key);
    } catch (UnverifiedException e) {
      return new Judgement(false, e.getMessage(), log, key);
    }
  }

  private static GenesisEntry genesis(Evidence evidence) {
    try {
      if (Entry.parse(evidence.genesis().entry(), evidence.blobs()::get)
          instanceof GenesisEntry genesis) {
        return genesis;
      }
      throw new UnverifiedException("its genesis entry is an entry of another kind");
    } catch (MissingBlobException e) {
      throw new UnverifiedException("it lacks what the genesis entry names: " + e.getMessage());
    } catch (MalformedException e) {
      throw new UnverifiedException("its genesis entry is none: " + e.getMessage());
    }
  }

  private static SignedCheckpoint signed(String which, Note note, NoteKey key) {
    try {
      return SignedCheckpoint.verify(note, key.name(), key.key());
    } catch (MalformedException | UnverifiedException e) {
      throw new UnverifiedException(
          "the " + which + " checkpoint proves nothing: " + e.getMessage());
    }
  }

  // Throws UnverifiedException with the reason if there is none.
  private String contradiction() {
    List<Hash> proof = evidence.genesis().proof();
    if (proof == null ? evidence.claim() == Evidence.Claim.ENTRY : !holds(0, proof)) {
      throw new UnverifiedException(
          "the genesis entry is not shown to be in the tree of the newer checkpoint");
    }
    return switch (evidence.claim()) {
      case FORK -> fork(signed("older", evidence.older(), key()).head());
      case ROLLBACK -> throw rollback(signed("older", evidence.older(), key()).head());
      case ENTRY -> entry();
    };
  }

  private NoteKey key() {
    return new NoteKey(genesis.origin(), genesis.host());
  }

  private boolean holds(long index, List<Hash> proof) {
    return Proofs.verifyInclusion(index, evidence.log(), newer.head(), proof);
  }

  private String fork(TreeHead older) {
    TreeHead head = newer.head();
    if (older.size() > head.size()) {
      throw new UnverifiedException("the older checkpoint is of the larger tree");
    }
    if (older.size() == head.size()) {
      if (older.root().equals(head.root())) {
        throw new UnverifiedException("the two checkpoints are of one tree");
      }
      return "the log's key signed two different trees of " + older.size() + " entries";
    }
    Evidence.Prefix prefix = evidence.prefix();
    if (prefix == null) {
      throw new UnverifiedException(
          "the two checkpoints are of trees of different sizes, and nothing shows what the larger"
              + " one begins with");
    }
    if (!isPrefix(older.size())) {
      throw new UnverifiedException("the proof does not lead to the root of the newer checkpoint");
    }
    if (prefix.root().equals(older.root())) {
      throw new UnverifiedException("the newer tree begins with the older one");
    }
    return "the log's key signed a tree of "
        + older.size()
        + " entries, and a tree of "
        + head.size()
        + " entries that begins with others";
  }

  // The empty tree has one root only: a proof about it shows nothing.
  private boolean isPrefix(long size) {
    return evidence.prefix() != null
        && size > 0
        && Proofs.verifyConsistency(
            new TreeHead(size, evidence.prefix().root()), newer.head(), evidence.prefix().proof());
  }

  private UnverifiedException rollback(TreeHead served) {
    return new UnverifiedException(
        served.size() < newer.head().size()
            ? "both checkpoints may be true of one log: that the older one was served after the"
                + " newer one is the word of whoever wrote this"
            : "the checkpoint that was served is not of a smaller tree");
  }

  private String entry() {
    for (Evidence.Leaf leaf : evidence.entries()) {
      Hash hash = Merkle.leafHash(leaf.entry());
      if (!Proofs.verifyInclusion(leaf.index(), hash, newer.head(), leaf.proof())) {
        throw new UnverifiedException(
            "entry " + leaf.index() + " is not shown to be in the tree of the checkpoint");
      }
    }
    Evidence.Leaf accused = evidence.entries().get(evidence.entries().size() - 1);
    try {
      requireRules(accused);
    } catch (BrokenRuleException e) {
      return "the log's key signed a tree of "
          + newer.head().size()
          + " entries of which one breaks a rule: "
          + e.getMessage();
    } catch (MissingBlobException | UnknownEntryException e) {
      throw new UnverifiedException("this cannot be judged: " + e.getMessage());
    }
    throw new UnverifiedException(
        "entry " + accused.index() + " breaks no rule that this file can show");
  }

  private void requireRules(Evidence.Leaf accused) {
    BlobReader blobs = evidence.blobs()::get;
    EntryRules.Parsed parsed = EntryRules.alone(accused.index(), accused.entry(), genesis, blobs);
    EntryRules.place(parsed);
    byte[] before = entryAt(accused.index() - 1);
    if (before != null) {
      EntryRules.follows(parsed, Merkle.leafHash(before), end(before, blobs));
    }
    EntryRules.admitted(parsed, genesis, evidence.log(), new Shown(parsed, blobs));
    EntryRules.outcomes(parsed);
  }

  private byte[] entryAt(long index) {
    if (index == 0) {
      return evidence.genesis().entry();
    }
    return evidence.entries().stream()
        .filter(leaf -> leaf.index() == index)
        .map(Evidence.Leaf::entry)
        .findFirst()
        .orElse(null);
  }

  private static OptionalLong end(byte[] entry, BlobReader blobs) {
    try {
      return OptionalLong.of(EntryRules.end(Entry.parse(entry, blobs)));
    } catch (MalformedException | MissingBlobException e) {
      // Whatever it is, it is not the entry that this is about.
      return OptionalLong.empty();
    }
  }

  /**
   * What the file shows of the log before the accused entry; where it shows nothing, all is well.
   */
  private final class Shown implements Admission.State {
    private final EntryRules.Parsed accused;
    private final BlobReader blobs;

    Shown(EntryRules.Parsed accused, BlobReader blobs) {
      this.accused = accused;
      this.blobs = blobs;
    }

    @Override
    public long lastNumber(PublicKey key, String session) {
      long last = 0;
      for (Evidence.Leaf leaf : evidence.entries()) {
        if (leaf.index() < accused.index()) {
          last = Math.max(last, number(leaf, key, session));
        }
      }
      return last;
    }

    private long number(Evidence.Leaf leaf, PublicKey key, String session) {
      try {
        EntryRules.Parsed earlier = EntryRules.alone(leaf.index(), leaf.entry(), genesis, blobs);
        boolean isSame =
            earlier.signed() != null
                && ((Caller.Key) earlier.caller()).key().equals(key)
                && earlier.signed().session().equals(session);
        return isSame ? earlier.signed().n() : 0;
      } catch (BrokenRuleException | MalformedException | MissingBlobException e) {
        return 0;
      }
    }

    @Override
    public Hash rootAt(long size) {
      if (size == 0) {
        return Merkle.EMPTY_ROOT;
      }
      return isPrefix(size) ? evidence.prefix().root() : accused.signed().seen().root();
    }
  }
}
