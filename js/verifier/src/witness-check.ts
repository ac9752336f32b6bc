import {
  CosignedCheckpoint,
  type Entry,
  type GenesisEntry,
  type MlDsaVerifier,
  type Policy,
  type SignedCheckpoint,
  UnverifiedError,
  secondText,
} from 'glasshouse-formats'
import type { Witnessed } from './report.js'
import { TimeBrackets } from './time-brackets.js'

/** How many checkpoints are kept for later audits. */
export const MAX_KEPT = 64

/** What an auditor demands of a log's witnesses. */
export interface WitnessDemand {
  /** Whom the auditor believes, and how many of them are a quorum. */
  readonly policy: Policy
  readonly mlDsa: MlDsaVerifier | undefined
  /** How old the newest cosignature may be, in seconds; undefined takes any. */
  readonly maxAge: number | undefined
  /** The auditor's own, in POSIX seconds. */
  readonly clock: () => number
}

/**
 * What the witnesses of the auditor's policy say of one log: gathers their cosignatures, says whether
 * that is enough, and holds entry times against theirs.
 */
export class WitnessCheck {
  private readonly brackets: TimeBrackets
  private met: CosignedCheckpoint[] = []
  private best: CosignedCheckpoint | undefined
  private age: number | null = null
  private rejected: string | undefined

  /**
   * Knows nothing yet of the log, but what an earlier audit has verified.
   *
   * @param size entries that it has verified
   * @param end what the clock showed after the last of them
   */
  constructor(
    private readonly demand: WitnessDemand,
    private readonly genesis: GenesisEntry,
    size: number,
    end: bigint,
  ) {
    this.brackets = new TimeBrackets(genesis.limits.watchdog, size, end)
  }

  /**
   * Looks at a checkpoint that is served. If the log is that long already, it begins with its tree.
   *
   * @param asked when it was asked for, in seconds
   */
  see(checkpoint: SignedCheckpoint, asked: number): void {
    const seen = this.holding(checkpoint)
    if (typeof seen === 'string') {
      this.rejected = seen
      return
    }
    if (this.best === undefined || seen.isBetterThan(this.best)) {
      this.best = seen
    }
    const { newest } = seen.quorum
    if (newest !== undefined && isSame(this.best, seen)) {
      this.age = Math.max(0, asked - Number(newest))
    }
    this.remember(seen)
  }

  /** Looks at a checkpoint that an earlier audit kept; it may be of no use under this policy. */
  recall(kept: SignedCheckpoint): void {
    const seen = this.holding(kept)
    if (typeof seen !== 'string') {
      this.remember(seen)
    }
  }

  /** Notes the next entry, of which all else was found to hold. */
  passed(entry: Entry): void {
    this.brackets.passed(entry)
  }

  /** What there is to report. */
  result(): Witnessed {
    const { best } = this
    return {
      age: this.age,
      between: this.brackets.between,
      checkpoint: best?.checkpoint.note.format() ?? null,
      met: best?.quorum.isMet ?? false,
      obstacle: this.obstacle(),
      widest: Number(this.brackets.widest),
      witnesses: (best?.quorum.cosigned ?? []).map(({ witness, time, counts }) => ({
        counts,
        key: witness.key.format(),
        time: Number(time),
      })),
    }
  }

  /** Checkpoints that met the quorum, notes, to be kept for later audits. */
  get keep(): string[] {
    return this.met.map(({ checkpoint }) => checkpoint.note.format())
  }

  /** Why this is not enough to decide, or null. */
  obstacle(): string | null {
    const { policy, maxAge } = this.demand
    const { origin, host } = this.genesis
    if (!policy.allows(origin, host)) {
      return `the policy names the logs that it is for, and not ${origin}`
    }
    if (!this.best?.quorum.isMet) {
      const found = this.best?.quorum.cosigned.filter(({ counts }) => counts).length ?? 0
      const counted = `${found}${found === 1 ? ' that counts has' : ' that count have'} cosigned`
      const rejected = this.rejected === undefined ? '' : `; a checkpoint is void, because ${this.rejected}`
      return `the quorum of witnesses is not met: ${counted}${rejected}`
    }
    if (maxAge === undefined) {
      return null
    }
    const { newest } = this.best.quorum
    if (newest === undefined) {
      return 'the policy wants no cosignatures, so that nothing shows how old the checkpoint is'
    }
    return (this.age ?? 0) <= maxAge
      ? null
      : `stale (freeze): the newest cosignature is of ${secondText(newest)}, longer ago than ${maxAge} s`
  }

  // Or why its cosignatures do not hold.
  private holding(checkpoint: SignedCheckpoint): CosignedCheckpoint | string {
    try {
      return CosignedCheckpoint.of(this.demand.policy, checkpoint, this.genesis.host, this.demand.mlDsa)
    } catch (error) {
      if (error instanceof UnverifiedError) {
        return error.message
      }
      throw error
    }
  }

  private remember(seen: CosignedCheckpoint): void {
    const { isMet, oldest, newest } = seen.quorum
    if (!isMet || oldest === undefined || newest === undefined || this.met.some((each) => isSame(each, seen))) {
      return
    }
    this.met.push(seen)
    this.met.sort((a, b) => (newestOf(a) < newestOf(b) ? -1 : newestOf(a) > newestOf(b) ? 1 : 0))
    if (this.met.length > MAX_KEPT) {
      this.met.splice(this.leastTelling(), 1)
    }
    this.brackets.cosigned(Number(seen.checkpoint.head.size), oldest, newest)
  }

  // Between the first and the last, that whose neighbours are closest.
  private leastTelling(): number {
    const gap = (at: number): bigint =>
      newestOf(this.met[at + 1] as CosignedCheckpoint) - newestOf(this.met[at - 1] as CosignedCheckpoint)
    let least = 1
    for (let i = 2; i < this.met.length - 1; i++) {
      if (gap(i) < gap(least)) {
        least = i
      }
    }
    return least
  }
}

function newestOf({ quorum }: CosignedCheckpoint): bigint {
  return quorum.newest ?? 0n
}

function isSame(one: CosignedCheckpoint, other: CosignedCheckpoint): boolean {
  return one.checkpoint.note.equals(other.checkpoint.note)
}
