import {
  Checkpoint,
  type GenesisEntry,
  Hash,
  type HashReader,
  type LogStart,
  Note,
  SignedCheckpoint,
  TileHashReader,
  TreeHead,
  UnverifiedError,
  encodeUtf8,
  leafHash,
  parseEntry,
} from 'glasshouse-formats'
import type { CheckedBlobs } from './checked-blobs.js'
import { divergence } from './divergence.js'
import { readEntries } from './entry-stream.js'
import { DivergenceError, UnreachableError } from './errors.js'
import type { LogReader } from './log-reader.js'
import type { AuditOptions } from './options.js'

/** What of the options says what is audited. */
export type AuditRequest = Omit<AuditOptions, 'signal' | 'onProgress' | 'worker'>

/**
 * Which log it is that is audited: its id, its key, its newest checkpoint, and what its key has signed
 * before. What could not be learnt is undefined.
 */
export class AuditedLog {
  id: Hash | undefined
  start: LogStart | undefined
  checkpoint: SignedCheckpoint | undefined
  /** What its key has signed before, or elsewhere. */
  signed: SignedCheckpoint[] = []
  /** What of that earlier audits have seen cosigned. */
  cosigned: readonly SignedCheckpoint[] = []
  /** Trees that it must begin with. */
  required: TreeHead[] = []

  constructor(
    private readonly reader: LogReader,
    private readonly request: AuditRequest,
    private readonly blobs: CheckedBlobs,
  ) {}

  get genesis(): GenesisEntry {
    return (this.start as LogStart).genesis
  }

  get head(): TreeHead {
    return (this.checkpoint as SignedCheckpoint).head
  }

  /** Entries of the newest checkpoint. */
  get size(): number {
    return Number(this.head.size)
  }

  /**
   * The id comes from the genesis entry's bytes, the key from the entry, and only then is the
   * checkpoint's signature worth anything.
   */
  async open(): Promise<void> {
    const note = Note.parse(await this.reader.checkpoint())
    const { size } = Checkpoint.parse(note.text).head
    if (size === 0n) {
      throw new UnreachableError('the source has an empty log: nothing to verify')
    }
    if (size > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new UnreachableError(`nobody can read ${size} entries`)
    }
    const [bytes] = (await readEntries(this.reader, 0, Number(size))) as [Uint8Array]
    this.id = leafHash(bytes)
    const meant = this.request.log ?? this.request.start?.log
    if (meant !== undefined && meant !== this.id.hex()) {
      throw new DivergenceError(divergence('WRONG_LOG', 0, `log ${meant}`, `log ${this.id}`))
    }
    this.start = await this.readStart(bytes)
    this.checkpoint = this.verified(note, 0)
    this.readKept()
  }

  private async readStart(bytes: Uint8Array): Promise<LogStart> {
    const named = new Map<string, Uint8Array>()
    const get = (sha256: string): Uint8Array | undefined => {
      const found = this.blobs.get(sha256)
      if (found !== undefined) {
        named.set(sha256, found)
      }
      return found
    }
    const genesis = await this.blobs.with(() => parseEntry(bytes, { get }))
    if (genesis.kind !== 'genesis') {
      throw new DivergenceError(divergence('MALFORMED', 0, 'a genesis entry', 'another kind'))
    }
    return { genesis, bytes, blobs: named }
  }

  private readKept(): void {
    const { kept, start, cosigned = [] } = this.request
    const plain = [kept, start?.checkpoint].filter((note) => note !== undefined)
    this.cosigned = cosigned.map((note) => this.readKeptNote(note))
    this.signed = [...plain.map((note) => this.readKeptNote(note)), ...this.cosigned]
  }

  private readKeptNote(note: string): SignedCheckpoint {
    const { origin, host } = this.genesis
    try {
      return SignedCheckpoint.verify(Note.parse(encodeUtf8(note)), origin, host)
    } catch (error) {
      throw new UnreachableError(`the kept checkpoint is none of this log: ${(error as Error).message}`)
    }
  }

  /**
   * Takes another checkpoint than the newest that the source shows beside it, which must be of the same log.
   *
   * @param audited entries that were audited so far, which findings name
   * @return the checkpoint, unless it is the newest
   */
  async hear(shown: SignedCheckpoint | undefined, audited: number): Promise<SignedCheckpoint | undefined> {
    if (shown === undefined || shown.head.equals(this.head)) {
      return undefined
    }
    this.signed.push(shown)
    if (shown.head.size > this.head.size) {
      // A cache on the way may have kept the one longer than the other.
      this.checkpoint = await this.newest(audited)
    }
    await this.requireNotShorter(shown.head.size)
    return shown
  }

  /** Requires that it begins with all that its key has signed; that it does, is found where it goes on. */
  async requireSigned(): Promise<void> {
    const { start } = this.request
    // The verified tree is demanded also where no checkpoint of it was kept.
    if (start !== undefined) {
      this.required.push(new TreeHead(BigInt(start.size), Hash.parseHex(start.root)))
    }
    this.required.push(...this.signed.map(({ head }) => head))
    for (const { size } of this.required) {
      await this.requireNotShorter(size)
    }
  }

  /** Requires that it is no shorter than a tree that its key has signed. */
  async requireNotShorter(before: bigint): Promise<void> {
    const { size } = this.head
    if (size >= before) {
      return
    }
    if (await this.reader.isCopy()) {
      throw new UnreachableError(
        `${this.reader.name} is a copy of ${size} entries, and a newer checkpoint of ${before} entries is known: bring the copy up to date, or ask the log's host`,
      )
    }
    const expected = `at least ${before} entries, as its key signed before`
    throw new DivergenceError(divergence('ROLLBACK', Number(size), expected, `${size} entries`))
  }

  /**
   * The newest checkpoint that the source has now.
   *
   * @param audited entries that were audited so far, which findings name
   */
  async newest(audited: number): Promise<SignedCheckpoint> {
    return this.verified(Note.parse(await this.reader.checkpoint()), audited)
  }

  /** The signed tree as the source publishes it. */
  tiles(): HashReader {
    return new TileHashReader(this.head.size, (tile) => this.reader.tile(tile))
  }

  private verified(note: Note, audited: number): SignedCheckpoint {
    const { origin, host } = this.genesis
    try {
      return SignedCheckpoint.verify(note, origin, host)
    } catch (error) {
      if (error instanceof UnverifiedError) {
        const expected = `a checkpoint by ${host.format()}`
        throw new DivergenceError(divergence('CHECKPOINT', audited, expected, error.message))
      }
      throw error
    }
  }
}
