import { type Answer, Download, HostAddress } from 'glasshouse-client/host'
import { EntryBundle, Hash, MAX_NOTE_BYTES, Tile, encodeUtf8 } from 'glasshouse-formats'
import { UnreachableError } from './errors.js'
import { FULL, MAX_BLOB, MAX_BUNDLE, MAX_LISTING, PAGE_BYTES, imagesIn, namesIn } from './listings.js'
import type { LogReader } from './log-reader.js'
import { MAX_ROOT_FILE, StaticFiles } from './static-files.js'

/**
 * A log as it is published over HTTP: by a host, or by any web server that serves the files of an
 * exported publication.
 */
export class HttpLogReader implements LogReader {
  readonly name: string
  private readonly address: HostAddress
  private readonly mayBeStatic: boolean
  private readonly download: Download
  // Looked up when files are first asked for.
  private statics: Promise<StaticFiles | undefined> | undefined

  /**
   * @param host `HOST[:PORT]`, `HOST:PORT/NAME`, or a URL: what is named as a host is one, at a URL
   *     there may be files alone
   */
  constructor(host: string, fetch: typeof globalThis.fetch, signal: AbortSignal | undefined) {
    this.address = HostAddress.parse(host)
    this.name = this.address.toString()
    this.mayBeStatic = /^https?:/i.test(host)
    this.download = new Download(fetch, signal)
  }

  async checkpoint(): Promise<Uint8Array> {
    const path = '/checkpoint'
    const answer = await this.ask(path)
    if (answer.status === 200) {
      return answer.body(MAX_NOTE_BYTES)
    }
    // A host of several modules says where they are.
    const said = await answer.said()
    throw new UnreachableError(`${this.name} does not have ${path}${said === '' ? '' : `: ${said}`}`)
  }

  cosigned(): Promise<Uint8Array | undefined> {
    return this.get('/cosigned', MAX_NOTE_BYTES)
  }

  async entries(from: number, size: number): Promise<Uint8Array[]> {
    const bundle = EntryBundle.holding(BigInt(from), BigInt(size))
    let bytes = await this.get(`/${bundle.path()}`, MAX_BUNDLE)
    let whole = bundle
    if (bytes === undefined && bundle.width < FULL) {
      // A partial bundle may be dropped once the full one is there (C2SP tlog-tiles).
      whole = new EntryBundle(bundle.index, FULL)
      bytes = await this.require(`/${whole.path()}`, MAX_BUNDLE)
    }
    return whole.decode(this.found(`/${bundle.path()}`, bytes)).slice(from % FULL, bundle.width)
  }

  async tile(tile: Tile): Promise<readonly Hash[]> {
    const bytes = await this.get(`/${tile.path()}`, FULL * Hash.BYTES)
    if (bytes === undefined && tile.width < FULL) {
      const full = new Tile(tile.level, tile.index, FULL)
      return full.decode(await this.require(`/${full.path()}`, FULL * Hash.BYTES)).slice(0, tile.width)
    }
    return tile.decode(this.found(`/${tile.path()}`, bytes))
  }

  blob(sha256: string): Promise<Uint8Array | undefined> {
    return this.get(`/blob/${sha256}`, MAX_BLOB)
  }

  async directory(path: string, root: Hash | undefined): Promise<string[]> {
    const statics = await this.staticFiles()
    if (statics !== undefined) {
      return statics.directory(path, root)
    }
    const answer = await this.ask(filesPath(path, root), 'application/json')
    if (answer.status !== 200) {
      answer.close()
      throw new UnreachableError(`${this.name} has no directory ${path}`)
    }
    return namesIn(await answer.body(MAX_LISTING))
  }

  async file(path: string, root: Hash | undefined): Promise<Uint8Array> {
    const statics = await this.staticFiles()
    return statics !== undefined
      ? statics.file(path, root)
      : this.require(filesPath(path, root), MAX_BLOB)
  }

  async images(): Promise<number[]> {
    return imagesIn(await this.require('/images', MAX_LISTING))
  }

  page(sha256: string): Promise<Uint8Array | undefined> {
    return this.get(`/page/${sha256}`, PAGE_BYTES)
  }

  async isCopy(): Promise<boolean> {
    return this.mayBeStatic && (await this.staticFiles()) !== undefined
  }

  // A host answers with listings; an exported publication says which archive lies in files/, or has
  // neither and is read by hash.
  private staticFiles(): Promise<StaticFiles | undefined> {
    this.statics ??= this.findStatics().catch((error) => {
      this.statics = undefined
      throw error
    })
    return this.statics
  }

  private async findStatics(): Promise<StaticFiles | undefined> {
    if (!this.mayBeStatic || (await this.isHost())) {
      return undefined
    }
    return new StaticFiles(this, {
      root: () => this.get('/files.root', MAX_ROOT_FILE),
      bytes: (path) => this.get(filesPath(path, undefined), MAX_BLOB),
      names: async () => undefined,
    })
  }

  private async isHost(): Promise<boolean> {
    if ((await this.get('/files.root', MAX_ROOT_FILE)) !== undefined) {
      return false
    }
    const answer = await this.ask('/files/', 'application/json')
    answer.close()
    return answer.status === 200 && answer.type.startsWith('application/json')
  }

  private async require(path: string, maxBytes: number): Promise<Uint8Array> {
    return this.found(path, await this.get(path, maxBytes))
  }

  private found(path: string, bytes: Uint8Array | undefined): Uint8Array {
    if (bytes === undefined) {
      throw new UnreachableError(`${this.name} does not have ${path}`)
    }
    return bytes
  }

  // Undefined for a clean "not found".
  private async get(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const answer = await this.ask(path)
    if (answer.status === 200) {
      return answer.body(maxBytes)
    }
    answer.close()
    return undefined
  }

  private async ask(path: string, accept?: string): Promise<Answer> {
    const answer = await this.download.get(this.address.http(path), accept)
    if (answer.status !== 200 && answer.status !== 404) {
      answer.close()
      throw new UnreachableError(`${this.name}${path} answers with status ${answer.status}`)
    }
    return answer
  }
}

function filesPath(path: string, root: Hash | undefined): string {
  const encoded = Array.from(encodeUtf8(path), (byte) => {
    const char = String.fromCharCode(byte)
    return /[A-Za-z0-9._~/-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
  return `/files${encoded}${root === undefined ? '' : `?root=${root}`}`
}

