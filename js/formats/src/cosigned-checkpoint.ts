import { SignedCheckpoint } from './checkpoint.js'
import { UnverifiedError } from './errors.js'
import { Note, NoteKey } from './note.js'
import type { Policy, Quorum } from './policy.js'
import type { PublicKey } from './public-key.js'
import type { MlDsaVerifier } from './witness.js'

/** A log's checkpoint, and what a policy finds under it. */
export class CosignedCheckpoint {
  private constructor(
    /** With no signatures but the log's and those of the policy's witnesses. */
    readonly checkpoint: SignedCheckpoint,
    readonly quorum: Quorum,
  ) {}

  /**
   * Looks for the cosignatures of a policy's witnesses, whether the quorum is met or not.
   *
   * @param key the key of the log, which has signed the checkpoint
   * @throws UnverifiedError if one that carries the name and id of a witness does not hold
   */
  static of(
    policy: Policy,
    { note, checkpoint }: SignedCheckpoint,
    key: PublicKey,
    mlDsa?: MlDsaVerifier,
  ): CosignedCheckpoint {
    const { origin } = checkpoint
    const quorum = policy.quorum(note, origin, mlDsa)
    const named = [new NoteKey(origin, key), ...policy.witnesses.map((witness) => witness.key)]
    const known = note.signatures.filter((line) => named.some((each) => each.isNamedBy(line)))
    return new CosignedCheckpoint(SignedCheckpoint.verify(new Note(note.text, known), origin, key), quorum)
  }

  /**
   * Of several checkpoints of one log, the one that says most.
   *
   * @param shown at least one
   * @throws UnverifiedError if the cosignatures of none of them hold
   */
  static best(
    policy: Policy,
    shown: readonly SignedCheckpoint[],
    key: PublicKey,
    mlDsa?: MlDsaVerifier,
  ): CosignedCheckpoint {
    let best: CosignedCheckpoint | undefined
    let rejected: unknown
    for (const each of shown) {
      try {
        const found = CosignedCheckpoint.of(policy, each, key, mlDsa)
        best = best === undefined || found.isBetterThan(best) ? found : best
      } catch (error) {
        if (!(error instanceof UnverifiedError)) {
          throw error
        }
        rejected = error
      }
    }
    if (best === undefined) {
      throw rejected
    }
    return best
  }

  /** Whether it says more than another one: the quorum first, then the size, then the time. */
  isBetterThan(other: CosignedCheckpoint): boolean {
    if (this.quorum.isMet !== other.quorum.isMet) {
      return this.quorum.isMet
    }
    const [size, others] = [this.checkpoint.head.size, other.checkpoint.head.size]
    return size === others ? (this.quorum.newest ?? 0n) > (other.quorum.newest ?? 0n) : size > others
  }
}
