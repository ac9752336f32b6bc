import {
  type ArchiveFile,
  type ArchiveValue,
  type BlobReader,
  Hash,
  MalformedError,
  encodeUtf8,
  requireBlob,
} from 'glasshouse-formats'
import { type ArchiveEntry, ArchiveFiles, sameValue } from './archive-files.js'
import { ArchivePath, FileError, type Key, keyText } from './archive-path.js'
import { CopyPlan, FILE_WITH_SLASH, TOO_MANY_CHANGES } from './copy-plan.js'

/** Keys of the archive that one entry may set or remove. */
const MAX_CHANGES = 100_000

const NO_WRITES = Hash.of()

/** What one entry did to the archive. */
export interface ArchiveChange {
  readonly root: Hash
  readonly writes: Hash
  /** New nodes and new contents, by their SHA-256 in hex. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/** A state to go back to; valid until the next commit or a rollback to an earlier one. */
export interface Mark {
  readonly files: ArchiveFiles
  readonly touched: number
  readonly contents: number
  readonly written: number
}

/**
 * The files as a backend works on them while one entry is executed (formats.md, sections 7 and 9).
 * Each operation throws {@link FileError} for what the backend did wrong, and then changed nothing.
 */
export class Archive {
  private base: ArchiveFiles
  private files: ArchiveFiles
  // Every key set or removed since the last commit, in order, with repeats.
  private readonly touched: Key[] = []
  // What was written since, each content once.
  private readonly contents = new Map<string, Uint8Array>()
  private written = 0

  /** @param limits bytes of one file, and of all that one entry writes */
  constructor(
    root: Hash,
    private readonly blobs: BlobReader,
    private readonly limits: { readonly file: number; readonly written: number },
  ) {
    this.base = ArchiveFiles.open(root, blobs)
    this.files = this.base
  }

  begin(): Mark {
    const { files, touched, contents, written } = this
    return { files, touched: touched.length, contents: contents.size, written }
  }

  rollback(mark: Mark): void {
    this.files = mark.files
    this.touched.length = mark.touched
    for (const sha256 of [...this.contents.keys()].slice(mark.contents)) {
      this.contents.delete(sha256)
    }
    this.written = mark.written
  }

  readFile(path: string): Uint8Array {
    const value = this.valueAt(ArchivePath.parse(path))
    if (value === 'directory') {
      throw new FileError('NotAFileError', 'Target must be a file')
    }
    const content = this.contents.get(value.sha256.hex()) ?? requireBlob(this.blobs, value.sha256)
    if (content.length !== value.length) {
      throw new MalformedError(`content ${value.sha256} is not as long as its file says`)
    }
    return content
  }

  stat(path: string): ArchiveFile | undefined {
    const value = this.valueAt(ArchivePath.parse(path))
    return value === 'directory' ? undefined : value
  }

  /** Names in the order of their bytes; if recursive, paths of everything at any depth. */
  readdir(path: string, recursive: boolean): string[] {
    const directory = ArchivePath.parse(path)
    if (this.valueAt(directory) !== 'directory') {
      throw new FileError('NotAFolderError', 'Target must be a folder')
    }
    const key = directory.directoryKey
    const found = recursive ? this.files.below(key) : this.files.list(key)
    // Key order is not name order: the slash of a directory "a" sorts it after a file "a-b".
    return [...found]
      .map((entry) => entry.key.slice(key.length).replace(/\/$/, ''))
      .sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
      .map(keyText)
  }

  /** Writes a file; the bytes must not change afterwards. */
  writeFile(path: string, content: Uint8Array): void {
    const file = ArchivePath.parse(path)
    if (file.hasTrailingSlash) {
      throw FileError.invalidPath(FILE_WITH_SLASH)
    }
    if (this.isDirectory(file)) {
      throw FileError.alreadyExists('Cannot overwrite non-files')
    }
    if (content.length > this.limits.file) {
      throw FileError.quotaExceeded(`File is larger than ${this.limits.file} bytes`)
    }
    if (content.length > this.limits.written - this.written) {
      throw FileError.quotaExceeded('Too many bytes written in one entry')
    }
    const parents = this.missingParents(file)
    this.requireRoom(parents.length + 1)
    this.written += content.length
    const sha256 = Hash.of(content)
    if (!this.contents.has(sha256.hex())) {
      this.contents.set(sha256.hex(), content)
    }
    this.putDirectories(parents)
    this.put(file.fileKey, { sha256, length: content.length })
  }

  mkdir(path: string): void {
    const directory = ArchivePath.parse(path)
    this.requireFree(directory)
    const parents = this.missingParents(directory)
    this.requireRoom(parents.length + 1)
    this.putDirectories(parents)
    this.put(directory.directoryKey, 'directory')
  }

  unlink(path: string): void {
    const file = ArchivePath.parse(path)
    if (this.valueAt(file) === 'directory') {
      throw new FileError('NotAFileError', 'Cannot unlink non-files')
    }
    this.requireRoom(1)
    this.remove(file.fileKey)
  }

  rmdir(path: string, recursive: boolean): void {
    const directory = ArchivePath.parse(path)
    if (this.valueAt(directory) !== 'directory') {
      throw new FileError('NotAFolderError', 'Cannot rmdir non-folders')
    }
    if (directory.isRoot) {
      throw FileError.invalidPath('The root folder can not be removed')
    }
    const keys = [directory.directoryKey]
    for (const { key } of this.files.below(directory.directoryKey)) {
      if (!recursive) {
        throw new FileError('DestDirectoryNotEmpty', 'Destination path is not empty ; Aborting')
      }
      keys.push(key)
      this.requireRoom(keys.length)
    }
    this.requireRoom(keys.length)
    this.removeBackwards(keys)
  }

  /** Moves a file, or a directory with all that is in it, to where nothing is. */
  rename(from: string, to: string): void {
    const source = ArchivePath.parse(from)
    const target = ArchivePath.parse(to)
    this.requireFree(target)
    this.removeBackwards(this.copyAll(source, target, true).map((entry) => entry.key))
  }

  copy(from: string, to: string): void {
    this.copyAll(ArchivePath.parse(from), ArchivePath.parse(to), false)
  }

  // With room kept for removing the source if it moves; gives what was copied.
  private copyAll(source: ArchivePath, target: ArchivePath, moves: boolean): readonly ArchiveEntry[] {
    if (target.isWithin(source)) {
      throw FileError.invalidPath('Cannot move or copy a folder to a destination within itself')
    }
    const plan = CopyPlan.of(this.files, source, target, MAX_CHANGES - this.touched.length)
    const parents = this.missingParents(target)
    this.requireRoom(parents.length + plan.target.length + (moves ? plan.source.length : 0))
    this.putDirectories(parents)
    for (const { key, value } of plan.target) {
      this.put(key, value)
    }
    return plan.source
  }

  /** Ends the entry: gives what it did and goes on from there. */
  commit(): ArchiveChange {
    if (this.touched.length === 0) {
      this.written = 0
      this.contents.clear()
      return { root: this.files.rootHash, writes: NO_WRITES, blobs: this.contents }
    }
    const lines: Uint8Array[] = []
    const blobs = this.files.newNodes()
    for (const key of [...new Set(this.touched)].sort((one, other) => (one < other ? -1 : 1))) {
      const value = this.files.get(key)
      if (!sameValue(value, this.base.get(key))) {
        lines.push(encodeUtf8(`${valueText(value)} ${keyText(key)}\n`))
        const content = typeof value === 'object' && this.contents.get(value.sha256.hex())
        if (content) {
          blobs.set((value as ArchiveFile).sha256.hex(), content)
        }
      }
    }
    const settled = this.files.settled()
    this.touched.length = 0
    this.contents.clear()
    this.written = 0
    this.base = settled
    this.files = settled
    return { root: settled.rootHash, writes: Hash.of(...lines), blobs }
  }

  private isDirectory(path: ArchivePath): boolean {
    return this.files.get(path.directoryKey) !== undefined
  }

  private isFile(path: ArchivePath): boolean {
    return !path.isRoot && this.files.get(path.fileKey) !== undefined
  }

  private valueAt(path: ArchivePath): ArchiveValue {
    const file = path.isRoot ? undefined : this.files.get(path.fileKey)
    const value = file ?? this.files.get(path.directoryKey)
    if (value === undefined) {
      throw FileError.notFound()
    }
    return value
  }

  private requireFree(path: ArchivePath): void {
    if (this.isDirectory(path) || this.isFile(path)) {
      throw FileError.alreadyExists('Cannot overwrite files or folders')
    }
  }

  private requireRoom(changes: number): void {
    if (changes > MAX_CHANGES - this.touched.length) {
      throw FileError.quotaExceeded(TOO_MANY_CHANGES)
    }
  }

  // The directories above a path that are to be created, the outermost last.
  private missingParents(path: ArchivePath): Key[] {
    const missing: Key[] = []
    for (let at = path.parent(); !this.isDirectory(at); at = at.parent()) {
      if (this.isFile(at)) {
        throw new FileError(
          'ParentFolderDoesntExistError',
          'Cannot write to this location ; No parent folder exists',
        )
      }
      missing.push(at.directoryKey)
    }
    return missing
  }

  private putDirectories(innermostFirst: readonly Key[]): void {
    for (const key of [...innermostFirst].reverse()) {
      this.put(key, 'directory')
    }
  }

  // Of keys in key order, what is in a directory before the directory.
  private removeBackwards(keys: readonly Key[]): void {
    for (const key of [...keys].reverse()) {
      this.remove(key)
    }
  }

  private put(key: Key, value: ArchiveValue): void {
    this.files = this.files.put(key, value)
    this.touched.push(key)
  }

  private remove(key: Key): void {
    this.files = this.files.remove(key)
    this.touched.push(key)
  }
}

function valueText(value: ArchiveValue | undefined): string {
  if (value === undefined) {
    return '-'
  }
  return value === 'directory' ? '+' : `+ ${value.sha256} ${value.length}`
}
