package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.List;

/**
 * Shows by proofs alone, from the published tiles, that a signed tree begins with the genesis entry
 * and with the trees that were seen before.
 */
final class ReceiptCheck {
  private final TreeHead signed;
  private final Tally tally;
  private final HashReader hashes;

  ReceiptCheck(LogReader reader, TreeHead signed, Tally tally) {
    this.signed = signed;
    this.tally = tally;
    this.hashes = TileHashReader.published(reader, signed.size());
  }

  /** The tree begins with the genesis entry. */
  void requireGenesis(Hash leaf) {
    List<Hash> inclusion = Proofs.inclusion(0, signed.size(), hashes);
    if (!Proofs.verifyInclusion(0, leaf, signed, inclusion)) {
      throw new DivergenceException(
          Kind.TREE, 0, "the genesis entry in the signed tree", "tiles that do not show it");
    }
    tally.entries++;
  }

  /** The tree begins with one that was seen before. */
  void requireContinues(TreeHead old) {
    if (!Proofs.verifyConsistency(
        old, signed, Proofs.consistency(old.size(), signed.size(), hashes))) {
      throw new DivergenceException(
          Kind.FORK,
          old.size() - 1,
          "a tree that continues root " + old.root() + " of size " + old.size(),
          "root " + signed.root() + " of size " + signed.size());
    }
  }
}
