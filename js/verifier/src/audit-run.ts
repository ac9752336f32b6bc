import {
  type Evidence,
  Hash,
  MalformedError,
  MissingBlobError,
  UnknownEntryError,
  UnverifiedError,
  decodeUtf8,
  encodeUtf8,
  formatEvidence,
  judgeEvidence,
  toBase64,
} from 'glasshouse-formats'
import { platform } from '#platform'
import { type LoadNode, walkArchive } from './archive/archive-walk.js'
import { keyText } from './archive/archive-path.js'
import { type AuditRequest, AuditedLog } from './audited-log.js'
import { EntryChecks } from './checked-entry.js'
import { CheckedBlobs } from './checked-blobs.js'
import { type Divergence, divergence } from './divergence.js'
import { EntryAudit, readLeaves } from './entry-audit.js'
import {
  DamagedImageError,
  DivergenceError,
  SandboxError,
  UnknownInterpreterError,
  UnreachableError,
  WrongBlobError,
} from './errors.js'
import { FilesCheck } from './files-check.js'
import { History } from './history.js'
import type { LogReader } from './log-reader.js'
import type { Audit, Progress } from './options.js'
import type { WorkerHandle } from './port.js'
import { Prosecution } from './prosecution.js'
import { ProvedTiles } from './proved-tiles.js'
import { requireContinues, requireGenesis } from './receipt-check.js'
import { type Level, type Report, type ReportVerdict, counted, includes } from './report.js'
import type { Signatures } from './signatures.js'
import { Tally } from './tally.js'
import { TreeCheck } from './tree-check.js'

export type { AuditRequest } from './audited-log.js'

// How often an audit follows a log that grows before its files could be compared.
const MAX_FOLLOWED = 3
// How often files that do not fit are asked for before the host is accused.
const TIMES_ASKED = 2

/** One audit of one log up to its newest checkpoint. */
export class AuditRun {
  private readonly level: Level
  private readonly tally = new Tally()
  private readonly blobs: CheckedBlobs
  private readonly log: AuditedLog
  private readonly comparedFiles = new Map<string, Hash>()
  private history: History | undefined
  private entries: EntryAudit | undefined
  private tree: TreeCheck | undefined
  private digest: string | null = null
  private since = 0
  private followed = 0
  private replayed = 0

  constructor(
    private readonly reader: LogReader,
    private readonly request: AuditRequest,
    private readonly signatures: Signatures,
    private readonly progress: (progress: Progress) => void,
    private readonly startReplay: () => WorkerHandle,
  ) {
    this.level = request.level ?? 'replay'
    this.blobs = new CheckedBlobs(reader, () => this.tally.blobs++)
    this.log = new AuditedLog(reader, request, this.blobs)
  }

  /** Audits. Throws what is this verifier's own failure. */
  async run(): Promise<Audit> {
    try {
      await this.checks()
      return this.ended('verified', null, undefined, null)
    } catch (error) {
      if (error instanceof DivergenceError) {
        return await this.found(error.divergence)
      }
      if (error instanceof WrongBlobError) {
        return await this.found(divergence('BLOB', this.size, 'the bytes of that hash', error.message))
      }
      if (isUndecided(error)) {
        return this.ended('undecided', null, undefined, (error as Error).message)
      }
      if (error instanceof MalformedError) {
        const expected = 'a log in its published form'
        return await this.found(divergence('MALFORMED', this.size, expected, error.message))
      }
      throw error
    } finally {
      this.entries?.close()
    }
  }

  private async checks(): Promise<void> {
    await this.log.open()
    const { id, genesis, required } = this.log
    // A finding needs it, also before an entry was read.
    this.history = History.empty(id as Hash, genesis, this.level, required, this.tally, this.leaves)
    await this.log.requireNotShorter()
    if (!includes(this.level, 'hashes')) {
      await this.receipts()
      return
    }
    await this.prepare()
    do {
      await this.extend()
    } while (!(await this.publishedFilesHold()))
    this.requireFilesRoot()
    this.digest = await this.filesDigest()
  }

  private get size(): number {
    return this.history?.size ?? 0
  }

  private async receipts(): Promise<void> {
    const { head, id, required } = this.log
    await requireGenesis(head, id as Hash, this.log.tiles())
    this.tally.entries++
    for (const old of required) {
      await requireContinues(head, old, this.log.tiles())
    }
  }

  private readonly leaves = (block: number): Promise<readonly Hash[]> =>
    readLeaves(this.reader, (this.history as History).tree, block)

  private async prepare(): Promise<void> {
    const { start, from } = this.request
    if (start !== undefined && from !== 'genesis' && includes(start.level, this.level)) {
      this.history = (await this.resumed()) ?? this.history
    }
    const history = this.history as History
    const { genesis } = this.log
    this.since = history.size
    this.tree = new TreeCheck(this.reader, history.tree, this.tally, this.since)
    this.entries = new EntryAudit({
      reader: this.reader,
      start: this.log.start as NonNullable<AuditedLog['start']>,
      checks: new EntryChecks(genesis, this.blobs, this.signatures),
      history,
      tally: this.tally,
      level: this.level,
      fromImage: from === 'image',
      startReplay: this.startReplay,
      progress: (replayed, size) => this.report(replayed > 0 ? 'replay' : 'log', replayed, size),
    })
  }

  // A log that does not go on from there is audited from its genesis, which shows where it differs.
  private async resumed(): Promise<History | undefined> {
    const { start } = this.request
    try {
      const tiles = await ProvedTiles.open(this.reader, this.log.head)
      return await History.resume(
        start as NonNullable<typeof start>,
        this.log.genesis,
        this.level,
        this.log.required,
        this.tally,
        tiles.reader(),
        this.leaves,
      )
    } catch (error) {
      if (error instanceof UnverifiedError) {
        return undefined
      }
      throw error
    }
  }

  // From the end of the history to the checkpoint.
  private async extend(): Promise<void> {
    const { head, size } = this.log
    await this.entries?.run(size)
    await this.tree?.run(head)
  }

  // A live host goes on while it is audited: files that are not those of the audited checkpoint may be
  // those of a newer one. Then the audit follows, a few times; after that it asks for the files as
  // they were at its own checkpoint.
  private async publishedFilesHold(): Promise<boolean> {
    for (let asked = 1; ; asked++) {
      try {
        await this.checkFiles(undefined)
        return true
      } catch (error) {
        if (!(error instanceof DivergenceError || error instanceof UnreachableError)) {
          throw error
        }
        const newest = await this.log.newest(this.size)
        if (newest.head.size > this.log.head.size) {
          // What is replayed in part ends where its report says.
          if (this.entries?.segment != null || ++this.followed > MAX_FOLLOWED) {
            await this.checkFiles(this.history?.filesRoot)
            return true
          }
          this.log.checkpoint = newest
          return false
        }
        // A host's files may come a moment after their checkpoint, so it is asked again.
        if (asked === TIMES_ASKED) {
          throw error
        }
      }
    }
  }

  private checkFiles(pinned: Hash | undefined): Promise<void> {
    const { size } = this.log
    const progress = (): void => this.report('files', this.replayed, size)
    progress()
    return new FilesCheck(
      this.reader,
      (this.history as History).filesRoot as Hash,
      this.node,
      this.tally,
      size,
      this.comparedFiles,
      pinned,
      progress,
    ).run()
  }

  // What the replay has derived need not be asked of the source.
  private readonly node: LoadNode = async (hash) => {
    const sha256 = hash.hex()
    return this.blobs.get(sha256) ?? (await this.entries?.derived(sha256)) ?? this.blobs.required(hash)
  }

  private requireFilesRoot(): void {
    const { files } = this.request
    const root = this.history?.filesRoot?.hex()
    if (files !== undefined && files !== root) {
      throw new DivergenceError(
        divergence('PUBLISHED_FILES', this.log.size, `archive root ${files}`, `archive root ${root}`),
      )
    }
  }

  private async filesDigest(): Promise<string> {
    const lines: Uint8Array[] = []
    for await (const { key, value } of walkArchive(this.history?.filesRoot as Hash, '', true, this.node)) {
      if (value !== 'directory') {
        lines.push(encodeUtf8(`${value.sha256}  ${keyText(key)}\n`))
      }
    }
    return `h1:${toBase64(Hash.of(...lines).bytes())}`
  }

  private report(phase: Progress['phase'], replayed: number, size: number): void {
    this.replayed = Math.max(this.replayed, replayed)
    this.progress({ phase, checked: this.size, replayed: this.replayed, size })
  }

  private async found(finding: Divergence): Promise<Audit> {
    const { id, start, checkpoint, signed } = this.log
    let evidence: Evidence | undefined
    if (start !== undefined && checkpoint !== undefined && this.history !== undefined) {
      const prosecution = new Prosecution(this.reader, this.blobs, start, checkpoint, signed, this.history)
      evidence = await prosecution.evidence(finding)
    }
    const isProved = evidence !== undefined && judgeEvidence(evidence, id).proved
    return this.ended(isProved ? 'misbehaved' : 'diverged', finding, evidence, null)
  }

  private ended(
    verdict: ReportVerdict,
    finding: Divergence | null,
    evidence: Evidence | undefined,
    obstacle: string | null,
  ): Audit {
    const genesis = this.log.start?.genesis
    const report: Report = {
      ...counted(this.tally),
      checkpoint: this.log.checkpoint?.note.format() ?? null,
      debug: genesis?.auth === 'debug',
      divergence: finding,
      engine: platform.engine,
      filesDigest: this.digest,
      filesRoot: this.history?.filesRoot?.hex() ?? null,
      host: genesis?.host.format() ?? null,
      level: this.level,
      log: this.log.id?.hex() ?? null,
      obstacle,
      segment: this.entries?.segment ?? null,
      since: this.since,
      v: 1,
      verdict,
      witnesses: null,
    }
    const whole =
      verdict === 'verified' && includes(this.level, 'signatures') && report.segment === null
        ? { ...(this.history as History).verified(), checkpoint: report.checkpoint as string }
        : undefined
    return {
      report,
      ...VERDICTS[verdict],
      // Nothing that anybody has signed was seen: no evidence against a host, if it is one at all.
      ...(verdict === 'diverged' && report.log === null ? VERDICTS.undecided : {}),
      ...(evidence === undefined ? {} : { evidence: decodeUtf8(formatEvidence(evidence)) }),
      ...(whole === undefined ? {} : { verified: whole }),
    }
  }
}

const VERDICTS = {
  verified: { verdict: 'verified', exitCode: 0 },
  diverged: { verdict: 'divergence', exitCode: 1 },
  undecided: { verdict: 'undecided', exitCode: 3 },
  misbehaved: { verdict: 'misbehaviour', exitCode: 4 },
} as const

function isUndecided(error: unknown): boolean {
  return (
    error instanceof UnreachableError ||
    error instanceof MissingBlobError ||
    error instanceof UnknownInterpreterError ||
    error instanceof UnknownEntryError ||
    error instanceof SandboxError ||
    error instanceof DamagedImageError
  )
}
