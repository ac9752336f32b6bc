import {
  BrokenRuleError,
  MalformedError,
  type Receipt,
  SignedCheckpoint,
  UnverifiedError,
  requireAnswerSizes,
  requireOutcomes,
  requirePlace,
  requireRequestSize,
} from 'glasshouse-formats'
import { type SentRequest, type SignedAnswer, readAnswer, receiptIn } from './answer.js'
import type { EntryEvidence } from './entry-evidence.js'
import { CaughtHostError } from './errors.js'
import type { HostDescription } from './host-description.js'
import type { LogWatch } from './log-watch.js'
import { type Blobs, type Published, withBlobs } from './published.js'

/** An answer that was verified, the request that it is to, and the blobs that its entry's lists are. */
export interface VerifiedAnswer extends SignedAnswer {
  readonly request: string
  readonly blobs: Blobs
}

/**
 * Verifies what a host answers to signed calls (formats.md, section 14): its receipt, that the entry
 * holds the call and keeps the rules, and that the checkpoint goes with all that were seen.
 */
export class AnswerCheck {
  private last: SignedCheckpoint | undefined

  constructor(
    private readonly host: HostDescription,
    private readonly watch: LogWatch,
    private readonly published: Published,
    private readonly evidence: EntryEvidence,
  ) {}

  /**
   * @throws CaughtHostError if it does not verify; with evidence, if the entry breaks a rule
   * @throws UnverifiableError if what it takes is withheld
   */
  async verified(json: string, sent: SentRequest): Promise<VerifiedAnswer> {
    const blobs: Blobs = new Map()
    try {
      const answer = await withBlobs(this.published, blobs, () => readAnswer(json, sent, blobs))
      const signed = this.checkpointOf(answer.receipt)
      this.requireRules(answer, sent)
      await this.watch.accept(signed, answer.consistency, answer.from)
      return { ...answer, request: sent.request, blobs }
    } catch (error) {
      const isCaught =
        error instanceof MalformedError ||
        error instanceof UnverifiedError ||
        error instanceof BrokenRuleError
      throw isCaught ? await this.caught(json, error) : error
    }
  }

  // Calls that were logged together share a checkpoint: its signature is verified once.
  private checkpointOf(receipt: Receipt): SignedCheckpoint {
    if (this.last?.note.equals(receipt.checkpoint)) {
      receipt.requireIncluded(this.last)
    } else {
      const { genesis } = this.host.start
      this.last = receipt.verify(genesis.origin, genesis.host)
    }
    return this.last
  }

  // That request and signature in the entry are this client's own has been seen by then.
  private requireRules({ receipt, entry }: SignedAnswer, { call, request }: SentRequest): void {
    const { limits } = this.host.start.genesis
    requireAnswerSizes(receipt.index, entry, limits)
    requireRequestSize(receipt.index, request, limits)
    requirePlace(receipt.index, entry)
    requireOutcomes(receipt.index, entry, call.calls)
  }

  private async caught(json: string, cause: Error): Promise<CaughtHostError> {
    const claim = `the host's answer does not verify: ${cause.message}`
    try {
      const receipt = receiptIn(json)
      const signed = this.checkpointOf(receipt)
      const proved = await this.evidence.caught(receipt, signed, claim)
      if (proved !== undefined) {
        return proved
      }
    } catch {
      // The receipt proves nothing, not even of its own host, or the host withholds what it takes.
    }
    return new CaughtHostError(`${claim}. Do not rely on it.`, undefined, false, { cause })
  }
}
