import { type ArchiveEntry, type ArchiveFiles } from './archive-files.js'
import { type ArchivePath, FileError, type Key } from './archive-path.js'

export const FILE_WITH_SLASH = 'Files can not have a trailing slash'
export const TOO_MANY_CHANGES = 'Too many file changes in one entry'

/**
 * What copying a file or directory sets, worked out before anything is changed: the source is read
 * as it was, even where the target lies around it, and a refusal leaves nothing half done.
 */
export class CopyPlan {
  /** The keys copied, in key order. */
  readonly source: ArchiveEntry[] = []
  /** The keys to set, in key order; those that are there already are among them. */
  readonly target: ArchiveEntry[] = []

  private constructor(
    private readonly files: ArchiveFiles,
    private readonly limit: number,
  ) {}

  /** Plans at most `limit` keys; refuses more. */
  static of(files: ArchiveFiles, from: ArchivePath, to: ArchivePath, limit: number): CopyPlan {
    const plan = new CopyPlan(files, limit)
    const file = from.isRoot ? undefined : files.get(from.fileKey)
    if (file !== undefined) {
      plan.addFile({ key: from.fileKey, value: file }, to)
      if (to.hasTrailingSlash) {
        throw FileError.invalidPath(FILE_WITH_SLASH)
      }
    } else {
      plan.addDirectory(from.directoryKey, to)
    }
    return plan
  }

  private addDirectory(from: Key, to: ArchivePath): void {
    const value = this.files.get(from)
    if (value === undefined) {
      throw FileError.notFound()
    }
    this.addFolder({ key: from, value }, to)
    for (const entry of this.files.below(from)) {
      const path = to.resolve(entry.key, from.length)
      if (entry.value === 'directory') {
        this.addFolder(entry, path)
      } else {
        this.addFile(entry, path)
      }
    }
  }

  private addFile(from: ArchiveEntry, to: ArchivePath): void {
    if (this.files.get(to.directoryKey) !== undefined) {
      throw FileError.alreadyExists(`Cannot copy a file onto a folder (${to})`)
    }
    this.add(from, to.fileKey)
  }

  private addFolder(from: ArchiveEntry, to: ArchivePath): void {
    if (!to.isRoot && this.files.get(to.fileKey) !== undefined) {
      throw FileError.alreadyExists(`Cannot copy a folder onto a file (${to})`)
    }
    if (!to.isRoot) {
      this.add(from, to.directoryKey)
    }
  }

  private add(from: ArchiveEntry, to: Key): void {
    if (this.target.length === this.limit) {
      throw FileError.quotaExceeded(TOO_MANY_CHANGES)
    }
    this.source.push(from)
    this.target.push({ key: to, value: from.value })
  }
}
