import type { Stats } from 'node:fs'
import { lstat, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EntryBundle, Hash, MAX_NOTE_BYTES, MalformedError, Tile } from 'glasshouse-formats'
import { UnreachableError } from './errors.js'
import { FULL, MAX_BLOB, MAX_BUNDLE, MAX_LISTING, PAGE_BYTES, imagesIn } from './listings.js'
import type { LogReader } from './log-reader.js'
import { MAX_ROOT_FILE, StaticFiles } from './static-files.js'

/** Opens what is in a directory; undefined if none is there. */
export async function openDirectory(dir: string): Promise<LogReader | undefined> {
  if (!(await found(stat(dir)))?.isDirectory()) {
    return undefined
  }
  const isPublication =
    (await found(stat(join(dir, 'checkpoint'))))?.isFile() && (await found(stat(join(dir, 'tile'))))?.isDirectory()
  if (isPublication) {
    return new DirectoryLogReader(dir)
  }
  if ((await found(stat(join(dir, 'log'))))?.isDirectory()) {
    const others = 'glass verify does, and so does glass export, for a directory that can be audited here'
    throw new UnreachableError(
      `${dir} is the directory of a host, whose database this verifier does not read: ${others}`,
    )
  }
  throw new UnreachableError(`${dir} is a directory, but holds no log`)
}

/** A log as it lies in a directory: an export, or a mirror, which may grow while it is read. */
export class DirectoryLogReader implements LogReader {
  private readonly files: StaticFiles

  constructor(private readonly dir: string) {
    this.files = new StaticFiles(this, {
      root: () => this.read('files.root', MAX_ROOT_FILE),
      bytes: (path) => this.plainFile(path),
      names: (path) => this.plainNames(path),
    })
  }

  get name(): string {
    return this.dir
  }

  checkpoint(): Promise<Uint8Array> {
    return this.require('checkpoint', MAX_NOTE_BYTES)
  }

  cosigned(): Promise<Uint8Array | undefined> {
    return this.read('cosigned', MAX_NOTE_BYTES)
  }

  async entries(from: number, size: number): Promise<Uint8Array[]> {
    const bundle = EntryBundle.holding(BigInt(from), BigInt(size))
    const bytes = await this.read(bundle.path(), MAX_BUNDLE)
    if (bytes === undefined && bundle.width < FULL) {
      // Partial bundles go when the full one is there.
      const full = new EntryBundle(bundle.index, FULL)
      return full.decode(await this.require(full.path(), MAX_BUNDLE)).slice(from % FULL, bundle.width)
    }
    return bundle.decode(this.found(bundle.path(), bytes)).slice(from % FULL)
  }

  async tile(tile: Tile): Promise<readonly Hash[]> {
    const bytes = await this.read(tile.path(), FULL * Hash.BYTES)
    if (bytes === undefined && tile.width < FULL) {
      const full = new Tile(tile.level, tile.index, FULL)
      return full.decode(await this.require(full.path(), FULL * Hash.BYTES)).slice(0, tile.width)
    }
    return tile.decode(this.found(tile.path(), bytes))
  }

  blob(sha256: string): Promise<Uint8Array | undefined> {
    return this.read(`blob/${sha256}`, MAX_BLOB)
  }

  directory(path: string, root: Hash | undefined): Promise<string[]> {
    return this.files.directory(path, root)
  }

  file(path: string, root: Hash | undefined): Promise<Uint8Array> {
    return this.files.file(path, root)
  }

  async images(): Promise<number[]> {
    return imagesIn(await this.require('images', MAX_LISTING))
  }

  page(sha256: string): Promise<Uint8Array | undefined> {
    return this.read(`page/${sha256}`, PAGE_BYTES)
  }

  async isCopy(): Promise<boolean> {
    return true
  }

  private async plainFile(path: string): Promise<Uint8Array | undefined> {
    const place = this.place(path)
    // A link would show what lies elsewhere.
    return (await found(lstat(place)))?.isFile() ? this.readAt(path, place, MAX_BLOB) : undefined
  }

  private async plainNames(path: string): Promise<string[]> {
    try {
      const listed = await readdir(this.place(path), { withFileTypes: true })
      return listed.map((each) => `${each.name}${each.isDirectory() ? '/' : ''}`)
    } catch (error) {
      if (isMissing(error)) {
        throw new UnreachableError(`${this.dir} has no directory ${path}`, { cause: error })
      }
      throw this.unreadable(path, error)
    }
  }

  // Of a path that is a key of the archive: there is no empty segment.
  private place(path: string): string {
    const segments = path.split('/').filter((segment) => segment !== '')
    // Where a backslash parts directories, or a colon a drive, a segment could lead anywhere.
    const leadsAway = (each: string): boolean =>
      each === '.' || each === '..' || each.includes('\0') || (WINDOWS && /[\\:]/.test(each))
    if (segments.some(leadsAway)) {
      throw new UnreachableError(`this system cannot name a file ${path} in ${this.dir}`)
    }
    return join(this.dir, 'files', ...segments)
  }

  private async require(path: string, maxBytes: number): Promise<Uint8Array> {
    return this.found(path, await this.read(path, maxBytes))
  }

  private found(path: string, bytes: Uint8Array | undefined): Uint8Array {
    if (bytes === undefined) {
      throw new UnreachableError(`${this.dir} does not have ${path}`)
    }
    return bytes
  }

  private read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    return this.readAt(path, join(this.dir, path), maxBytes)
  }

  // Undefined if it is not there.
  private async readAt(path: string, place: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      const file = await open(place)
      try {
        const { size } = await file.stat()
        const bytes = size > maxBytes ? undefined : new Uint8Array(await file.readFile())
        if (bytes === undefined || bytes.length > maxBytes) {
          throw new MalformedError(`${place} has more than ${maxBytes} bytes`)
        }
        return bytes
      } finally {
        await file.close()
      }
    } catch (error) {
      if (isMissing(error)) {
        return undefined
      }
      throw error instanceof MalformedError ? error : this.unreadable(path, error)
    }
  }

  private unreadable(path: string, error: unknown): UnreachableError {
    return new UnreachableError(`cannot read ${path} in ${this.dir}: ${(error as Error).message}`, { cause: error })
  }
}

const WINDOWS = process.platform === 'win32'

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

async function found(looked: Promise<Stats>): Promise<Stats | undefined> {
  return looked.catch(() => undefined)
}
