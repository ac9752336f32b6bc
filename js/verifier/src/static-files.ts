import {
  type ArchiveFile,
  Checkpoint,
  Hash,
  MissingBlobError,
  Note,
  encodeUtf8,
  equalBytes,
  parseArchiveKey,
  parseEntry,
} from 'glasshouse-formats'
import { ArchiveFiles } from './archive/archive-files.js'
import { walkArchive } from './archive/archive-walk.js'
import { type Key, bytesKey, keyText } from './archive/archive-path.js'
import { CheckedBlobs } from './checked-blobs.js'
import { UnreachableError } from './errors.js'
import type { LogReader } from './log-reader.js'

/** Bytes of the file that says which archive lies in `files/`: two lines of a root in hex. */
export const MAX_ROOT_FILE = 130

const PATIENCE_MILLIS = 10_000
const PAUSE_MILLIS = 20

/** The plain files of a publication that is files, wherever they are. */
export interface PlainFiles {
  /** The bytes of `files.root`. */
  root(): Promise<Uint8Array | undefined>
  bytes(path: string): Promise<Uint8Array | undefined>
  /** The names in a directory, a directory's with a slash at its end; undefined if it has no list. */
  names(path: string): Promise<string[] | undefined>
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [[...some].sort(), [...others].sort()]
  return one.length === other.length && one.every((name, i) => name === other[i])
}

/**
 * The archive of a publication that is files and has no listings of its own. As it was at a root it
 * is read from the blobs; as it is now, from what lies below `files/`, which somebody may be bringing
 * up to date meanwhile: what does not fit the newest checkpoint is then read again for a while.
 */
export class StaticFiles {
  private readonly blobs: CheckedBlobs
  private note = new Uint8Array()
  private newest: Promise<ArchiveFiles> | undefined

  constructor(
    private readonly reader: LogReader,
    private readonly plain: PlainFiles,
  ) {
    this.blobs = new CheckedBlobs(reader)
  }

  async directory(path: string, root: Hash | undefined): Promise<string[]> {
    const key = path === '/' ? '' : this.keyOf(path)
    if (root !== undefined || (await this.plain.root()) === undefined) {
      return this.names(root === undefined ? await this.newestArchive() : await this.open(root), key)
    }
    return this.settled(
      async () => (await this.plain.names(path)) ?? this.names(await this.newestArchive(), key),
      async (published, archive) => sameNames(published, await this.names(archive, key)),
    )
  }

  async file(path: string, root: Hash | undefined): Promise<Uint8Array> {
    const key = this.keyOf(path)
    if (root !== undefined || (await this.plain.root()) === undefined) {
      return this.content(root === undefined ? await this.newestArchive() : await this.open(root), key)
    }
    const bytes = await this.settled(
      () => this.plain.bytes(path),
      async (published, archive) => {
        const file = await this.blobs.with(() => archive.get(key))
        return typeof file === 'object' && published !== undefined && Hash.of(published).equals(file.sha256)
      },
    )
    if (bytes === undefined) {
      throw new UnreachableError(`${this.reader.name} has no file ${path}`)
    }
    return bytes
  }

  private async names(archive: ArchiveFiles, key: Key): Promise<string[]> {
    if ((await this.blobs.with(() => archive.get(key))) !== 'directory') {
      throw new UnreachableError(`${this.reader.name} has no directory /${keyText(key)}`)
    }
    const names: string[] = []
    for await (const entry of walkArchive(archive.rootHash, key, false, (hash) => this.blobs.required(hash))) {
      names.push(keyText(entry.key.slice(key.length)))
    }
    return names
  }

  private async settled<T>(
    read: () => Promise<T>,
    fits: (published: T, archive: ArchiveFiles) => Promise<boolean>,
  ): Promise<T> {
    const started = performance.now()
    for (;;) {
      const published = await read()
      const isSettled = await this.isSettled()
      if (isSettled || performance.now() - started > PATIENCE_MILLIS) {
        // Whoever reads decides what it means that this does not fit.
        return (await fits(published, await this.newestArchive())) ? published : read()
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS))
    }
  }

  // Whether the files are said to be those of the newest checkpoint. What is no root in its form is
  // nothing to wait for.
  private async isSettled(): Promise<boolean> {
    const root = await this.plain.root()
    if (root === undefined || (root.length !== MAX_ROOT_FILE / 2 && root.length !== MAX_ROOT_FILE)) {
      return true
    }
    return equalBytes(root, encodeUtf8(`${(await this.newestArchive()).rootHash}\n`))
  }

  private async newestArchive(): Promise<ArchiveFiles> {
    const served = await this.reader.checkpoint()
    if (this.newest === undefined || !equalBytes(served, this.note)) {
      this.note = new Uint8Array(served)
      this.newest = this.openNewest(served)
    }
    return this.newest
  }

  private async openNewest(served: Uint8Array): Promise<ArchiveFiles> {
    const size = Number(Checkpoint.parse(Note.parse(served).text).head.size)
    if (size === 0) {
      throw new UnreachableError(`${this.reader.name} has an empty log`)
    }
    const [last] = await this.reader.entries(size - 1, size)
    const entry = await this.blobs.with(() => parseEntry(last as Uint8Array, this.blobs))
    return this.open(entry.root)
  }

  private async open(root: Hash): Promise<ArchiveFiles> {
    try {
      return await this.blobs.with(() => ArchiveFiles.open(root, this.blobs))
    } catch (error) {
      throw error instanceof MissingBlobError
        ? new UnreachableError(`${this.reader.name} has no archive of root ${root}`, { cause: error })
        : error
    }
  }

  private async content(archive: ArchiveFiles, key: Key): Promise<Uint8Array> {
    const file = await this.blobs.with(() => archive.get(key))
    if (typeof file !== 'object') {
      throw new UnreachableError(`${this.reader.name} has no file /${keyText(key)}`)
    }
    const bytes = await this.blobs.fetched((file as ArchiveFile).sha256.hex())
    if (bytes === undefined) {
      throw new UnreachableError(`${this.reader.name} has no content of /${keyText(key)}`)
    }
    return bytes
  }

  private keyOf(path: string): Key {
    try {
      const bytes = encodeUtf8(path.slice(1))
      parseArchiveKey(bytes)
      return bytesKey(bytes)
    } catch (error) {
      throw new UnreachableError(`${this.reader.name} has no ${path}`, { cause: error })
    }
  }
}
