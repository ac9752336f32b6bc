package dev.glasshouse.calllog.evidence;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Writes evidence against the host of one log. What a host withholds is left out, and then the file
 * may prove nothing: {@link EvidenceJudge} tells.
 */
public final class Accusation {
  private final GenesisEntry genesis;
  private final byte[] first;
  private final NavigableMap<Hash, byte[]> blobs = new TreeMap<>();

  /**
   * Against the host of the log that begins with this entry.
   *
   * @param genesis as it was parsed from the log
   */
  public Accusation(GenesisEntry genesis) {
    this.genesis = genesis;
    this.first = genesis.format(blobs);
  }

  /**
   * Two checkpoints that cannot both be true, or for which the host does not show that they can be.
   *
   * @param given the host's consistency proof between them, whatever it is worth; may be empty
   * @param tree the larger tree as the host publishes it. It is read as far as it answers, and what
   *     it says is used only if it leads to the root that the host signed
   */
  public Evidence fork(
      SignedCheckpoint one, SignedCheckpoint other, List<Hash> given, HashReader tree) {
    boolean isOlder = one.head().size() <= other.head().size();
    SignedCheckpoint older = isOlder ? one : other;
    SignedCheckpoint newer = isOlder ? other : one;
    Evidence.Prefix prefix = prefix(older.head().size(), newer.head(), given, tree);
    return worded(
        new Evidence(
            Evidence.Claim.FORK,
            Merkle.leafHash(first),
            new Evidence.Genesis(first, published(0, Merkle.leafHash(first), newer.head(), tree)),
            older.note(),
            newer.note(),
            prefix,
            List.of(),
            blobs,
            ""));
  }

  /** A smaller tree that was served after a larger one. */
  public Evidence rollback(SignedCheckpoint served, SignedCheckpoint kept) {
    return worded(
        new Evidence(
            Evidence.Claim.ROLLBACK,
            Merkle.leafHash(first),
            new Evidence.Genesis(first, null),
            served.note(),
            kept.note(),
            null,
            List.of(),
            blobs,
            ""));
  }

  /**
   * An entry that breaks a rule.
   *
   * @param signed a checkpoint whose tree holds it
   * @param tree that tree; what this and {@code entries} throw is not caught
   * @param entries the bytes of an entry by its index; the one before the accused may be withheld
   * @param texts the long texts of the entries; one that is missing is left out
   * @param index of the accused entry, not 0
   * @param earlier indexes of entries that it contradicts; the one before it is added anyway
   * @throws MalformedException if all of it does not fit into a file
   */
  public Evidence entry(
      SignedCheckpoint signed,
      HashReader tree,
      LongFunction<byte[]> entries,
      BlobReader texts,
      long index,
      long... earlier) {
    TreeSet<Long> indexes = new TreeSet<>(List.of(index));
    for (long each : earlier) {
      indexes.add(each);
    }
    boolean isSpare = indexes.add(index - 1);
    indexes.remove(0L);
    if (index <= 0 || indexes.last() != index) {
      throw new IllegalArgumentException("entry " + index + " is accused by entries before it");
    }
    long size = signed.head().size();
    NavigableMap<Hash, byte[]> needed = new TreeMap<>(blobs);
    BlobReader recorded = hash -> needed.computeIfAbsent(hash, texts::blob);
    List<Evidence.Leaf> leaves = new ArrayList<>();
    Optional<TreeHead> seen = Optional.empty();
    for (long each : indexes) {
      byte[] bytes;
      try {
        bytes = entries.apply(each);
      } catch (UnreachableException e) {
        if (!isSpare || each != index - 1) {
          throw e;
        }
        // Most rules need only the entry itself.
        continue;
      }
      seen = seen(each, bytes, recorded);
      leaves.add(new Evidence.Leaf(each, bytes, Proofs.inclusion(each, size, tree)));
    }
    Evidence.Prefix prefix =
        seen.filter(head -> head.size() > 0 && head.size() <= index)
            .map(head -> prefix(head.size(), signed.head(), tree))
            .orElse(null);
    return worded(
        new Evidence(
            Evidence.Claim.ENTRY,
            Merkle.leafHash(first),
            new Evidence.Genesis(first, Proofs.inclusion(0, size, tree)),
            null,
            signed.note(),
            prefix,
            leaves,
            needed,
            ""));
  }

  // Reads what a judge will read.
  private Optional<TreeHead> seen(long index, byte[] bytes, BlobReader recorded) {
    try {
      EntryRules.Parsed parsed = EntryRules.alone(index, bytes, genesis, recorded);
      return parsed.signed() == null ? Optional.empty() : Optional.of(parsed.signed().seen());
    } catch (BrokenRuleException | MalformedException | MissingBlobException e) {
      return Optional.empty();
    }
  }

  private static Evidence worded(Evidence evidence) {
    return new Evidence(
        evidence.claim(),
        evidence.log(),
        evidence.genesis(),
        evidence.older(),
        evidence.newer(),
        evidence.prefix(),
        evidence.entries(),
        evidence.blobs(),
        EvidenceJudge.judge(evidence, null).sentence());
  }

  private static Evidence.Prefix prefix(
      long size, TreeHead newer, List<Hash> given, HashReader tree) {
    if (size == 0 || size >= newer.size()) {
      return null;
    }
    Optional<Hash> shown = Proofs.olderRoot(size, newer, given);
    if (shown.isPresent()) {
      return new Evidence.Prefix(shown.get(), given);
    }
    try {
      Evidence.Prefix prefix = prefix(size, newer, tree);
      TreeHead older = new TreeHead(size, prefix.root());
      return Proofs.verifyConsistency(older, newer, prefix.proof()) ? prefix : null;
    } catch (RuntimeException e) {
      // The host withholds its tree. That must not keep its checkpoints from being written down.
      return null;
    }
  }

  private static Evidence.Prefix prefix(long size, TreeHead newer, HashReader tree) {
    return new Evidence.Prefix(
        Proofs.root(size, tree), Proofs.consistency(size, newer.size(), tree));
  }

  private static List<Hash> published(long index, Hash leaf, TreeHead head, HashReader tree) {
    try {
      List<Hash> proof = Proofs.inclusion(index, head.size(), tree);
      return Proofs.verifyInclusion(index, leaf, head, proof) ? proof : null;
    } catch (RuntimeException e) {
      // As above.
      return null;
    }
  }
}
