import {
  CosignedCheckpoint,
  MalformedError,
  type MlDsaVerifier,
  Policy,
  SignedCheckpoint,
  UnverifiedError,
  encodeUtf8,
} from 'glasshouse-formats'
import { GlasshouseError, UnverifiableError } from './errors.js'
import type { HostDescription } from './host-description.js'
import type { LogWatch } from './log-watch.js'
import { mlDsaFor } from './ml-dsa.js'
import type { Published } from './published.js'
import { type WitnessTime, ageText, quorumText } from './quorum-text.js'

/** What the witnesses of a policy have cosigned of the log that a client calls. */
export interface QuorumInfo {
  /** Whether their quorum has cosigned it, and the policy is for this log. */
  readonly isMet: boolean
  /** How many entries they have cosigned, of the checkpoint that says most; 0 if the cosignatures of none hold. */
  readonly size: number
  /** Those that have, in the policy's order. */
  readonly witnesses: readonly WitnessTime[]
  /** All this in one line, for people. */
  readonly text: string
}

/** A policy of witnesses, and what they have cosigned of the log whose checkpoints a client keeps. */
export class QuorumWatch {
  private constructor(
    private readonly policy: Policy,
    private readonly mlDsa: MlDsaVerifier | undefined,
  ) {}

  /** @throws GlasshouseError if it is no policy */
  static async of(policy: string | Uint8Array): Promise<QuorumWatch> {
    try {
      const parsed = Policy.parse(typeof policy === 'string' ? encodeUtf8(policy) : policy)
      return new QuorumWatch(parsed, await mlDsaFor(parsed))
    } catch (error) {
      throw error instanceof MalformedError
        ? new GlasshouseError(`not a policy: ${error.message}`, { cause: error })
        : error
    }
  }

  /**
   * Asks what is cosigned: the checkpoint that the host served, or the one that it shows as cosigned.
   *
   * @param served its newest, which was held against the kept one
   * @throws CaughtHostError if the log's key has signed another history
   */
  async ask(
    host: HostDescription,
    served: SignedCheckpoint,
    published: Published,
    watch: LogWatch,
  ): Promise<QuorumInfo> {
    const { origin, host: key } = host.start.genesis
    const shown = [served]
    try {
      const cosigned = SignedCheckpoint.verify(await published.cosigned(), origin, key)
      await watch.accept(cosigned, [], -1n)
      shown.push(cosigned)
    } catch (error) {
      if (!isNothing(error)) {
        throw error
      }
      // It shows none, then.
    }
    try {
      const best = CosignedCheckpoint.best(this.policy, shown, key, this.mlDsa)
      return infoOf(best, best.quorum.isMet && this.policy.allows(origin, key), served)
    } catch (error) {
      if (!(error instanceof UnverifiedError)) {
        throw error
      }
      return { isMet: false, size: 0, witnesses: [], text: `quorum not met: ${error.message}` }
    }
  }
}

function infoOf({ checkpoint, quorum }: CosignedCheckpoint, isMet: boolean, served: SignedCheckpoint): QuorumInfo {
  const { size } = checkpoint.head
  const witnesses = quorum.cosigned.map(({ witness, time, counts }) => ({
    name: witness.name,
    key: witness.key.format(),
    time: Number(time),
    counts,
  }))
  const age = quorum.newest === undefined ? undefined : Math.floor(Date.now() / 1000) - Number(quorum.newest)
  const text = quorumText(isMet, size, served.head.size, witnesses)
  return {
    isMet,
    size: Number(size),
    witnesses,
    text: age === undefined ? text : `${text}, ${ageText(Math.max(0, age))} ago`,
  }
}

function isNothing(error: unknown): boolean {
  return (
    error instanceof UnverifiableError || error instanceof MalformedError || error instanceof UnverifiedError
  )
}
