import {
  type Evidence,
  type GenesisEntry,
  type LogStart,
  MalformedError,
  MissingBlobError,
  type SignedCheckpoint,
  TileHashReader,
  accuseEntry,
  accuseFork,
  accuseRollback,
  requireAlone,
} from 'glasshouse-formats'
import type { CheckedBlobs } from './checked-blobs.js'
import type { Divergence } from './divergence.js'
import { readEntries } from './entry-stream.js'
import { UnreachableError, WrongBlobError } from './errors.js'
import type { History } from './history.js'
import type { LogReader } from './log-reader.js'

/** Gathers for a finding what shows it to others, from what the source publishes. */
export class Prosecution {
  constructor(
    private readonly reader: LogReader,
    private readonly blobs: CheckedBlobs,
    private readonly start: LogStart,
    private readonly checkpoint: SignedCheckpoint,
    // Others that the log's key has signed.
    private readonly signed: readonly SignedCheckpoint[],
    private readonly history: History,
  ) {}

  /** Undefined if no file would show more than the finding says; the file need not prove it. */
  async evidence(found: Divergence): Promise<Evidence | undefined> {
    const kept = this.contradicted(found)
    try {
      switch (found.kind) {
        case 'FORK':
          return kept && (await accuseFork(this.start, kept, this.checkpoint, [], this.tree(kept)))
        case 'ROLLBACK':
          return kept && accuseRollback(this.start, this.checkpoint, kept)
        case 'CHAIN':
        case 'MALFORMED':
        case 'UNSIGNED':
        case 'SIGNATURE':
        case 'ADMISSION':
        case 'INPUTS':
        case 'OUTCOME':
          return await this.entry(found.index)
        default:
          return undefined
      }
    } catch (error) {
      // What the source does not give cannot be shown to others.
      if (
        error instanceof UnreachableError ||
        error instanceof MalformedError ||
        error instanceof MissingBlobError ||
        error instanceof WrongBlobError
      ) {
        return undefined
      }
      throw error
    }
  }

  // What a finding about the whole is about; otherwise what was kept.
  private contradicted({ kind, index }: Divergence): SignedCheckpoint | undefined {
    const found = this.signed.find(({ head }) =>
      kind === 'ROLLBACK'
        ? head.size > BigInt(index)
        : head.size === BigInt(index) + 1n && !head.equals(this.history.tree.head()),
    )
    return found ?? this.signed[0]
  }

  private async entry(index: number): Promise<Evidence | undefined> {
    const size = Number(this.checkpoint.head.size)
    if (index <= 0 || index >= size) {
      return undefined
    }
    const accused = await this.bytes(index)
    const earlier = new Map<bigint, Uint8Array>()
    const session = await this.sameSession(index, accused)
    for (const each of new Set([index - 1, session])) {
      if (each > 0 && each < index) {
        try {
          earlier.set(BigInt(each), await this.bytes(each))
        } catch (error) {
          // Most rules need only the entry itself.
          if (!(error instanceof UnreachableError) || each !== index - 1) {
            throw error
          }
        }
      }
    }
    const needed = new Map<string, Uint8Array>()
    for (const [each, bytes] of [...earlier, [BigInt(index), accused] as const]) {
      await this.readAll(each, bytes, needed)
    }
    const tree = this.tree(this.checkpoint)
    return accuseEntry(this.start, this.checkpoint, tree, BigInt(index), accused, earlier, needed)
  }

  // The entry that has used the number of a call; -1 of what breaks a rule by itself.
  private async sameSession(index: number, bytes: Uint8Array): Promise<number> {
    try {
      const { genesis } = this.start
      const { signed, caller } = await this.blobs.with(() =>
        requireAlone(BigInt(index), bytes, genesis.limits, this.blobs, 'request'),
      )
      return signed !== undefined && caller !== undefined && 'key' in caller
        ? this.history.sameSession(caller.key, signed.session)
        : -1
    } catch {
      return -1
    }
  }

  // Reads what a judge will read.
  private async readAll(index: bigint, bytes: Uint8Array, needed: Map<string, Uint8Array>): Promise<void> {
    const { genesis } = this.start as { genesis: GenesisEntry }
    try {
      await this.blobs.with(() =>
        requireAlone(index, bytes, genesis.limits, {
          get: (sha256) => {
            const found = this.blobs.get(sha256)
            if (found !== undefined) {
              needed.set(sha256, found)
            }
            return found
          },
        }),
      )
    } catch {
      // That it breaks a rule, or that something is missing, is for the judge.
    }
  }

  private async bytes(index: number): Promise<Uint8Array> {
    const [entry] = await readEntries(this.reader, index, Number(this.checkpoint.head.size))
    return entry as Uint8Array
  }

  // Who names a checkpoint to audit up to may have kept a newer one.
  private tree(other: SignedCheckpoint): TileHashReader {
    const { size } = other.head.size > this.checkpoint.head.size ? other.head : this.checkpoint.head
    return new TileHashReader(size, (tile) => this.reader.tile(tile))
  }
}
