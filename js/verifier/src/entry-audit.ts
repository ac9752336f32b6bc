import {
  type Entry,
  type Hash,
  type ImageEntry,
  type LogStart,
  MalformedError,
  MissingBlobError,
  type ParsedEntry,
  leafHash,
} from 'glasshouse-formats'
import type { AuditedTree } from './audited-tree.js'
import type { CheckedEntry, EntryChecks } from './checked-entry.js'
import { divergence } from './divergence.js'
import { entryStream, readEntries } from './entry-stream.js'
import { DivergenceError, UnreachableError, WrongBlobError } from './errors.js'
import type { History } from './history.js'
import type { LogReader } from './log-reader.js'
import type { WorkerHandle } from './port.js'
import { ReplayClient } from './replay-client.js'
import { type Level, type Segment, includes } from './report.js'
import type { Tally } from './tally.js'

/** What an audit of entries begins with. */
export interface EntryAuditStart {
  readonly reader: LogReader
  readonly start: LogStart
  readonly checks: EntryChecks
  readonly history: History
  readonly tally: Tally
  readonly level: Level
  /** Whether to replay from the newest image only. */
  readonly fromImage: boolean
  readonly startReplay: () => WorkerHandle
  /** Hears of each entry that keeps the rules; what it throws counts after what the replay of the entry finds. */
  readonly passed: (entry: Entry) => void
  readonly progress: (replayed: number, size: number) => void
}

/** Audits the entries of a log in order: the rules, the signatures and the replay. Goes on when the log grows. */
export class EntryAudit {
  /** Which entries are replayed, if not all of them are. */
  segment: Segment | null = null
  private replay: ReplayClient | undefined
  private readonly since: number
  private size = 0

  constructor(private readonly start: EntryAuditStart) {
    this.since = start.history.size
  }

  /** Audits all entries up to the last of a log of this size. */
  async run(size: number): Promise<void> {
    this.size = size
    const { level, history, fromImage } = this.start
    if (!includes(level, 'replay')) {
      await this.keepRules(size)
    } else if (this.replay === undefined && (history.size > 0 || fromImage)) {
      await this.replayFromImage(size)
    } else {
      await this.replayOneByOne(size)
    }
  }

  /** A blob that the replay derived, if there is one. */
  async derived(sha256: string): Promise<Uint8Array | undefined> {
    return this.replay?.derived(sha256)
  }

  close(): void {
    this.replay?.close()
  }

  private async keepRules(size: number): Promise<void> {
    const depth = includes(this.start.level, 'signatures') ? 'signature' : 'form'
    await this.follow(size, depth, async () => this.progress(0))
  }

  // Takes entries through all rules that need no execution, and hands on those that keep them.
  private async follow(
    size: number,
    depth: 'signature' | 'form',
    passed: (entries: CheckedEntry[]) => Promise<void>,
  ): Promise<void> {
    const { reader, checks, history } = this.start
    for await (const entries of entryStream(reader, checks, history.size, size, depth)) {
      const kept: CheckedEntry[] = []
      try {
        for (const entry of entries) {
          await history.append(entry, depth === 'signature')
          kept.push(entry)
          // Only then: what the replay of this entry finds comes first.
          this.start.passed((entry.parsed as ParsedEntry).entry)
        }
      } finally {
        await passed(kept)
      }
    }
  }

  private async replayOneByOne(size: number): Promise<void> {
    const replay = (this.replay ??= await this.begun(undefined, 0))
    let stopped: unknown
    try {
      await this.follow(size, 'signature', (entries) => replay.replay(entries))
    } catch (error) {
      stopped = error
    }
    try {
      // What the replay of earlier entries finds comes first.
      await replay.ended()
    } finally {
      this.start.tally.add(replay.counted())
    }
    if (stopped !== undefined) {
      throw stopped
    }
  }

  // All entries by themselves first. What stops that counts unless the replay of those before it
  // finds something.
  private async replayFromImage(size: number): Promise<void> {
    let stopped: unknown
    try {
      await this.keepRules(size)
    } catch (error) {
      if (!isAboutTheLog(error)) {
        throw error
      }
      stopped = error
    }
    const { history } = this.start
    // Where nothing is new there is nothing to execute.
    if (history.size > this.since) {
      const limit = this.since > 0 ? this.since : history.size - 1
      const image = await this.newestImage(limit)
      const isWhole = await this.replayed(image)
      if (!isWhole) {
        await this.replayed(undefined)
      }
    }
    if (stopped !== undefined) {
      throw stopped
    }
  }

  // False if it cannot be done from the image: then it must be done from genesis.
  private async replayed(image: CheckedEntry | undefined): Promise<boolean> {
    const { history, tally, fromImage } = this.start
    const isShared = fromImage && this.since === 0 && image !== undefined
    const counted = isShared ? image.index + 1 : this.since
    let replay: ReplayClient | undefined
    try {
      replay = await this.begun(image, counted)
      for (let at = replay.next; at < history.size;) {
        const entries = await this.again(at, history.tree)
        await replay.replay(entries)
        at += entries.length
      }
      await replay.ended()
    } catch (error) {
      const isAnswer = error instanceof DivergenceError || image === undefined
      if (isAnswer && replay !== undefined) {
        tally.add(replay.counted())
      }
      replay?.close()
      if (isAnswer) {
        throw error
      }
      return false
    }
    tally.add(replay.counted())
    this.replay = replay
    if (isShared) {
      const { heap } = (image.parsed as { entry: ImageEntry }).entry
      const from = image.index + 1
      const to = history.size
      this.segment = { begin: heap.root.hex(), end: null, from, holds: true, index: 2, of: 2, to }
    }
    return true
  }

  // Entries that were read before and have kept all rules. A source may answer otherwise now.
  private async again(from: number, tree: AuditedTree): Promise<CheckedEntry[]> {
    const { reader, checks } = this.start
    const entries = (await readEntries(reader, from, this.size)).slice(0, tree.size - from)
    const differing = await tree.differing(from, entries.map(leafHash))
    if (differing >= 0) {
      const right = await tree.subtree(0, BigInt(differing))
      const leaf = leafHash(entries[differing - from] as Uint8Array)
      throw new DivergenceError(
        divergence('CHANGED', differing, `leaf hash ${right}, as before`, `leaf hash ${leaf}`),
      )
    }
    const checked = await checks.check(from, entries, 'request')
    for (const { failure } of checked) {
      if (failure !== undefined) {
        throw failure
      }
    }
    return checked
  }

  private async begun(image: CheckedEntry | undefined, counted: number): Promise<ReplayClient> {
    const { reader, checks, start } = this.start
    const replay = new ReplayClient(reader, checks.blobs, this.start.startReplay(), (next) => this.progress(next))
    try {
      await replay.begin(start.bytes, start.blobs, image, counted)
      return replay
    } catch (error) {
      replay.close()
      throw error
    }
  }

  // What a source says of where its images are is not believed.
  private async newestImage(below: number): Promise<CheckedEntry | undefined> {
    const { reader, history } = this.start
    try {
      const index = (await reader.images())
        .filter((each) => each > 0 && each < below)
        .reduce((newest, each) => Math.max(newest, each), 0)
      if (index === 0) {
        return undefined
      }
      const [entry] = await this.again(index, history.tree)
      return entry?.parsed?.entry.kind === 'image' ? entry : undefined
    } catch (error) {
      if (error instanceof DivergenceError || isAboutTheLog(error)) {
        return undefined
      }
      throw error
    }
  }

  private progress(replayed: number): void {
    this.start.progress(replayed, this.size)
  }
}

function isAboutTheLog(error: unknown): boolean {
  return (
    error instanceof DivergenceError ||
    error instanceof MalformedError ||
    error instanceof MissingBlobError ||
    error instanceof UnreachableError ||
    error instanceof WrongBlobError
  )
}

/** Reads again the leaf hashes of 256 entries that were audited. */
export async function readLeaves(reader: LogReader, tree: AuditedTree, block: number): Promise<Hash[]> {
  const leaves: Hash[] = []
  while (leaves.length < 256) {
    const entries = await readEntries(reader, block * 256 + leaves.length, tree.size)
    leaves.push(...entries.map(leafHash))
  }
  return leaves.slice(0, 256)
}
