import {
  EntryBundle,
  Hash,
  MAX_NOTE_BYTES,
  MalformedError,
  MissingBlobError,
  Note,
  type Tile,
  TileHashReader,
} from 'glasshouse-formats'
import type { HostAddress } from './address.js'
import { Download, UnreachableError } from './download.js'
import { UnverifiableError } from './errors.js'

const MAX_BUNDLE = 256 * (2 + 65_535)
// The longest text of an entry; its lists are shorter.
const MAX_BLOB = 64 * 2 ** 20

/**
 * What a host publishes over HTTP (formats.md, section 13). Nothing of it is believed: blobs are hashed, tiles count where they lead to a root that was signed.
 */
export class Published {
  private readonly download: Download

  constructor(
    private readonly address: HostAddress,
    fetch: typeof globalThis.fetch,
  ) {
    this.download = new Download(fetch)
  }

  /** The newest checkpoint. */
  async checkpoint(): Promise<Note> {
    return Note.parse(await this.read('/checkpoint', MAX_NOTE_BYTES))
  }

  /** The newest checkpoint that the quorum of the host's own policy has cosigned. */
  async cosigned(): Promise<Note> {
    return Note.parse(await this.read('/cosigned', MAX_NOTE_BYTES))
  }

  /** A signed tree as it is published. */
  tree(size: bigint): TileHashReader {
    return new TileHashReader(size, async (tile: Tile) =>
      tile.decode(await this.read(`/${tile.path()}`, tile.width * Hash.BYTES)),
    )
  }

  /** The bytes of an entry of a log whose tree of `size` entries was signed. */
  async entry(index: bigint, size: bigint): Promise<Uint8Array> {
    const entries = await this.bundle(EntryBundle.holding(index, size))
    return entries[Number(index % 256n)] as Uint8Array
  }

  /** The bytes of the entries of a bundle. */
  async bundle(bundle: EntryBundle): Promise<Uint8Array[]> {
    return bundle.decode(await this.read(`/${bundle.path()}`, MAX_BUNDLE))
  }

  /** The blob of a SHA-256 in hex, of at most so many bytes. */
  async blob(sha256: string, maxBytes = MAX_BLOB): Promise<Uint8Array> {
    const bytes = await this.read(`/blob/${sha256}`, maxBytes)
    if (Hash.of(bytes).hex() !== sha256) {
      throw new MalformedError(`the host gives other bytes for blob ${sha256}`)
    }
    return bytes
  }

  /** What is at a path, which begins with a slash; UnverifiableError if it has more bytes than that. */
  async read(path: string, maxBytes: number): Promise<Uint8Array> {
    const url = this.address.http(path)
    try {
      const answer = await this.download.get(url)
      if (answer.status !== 200) {
        answer.close()
        throw new UnreachableError(`status ${answer.status}`)
      }
      return await answer.body(maxBytes)
    } catch (error) {
      throw new UnverifiableError(`the host does not give ${url}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

/** Blobs that were asked for so far, by their SHA-256 in hex. */
export type Blobs = Map<string, Uint8Array>

/**
 * Runs what reads blobs, and fetches each that it misses before it runs it again.
 *
 * @param blobs what it reads; what is fetched is added
 */
export async function withBlobs<T>(published: Published, blobs: Blobs, read: () => T): Promise<T> {
  for (;;) {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof MissingBlobError) || blobs.has(error.sha256)) {
        throw error
      }
      blobs.set(error.sha256, await published.blob(error.sha256))
    }
  }
}
