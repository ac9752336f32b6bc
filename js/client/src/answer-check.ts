import {
  BrokenRuleError,
  type Evidence,
  MalformedError,
  MissingBlobError,
  type Receipt,
  SignedCheckpoint,
  UnverifiedError,
  accuseEntry,
  judgeEvidence,
  requireAlone,
  requireAnswerSizes,
  requireOutcomes,
  requirePlace,
  requireRequestSize,
} from 'glasshouse-formats'
import { type SentRequest, type SignedAnswer, readAnswer, receiptIn } from './answer.js'
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

  // An answer binds its host to nothing; an entry does that is in a tree which the host has signed.
  private async caught(json: string, cause: Error): Promise<CaughtHostError> {
    const claim = `the host's answer does not verify: ${cause.message}`
    try {
      const receipt = receiptIn(json)
      const signed = this.checkpointOf(receipt)
      const evidence = await this.evidence(receipt, signed)
      if (judgeEvidence(evidence).proved) {
        return await this.watch.caught(CaughtHostError, claim, evidence)
      }
    } catch {
      // The receipt proves nothing, not even of its own host, or the host withholds what it takes.
    }
    return new CaughtHostError(`${claim}. Do not rely on it.`, undefined, false, { cause })
  }

  private async evidence(receipt: Receipt, signed: SignedCheckpoint): Promise<Evidence> {
    const { index, entry } = receipt
    const { size } = signed.head
    const before = await this.published.entry(index - 1n, size).catch(() => undefined)
    const earlier = new Map(before === undefined ? [] : [[index - 1n, before]])
    const blobs: Blobs = new Map()
    for (const each of [...earlier.values(), entry]) {
      await withBlobs(this.published, blobs, () => this.readAll(index, each, blobs)).catch(() => undefined)
    }
    return accuseEntry(this.host.start, signed, this.published.tree(size), index, entry, earlier, blobs)
  }

  // Reads what a judge will read.
  private readAll(index: bigint, entry: Uint8Array, blobs: Blobs): void {
    try {
      requireAlone(index, entry, this.host.start.genesis.limits, blobs)
    } catch (error) {
      if (error instanceof MissingBlobError) {
        throw error
      }
    }
  }
}
