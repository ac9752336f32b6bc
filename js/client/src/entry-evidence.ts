import {
  type Evidence,
  MissingBlobError,
  type Receipt,
  type SignedCheckpoint,
  accuseEntry,
  judgeEvidence,
  requireAlone,
} from 'glasshouse-formats'
import { CaughtHostError } from './errors.js'
import type { HostDescription } from './host-description.js'
import type { LogWatch } from './log-watch.js'
import { type Blobs, type Published, withBlobs } from './published.js'

/**
 * Evidence against entries. What a host says binds it to nothing; an entry does that is in a tree
 * which the host has signed.
 */
export class EntryEvidence {
  constructor(
    private readonly host: HostDescription,
    private readonly watch: LogWatch,
    private readonly published: Published,
  ) {}

  /**
   * The error for an entry that breaks a rule, if that can be proved to anybody; the evidence is kept.
   *
   * @param signed the checkpoint that the receipt was verified with
   * @returns undefined if it cannot
   */
  async caught(receipt: Receipt, signed: SignedCheckpoint, claim: string): Promise<CaughtHostError | undefined> {
    const evidence = await this.accuse(receipt, signed)
    return judgeEvidence(evidence).proved ? this.watch.caught(CaughtHostError, claim, evidence) : undefined
  }

  private async accuse({ index, entry }: Receipt, signed: SignedCheckpoint): Promise<Evidence> {
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
