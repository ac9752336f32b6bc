import {
  EntryBundle,
  Hash,
  MalformedError,
  MissingBlobError,
  type Tile,
  TileHashReader,
} from 'glasshouse-formats'
import type { HostAddress } from './address.js'
import { UnverifiableError } from './errors.js'

const ANSWER_MILLIS = 60_000
const MAX_BUNDLE = 256 * (2 + 65_535)
// The longest text of an entry; its lists are shorter.
const MAX_BLOB = 64 * 2 ** 20

/**
 * What a host publishes over HTTP (formats.md, section 13), as far as a client asks for it. Nothing
 * of it is believed: blobs are hashed, tiles count where they lead to a root that was signed.
 */
export class Published {
  constructor(
    private readonly address: HostAddress,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  /** A signed tree as it is published. */
  tree(size: bigint): TileHashReader {
    return new TileHashReader(size, async (tile: Tile) =>
      tile.decode(await this.get(`/${tile.path()}`, tile.width * Hash.BYTES)),
    )
  }

  /** The bytes of an entry of a log whose tree of `size` entries was signed. */
  async entry(index: bigint, size: bigint): Promise<Uint8Array> {
    const bundle = EntryBundle.holding(index, size)
    const entries = bundle.decode(await this.get(`/${bundle.path()}`, MAX_BUNDLE))
    return entries[Number(index % 256n)] as Uint8Array
  }

  /** The blob of a SHA-256 in hex. */
  async blob(sha256: string): Promise<Uint8Array> {
    const bytes = await this.get(`/blob/${sha256}`, MAX_BLOB)
    if (Hash.of(bytes).hex() !== sha256) {
      throw new MalformedError(`the host gives other bytes for blob ${sha256}`)
    }
    return bytes
  }

  private async get(path: string, maxBytes: number): Promise<Uint8Array> {
    const url = this.address.http(path)
    const fetch = this.fetch
    let response: Response
    try {
      response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MILLIS) })
      if (!response.ok) {
        throw new Error(`status ${response.status}`)
      }
      return await readBody(response, maxBytes)
    } catch (error) {
      throw new UnverifiableError(`the host does not give ${url}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    parts.push(part.value)
    length += part.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw new Error(`more than ${maxBytes} bytes`)
    }
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
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
