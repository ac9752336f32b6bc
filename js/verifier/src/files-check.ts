import { Hash } from 'glasshouse-formats'
import type { ArchiveEntry } from './archive/archive-files.js'
import { type LoadNode, walkArchive } from './archive/archive-walk.js'
import { type Key, keyText } from './archive/archive-path.js'
import { divergence } from './divergence.js'
import { DivergenceError } from './errors.js'
import type { LogReader } from './log-reader.js'
import type { Tally } from './tally.js'

/**
 * Compares what is published as files with what the log comes to: every listing, every byte. Files
 * that were compared before and are the same in the log are not fetched again.
 */
export class FilesCheck {
  /**
   * @param load gives the nodes of the log's archive
   * @param index what findings name: the size of the log
   * @param compared files by path that were found to have this SHA-256; added to
   * @param pinned the root to ask the source for; undefined for what it publishes now
   */
  constructor(
    private readonly reader: LogReader,
    private readonly root: Hash,
    private readonly load: LoadNode,
    private readonly tally: Tally,
    private readonly index: number,
    private readonly compared: Map<string, Hash>,
    private readonly pinned: Hash | undefined,
    private readonly progress: () => void,
  ) {}

  async run(): Promise<void> {
    // Files that are compared again count once.
    this.tally.files = 0
    this.tally.fileBytes = 0
    await this.directory('', '/')
  }

  private async directory(key: Key, path: string): Promise<void> {
    const entries: ArchiveEntry[] = []
    for await (const entry of walkArchive(this.root, key, false, this.load)) {
      entries.push(entry)
    }
    const names = entries.map((entry) => keyText(entry.key.slice(key.length))).sort()
    const published = [...(await this.reader.directory(path, this.pinned))].sort()
    if (names.length !== published.length || names.some((name, i) => name !== published[i])) {
      throw this.finding(`${path} with [${names.join(', ')}]`, `${path} with [${published.join(', ')}]`)
    }
    for (const { key: below, value } of entries) {
      const name = `/${keyText(below)}`
      if (value === 'directory') {
        await this.directory(below, name)
      } else {
        await this.file(name, value.sha256, value.length)
      }
    }
  }

  private async file(path: string, sha256: Hash, length: number): Promise<void> {
    if (this.compared.get(path)?.equals(sha256)) {
      this.tally.files++
      this.tally.fileBytes += length
      return
    }
    const bytes = await this.reader.file(path, this.pinned)
    this.tally.files++
    this.tally.fileBytes += bytes.length
    const published = Hash.of(bytes)
    if (!published.equals(sha256)) {
      throw this.finding(
        `${path} of ${length} bytes with SHA-256 ${sha256}`,
        `${path} of ${bytes.length} bytes with SHA-256 ${published}`,
      )
    }
    this.compared.set(path, published)
    this.progress()
  }

  private finding(expected: string, actual: string): DivergenceError {
    return new DivergenceError(divergence('PUBLISHED_FILES', this.index, expected, actual))
  }
}
