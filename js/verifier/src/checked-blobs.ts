import { Hash, MissingBlobError } from 'glasshouse-formats'
import { WrongBlobError } from './errors.js'

const CAPACITY = 32 * 2 ** 20

/** Where blobs come from that nobody has hashed yet. */
export interface BlobSource {
  blob(sha256: string): Promise<Uint8Array | undefined>
}

/**
 * Blobs of a source that nobody trusts: each is hashed before it is used. Those asked for last are
 * kept, so that what reads them in one go finds them.
 */
export class CheckedBlobs {
  private readonly kept = new Map<string, Uint8Array>()
  private bytes = 0
  private readers = 0

  /** @param counted hears of each that was fetched */
  constructor(
    private readonly source: BlobSource,
    private readonly counted: () => void = () => undefined,
  ) {}

  /** One that is kept. */
  get(sha256: string): Uint8Array | undefined {
    const found = this.kept.get(sha256)
    if (found !== undefined) {
      this.kept.delete(sha256)
      this.kept.set(sha256, found)
    }
    return found
  }

  /** One that is kept or to be had; undefined if the source does not have it. */
  async fetched(sha256: string): Promise<Uint8Array | undefined> {
    const known = this.get(sha256)
    if (known !== undefined) {
      return known
    }
    const bytes = await this.source.blob(sha256)
    if (bytes === undefined) {
      return undefined
    }
    if (Hash.of(bytes).hex() !== sha256) {
      throw new WrongBlobError(
        `the source gave ${bytes.length} bytes as blob ${sha256} that have another hash`,
      )
    }
    if (!this.kept.has(sha256)) {
      this.counted()
      this.kept.set(sha256, bytes)
      this.bytes += bytes.length
      this.evict()
    }
    return bytes
  }

  /** The bytes of a blob, or MissingBlobError. */
  async required(sha256: Hash): Promise<Uint8Array> {
    const bytes = await this.fetched(sha256.hex())
    if (bytes === undefined) {
      throw new MissingBlobError(sha256.hex())
    }
    return bytes
  }

  /** Runs what reads blobs from here, and fetches each that it misses before it runs it again. */
  async with<T>(read: () => T): Promise<T> {
    this.readers++
    try {
      for (;;) {
        try {
          return read()
        } catch (error) {
          if (!(error instanceof MissingBlobError) || (await this.fetched(error.sha256)) === undefined) {
            throw error
          }
        }
      }
    } finally {
      this.readers--
      this.evict()
    }
  }

  // Not while somebody reads: two that do not fit together would be asked for in turns.
  private evict(): void {
    for (const [oldest, { length }] of this.kept) {
      if (this.readers > 0 || this.bytes <= CAPACITY) {
        return
      }
      this.kept.delete(oldest)
      this.bytes -= length
    }
  }
}
