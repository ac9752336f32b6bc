package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.List;

/**
 * A log's checkpoint, and what a policy finds under it.
 *
 * @param checkpoint signed by the log's key, with no signatures but that and those of the policy's
 *     witnesses
 */
public record CosignedCheckpoint(SignedCheckpoint checkpoint, Quorum quorum) {

  /**
   * Looks for the cosignatures of a policy's witnesses, whether the quorum is met or not.
   *
   * @param key the key of the log, which has signed the checkpoint
   * @throws UnverifiedException if one that carries the name and id of a witness does not hold
   */
  public static CosignedCheckpoint of(Policy policy, SignedCheckpoint checkpoint, PublicKey key) {
    String origin = checkpoint.checkpoint().origin();
    Quorum quorum = policy.quorum(checkpoint.note(), origin);
    NoteKey log = new NoteKey(origin, key);
    List<NoteSignature> known =
        checkpoint.note().signatures().stream()
            .filter(line -> log.isNamedBy(line) || isWitness(policy, line))
            .toList();
    Note plain = new Note(checkpoint.note().text(), known);
    return new CosignedCheckpoint(SignedCheckpoint.verify(plain, origin, key), quorum);
  }

  /**
   * Of several checkpoints of one log, the one that says most.
   *
   * @param shown at least one
   * @throws UnverifiedException if the cosignatures of none of them hold
   */
  public static CosignedCheckpoint best(
      Policy policy, List<SignedCheckpoint> shown, PublicKey key) {
    CosignedCheckpoint best = null;
    UnverifiedException rejected = null;
    for (SignedCheckpoint each : shown) {
      try {
        CosignedCheckpoint found = of(policy, each, key);
        best = best == null || found.isBetterThan(best) ? found : best;
      } catch (UnverifiedException e) {
        rejected = e;
      }
    }
    if (best == null) {
      throw rejected;
    }
    return best;
  }

  /** Whether it says more than another one: the quorum first, then the size, then the time. */
  public boolean isBetterThan(CosignedCheckpoint other) {
    if (quorum.isMet() != other.quorum.isMet()) {
      return quorum.isMet();
    }
    long size = checkpoint.head().size();
    long others = other.checkpoint.head().size();
    return size == others
        ? quorum.newest().orElse(0) > other.quorum.newest().orElse(0)
        : size > others;
  }

  private static boolean isWitness(Policy policy, NoteSignature line) {
    return policy.witnesses().stream().anyMatch(each -> each.key().isNamedBy(line));
  }
}
