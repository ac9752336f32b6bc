import {
  type Entry,
  type GenesisEntry,
  MalformedError,
  Note,
  Policy,
  SignedCheckpoint,
  UnverifiedError,
  encodeUtf8,
} from 'glasshouse-formats'
import { mlDsaFor } from 'glasshouse-client/host'
import { UnreachableError } from './errors.js'
import type { LogReader } from './log-reader.js'
import type { AuditOptions } from './options.js'
import type { Witnessed } from './report.js'
import { WitnessCheck, type WitnessDemand } from './witness-check.js'

/**
 * What the options of an audit demand of witnesses; undefined if they ask for none.
 *
 * @throws MalformedError if the policy is none
 */
export async function witnessDemand(
  { policy, maxAgeMillis }: Pick<AuditOptions, 'policy' | 'maxAgeMillis'>,
  clock = () => Math.floor(Date.now() / 1000),
): Promise<WitnessDemand | undefined> {
  if (policy === undefined) {
    return undefined
  }
  const parsed = Policy.parse(typeof policy === 'string' ? encodeUtf8(policy) : policy)
  const maxAge = maxAgeMillis === undefined ? undefined : Math.floor(maxAgeMillis / 1000)
  return { policy: parsed, mlDsa: await mlDsaFor(parsed), maxAge, clock }
}

/**
 * What an audit hears of witnesses, if it demands any: what its source shows as cosigned, and what
 * each checkpoint that it meets is worth under the auditor's policy.
 */
export class WitnessHearing {
  private shown: Uint8Array | undefined
  private asked = 0
  private heard: SignedCheckpoint | undefined
  private check: WitnessCheck | undefined

  constructor(
    private readonly reader: LogReader,
    private readonly demand: WitnessDemand | undefined,
  ) {}

  /** Asks the source; before it is asked for its newest checkpoint, which may be younger and not older. */
  async ask(): Promise<void> {
    if (this.demand === undefined) {
      return
    }
    this.asked = this.demand.clock()
    try {
      this.shown = await this.reader.cosigned()
    } catch (error) {
      if (!(error instanceof UnreachableError || error instanceof MalformedError)) {
        throw error
      }
      // That there are no cosignatures says enough.
      this.shown = undefined
    }
  }

  /** What was shown, if it is signed by the log's key, whatever the witnesses are worth. */
  hear({ origin, host }: GenesisEntry): SignedCheckpoint | undefined {
    this.heard = undefined
    if (this.shown !== undefined) {
      try {
        const shown = SignedCheckpoint.verify(Note.parse(this.shown), origin, host)
        this.heard = shown.head.size > 0n ? shown : undefined
      } catch (error) {
        if (!(error instanceof MalformedError || error instanceof UnverifiedError)) {
          throw error
        }
        // Many web servers have a page for what they do not have.
      }
    }
    return this.heard
  }

  /**
   * Begins to judge, from the entries after those that an earlier audit verified.
   *
   * @param size how many these are
   * @param end what the clock showed after the last of them
   * @param kept what earlier audits have seen cosigned
   */
  begin(genesis: GenesisEntry, size: number, end: bigint, kept: readonly SignedCheckpoint[]): void {
    if (this.demand !== undefined) {
      const check = new WitnessCheck(this.demand, genesis, size, end)
      this.check = check
      kept.forEach((each) => check.recall(each))
    }
  }

  /** Looks at a checkpoint that is served, and that the log goes on from as far as it is known. */
  see(served: SignedCheckpoint): void {
    this.check?.see(served, this.asked)
  }

  /** Looks at what was heard. */
  seeHeard(): void {
    if (this.heard !== undefined) {
      this.see(this.heard)
    }
  }

  /** Notes the next entry, of which all else was found to hold. */
  readonly passed = (entry: Entry): void => this.check?.passed(entry)

  /** Why this is not enough to decide, or null. */
  obstacle(): string | null {
    return this.check?.obstacle() ?? null
  }

  /** What there is to report, or null if nobody asked. */
  result(): Witnessed | null {
    return this.check?.result() ?? null
  }

  /** Checkpoints that met the quorum, to be kept for later audits; undefined if nobody asked. */
  get keep(): string[] | undefined {
    return this.check?.keep
  }
}
