import {
  type Evidence,
  type Hash,
  MalformedError,
  type SignedCheckpoint,
  type TreeHead,
  UnverifiedError,
  decodeUtf8,
  formatEvidence,
  judgeEvidence,
} from 'glasshouse-formats'
import { platform } from '#platform'
import { type LoadNode, filesDigest } from './archive/archive-walk.js'
import { type AuditRequest, AuditedLog } from './audited-log.js'
import { EntryChecks } from './checked-entry.js'
import { CheckedBlobs } from './checked-blobs.js'
import { type Divergence, divergence } from './divergence.js'
import { EntryAudit, readLeaves } from './entry-audit.js'
import { DivergenceError, UnreachableError, WrongBlobError, isUndecided } from './errors.js'
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
import type { WitnessDemand } from './witness-check.js'
import { WitnessHearing } from './witness-hearing.js'

export type { AuditRequest } from './audited-log.js'

// How often an audit follows a log that grows before its files could be compared.
const MAX_FOLLOWED = 3
// How often files that do not fit are asked for before the host is accused.
const TIMES_ASKED = 2

/** One audit of one log up to its newest checkpoint, and on with it when there is a newer one. */
export class AuditRun {
  /** Whether all was verified up to the checkpoint, whatever witnesses say: then it can go on from there. */
  isWhole = false
  private readonly level: Level
  private readonly tally = new Tally()
  private readonly blobs: CheckedBlobs
  private readonly log: AuditedLog
  private readonly witnesses: WitnessHearing
  private readonly comparedFiles = new Map<string, Hash>()
  private history: History | undefined
  private entries: EntryAudit | undefined
  private tree: TreeCheck | undefined
  private digest: string | null = null
  private since = 0
  private followed = 0
  private replayed = 0

  /** @param demand what it demands of witnesses, if the request has a policy */
  constructor(
    private readonly reader: LogReader,
    private readonly request: AuditRequest,
    demand: WitnessDemand | undefined,
    private readonly signatures: Signatures,
    private readonly progress: (progress: Progress) => void,
    private readonly startReplay: () => WorkerHandle,
  ) {
    this.level = request.level ?? 'replay'
    this.blobs = new CheckedBlobs(reader, () => this.tally.blobs++)
    this.log = new AuditedLog(reader, request, this.blobs)
    this.witnesses = new WitnessHearing(reader, demand)
  }

  /** Audits. Throws what is this verifier's own failure. */
  run(): Promise<Audit> {
    return this.reported(() => this.checks())
  }

  /** Goes on with a log that was verified, if it has a newer checkpoint now; undefined if it has none. */
  async runOn(): Promise<Audit | undefined> {
    const { size } = this.log.head
    const wasMet = this.witnesses.obstacle() === null
    const found = await this.reported(() => this.checksOn())
    const isSame = found.verdict === 'verified' && this.log.head.size === size
    return isSame && wasMet ? undefined : found
  }

  close(): void {
    this.entries?.close()
  }

  private async reported(checks: () => Promise<void>): Promise<Audit> {
    this.isWhole = false
    try {
      await checks()
      this.isWhole = includes(this.level, 'signatures') && (this.entries?.segment ?? null) === null
      const obstacle = this.witnesses.obstacle()
      return this.ended(obstacle === null ? 'verified' : 'undecided', null, undefined, obstacle)
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
    }
  }

  private async checks(): Promise<void> {
    await this.witnesses.ask()
    await this.log.open()
    const { id, genesis, required } = this.log
    // A finding needs it, also before an entry was read.
    this.history = History.empty(id as Hash, genesis, this.level, required, this.tally, this.leaves)
    const other = await this.log.hear(this.witnesses.hear(genesis), this.size)
    await this.log.requireSigned()
    await this.prepare()
    if (other !== undefined) {
      this.witnesses.see(other)
    }
    if (!includes(this.level, 'hashes')) {
      await this.receipts()
      return
    }
    do {
      await this.extend()
    } while (!(await this.publishedFilesHold()))
    this.requireFilesRoot()
    this.digest = await filesDigest(this.history.filesRoot as Hash, this.node)
  }

  private async checksOn(): Promise<void> {
    const old = this.log.checkpoint as SignedCheckpoint
    await this.witnesses.ask()
    this.log.checkpoint = await this.log.newest(this.size)
    const isNewer = !this.log.head.equals(old.head)
    this.log.signed = [old]
    if (isNewer) {
      this.digest = null
      await this.log.requireNotShorter(old.head.size)
      await this.requireContinues(old.head)
    }
    const other = await this.log.hear(this.witnesses.hear(this.log.genesis), this.size)
    if (other !== undefined) {
      await this.requireContinues(other.head)
      this.witnesses.see(other)
    }
    if (!isNewer || !includes(this.level, 'hashes')) {
      this.seeNewest()
      return
    }
    await this.extend()
    await this.checkFiles(this.history?.filesRoot)
  }

  private requireContinues(old: TreeHead): Promise<void> {
    return requireContinues(this.log.head, old, this.log.tiles())
  }

  private seeNewest(): void {
    this.witnesses.see(this.log.checkpoint as SignedCheckpoint)
    this.witnesses.seeHeard()
  }

  private get size(): number {
    return this.history?.size ?? 0
  }

  private async receipts(): Promise<void> {
    const { head, id, required } = this.log
    await requireGenesis(head, id as Hash, this.log.tiles())
    this.tally.entries++
    for (const old of required) {
      await this.requireContinues(old)
    }
    this.seeNewest()
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
    this.witnesses.begin(genesis, this.since, history.time, this.log.cosigned)
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
      passed: this.witnesses.passed,
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
    this.seeNewest()
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
    const witnesses = this.witnesses.result()
    const report: Report = {
      ...counted(this.tally, witnesses?.between ?? 0),
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
      witnesses,
    }
    const isVerified = verdict === 'verified'
    const { keep } = this.witnesses
    const whole =
      isVerified && this.isWhole
        ? { ...(this.history as History).verified(), checkpoint: report.checkpoint as string }
        : undefined
    return {
      report,
      ...VERDICTS[verdict],
      // Nothing that anybody has signed was seen: no evidence against a host, if it is one at all.
      ...(verdict === 'diverged' && report.log === null ? VERDICTS.undecided : {}),
      ...(evidence === undefined ? {} : { evidence: decodeUtf8(formatEvidence(evidence)) }),
      ...(isVerified && keep !== undefined ? { cosigned: keep } : {}),
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
