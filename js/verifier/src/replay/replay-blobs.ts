import { MissingBlobError } from 'glasshouse-formats'
import { SandboxError } from '../errors.js'

// Bytes kept of what the replay derived itself; an older blob is asked of the source again.
const CAPACITY = 64 * 2 ** 20
// Bytes that one entry may need from outside at once.
const MAX_NEEDED = 512 * 2 ** 20

/** Asks whoever reads the log for a blob, which has been hashed; undefined if it is not to be had. */
export type AskBlob = (sha256: string) => Promise<Uint8Array | undefined>

/**
 * Blobs during a replay: those that it derived itself, up to a bound, and those that the entry at
 * hand needs from outside. A replay cannot wait in the middle of a call: what it lacks there it is
 * given before the entry is run again.
 */
export class ReplayBlobs {
  private readonly derived = new Map<string, Uint8Array>()
  private readonly needed = new Map<string, Uint8Array>()
  private derivedBytes = 0
  private neededBytes = 0

  constructor(private readonly ask: AskBlob) {}

  get(sha256: string): Uint8Array | undefined {
    const needed = this.needed.get(sha256)
    if (needed !== undefined) {
      return needed
    }
    const derived = this.derived.get(sha256)
    if (derived !== undefined) {
      this.derived.delete(sha256)
      this.derived.set(sha256, derived)
    }
    return derived
  }

  /** Sees to it that the entry at hand finds a blob. */
  async require(sha256: string): Promise<Uint8Array> {
    const known = this.get(sha256)
    if (known !== undefined) {
      return known
    }
    const bytes = await this.ask(sha256)
    if (bytes === undefined) {
      throw new MissingBlobError(sha256)
    }
    this.give(sha256, bytes)
    return bytes
  }

  /** A blob that the entry at hand needs. */
  give(sha256: string, bytes: Uint8Array): void {
    this.needed.set(sha256, bytes)
    this.neededBytes += bytes.length
    if (this.neededBytes > MAX_NEEDED) {
      throw new SandboxError(`an entry needs more than ${MAX_NEEDED} bytes of blobs at once`)
    }
  }

  /** Runs what reads blobs, as often as it takes until none is missing. */
  async with<T>(read: () => T): Promise<T> {
    for (;;) {
      try {
        return read()
      } catch (error) {
        if (!(error instanceof MissingBlobError) || this.needed.has(error.sha256)) {
          throw error
        }
        await this.require(error.sha256)
      }
    }
  }

  /** The entry at hand is done: what it derived is kept, what it needed is let go of. */
  entryEnded(derived: ReadonlyMap<string, Uint8Array>): void {
    if (this.needed.size > 0) {
      this.needed.clear()
      this.neededBytes = 0
    }
    for (const [sha256, bytes] of derived) {
      if (!this.derived.has(sha256)) {
        this.derivedBytes += bytes.length
        this.derived.set(sha256, bytes)
      }
    }
    for (const [oldest, bytes] of this.derived) {
      if (this.derivedBytes <= CAPACITY) {
        break
      }
      this.derived.delete(oldest)
      this.derivedBytes -= bytes.length
    }
  }
}
