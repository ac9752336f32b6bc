import { type Writable, formatJson } from 'glasshouse-formats'
import type { Divergence } from './divergence.js'
import type { Tally } from './tally.js'

/** How much of a log an audit checks; each level checks what those before it do, and more. */
export type Level = (typeof LEVELS)[number]
export const LEVELS = ['receipt', 'hashes', 'signatures', 'replay'] as const

/** Whether a level checks what another does. */
export function includes(level: Level, other: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(other)
}

/** What an audit comes to, in the words of a report. */
export type ReportVerdict = 'verified' | 'diverged' | 'misbehaved' | 'undecided'

/** Which entries were replayed, if not all of them were. */
export interface Segment {
  /** The heap's root in the image that the replay began with, which nobody here has shown to be right. */
  readonly begin: string | null
  readonly end: string | null
  readonly from: number | null
  readonly holds: boolean
  readonly index: number
  readonly of: number
  readonly to: number | null
}

/** What the witnesses of the auditor's policy say of a log. */
export interface Witnessed {
  /** Seconds since the newest cosignature that counts, when it was read. */
  readonly age: number | null
  /** Entries whose times lie between two cosignatures: these times are not counted as taken on trust. */
  readonly between: number
  /** The newest published checkpoint that met the quorum; if none did, the one with most to show, a note. */
  readonly checkpoint: string | null
  /** Whether the quorum has cosigned it. */
  readonly met: boolean
  /** Why that is not enough. */
  readonly obstacle: string | null
  /** How many seconds at most lie between these two cosignatures. */
  readonly widest: number
  /** The policy's witnesses that have cosigned it, in the policy's order. */
  readonly witnesses: readonly {
    /** Whether the quorum asks for this witness. */
    readonly counts: boolean
    readonly key: string
    /** POSIX seconds by its clock. */
    readonly time: number
  }[]
}

/** The report of an audit: the members of the canonical JSON that `glass verify --json` writes. */
export interface Report {
  readonly checked: {
    readonly blobs: number
    readonly calls: number
    readonly entries: number
    readonly fileBytes: number
    readonly files: number
    readonly images: number
    readonly signatures: number
    readonly tiles: number
    readonly timerTurns: number
  }
  /** The signed checkpoint that was audited, a note. */
  readonly checkpoint: string | null
  /** Whether the log takes callers at their word. */
  readonly debug: boolean
  readonly divergence: Divergence | null
  /** What the calls were executed again in. */
  readonly engine: string
  /** The `h1:` digest of the published files. */
  readonly filesDigest: string | null
  readonly filesRoot: string | null
  /** The log's key. */
  readonly host: string | null
  readonly level: Level
  /** The log's id. */
  readonly log: string | null
  /** Why the audit could not finish. */
  readonly obstacle: string | null
  readonly segment: Segment | null
  /** How many entries an earlier audit had verified, which this one did not check again. */
  readonly since: number
  readonly trusted: {
    readonly aborts: number
    readonly entropy: number
    readonly oracleAnswers: number
    readonly timerInputs: number
    readonly times: number
    readonly unsignedCalls: number
  }
  readonly v: 1
  readonly verdict: ReportVerdict
  /** Null if no policy was given, or it did not come to that. */
  readonly witnesses: Witnessed | null
}

/**
 * The members of a report's `checked` and `trusted`.
 *
 * @param witnessed entry times that are not the host's word alone
 */
export function counted(tally: Tally, witnessed: number): Pick<Report, 'checked' | 'trusted'> {
  const { blobs, calls, entries, fileBytes, files, images, signatures, tiles, timerTurns } = tally
  const { aborts, entropy, oracleAnswers, timerInputs, unsignedCalls } = tally
  const times = tally.times - witnessed
  return {
    checked: { blobs, calls, entries, fileBytes, files, images, signatures, tiles, timerTurns },
    trusted: { aborts, entropy, oracleAnswers, timerInputs, times, unsignedCalls },
  }
}

/** A report as canonical JSON. */
export function reportJson(report: Report): Uint8Array {
  return formatJson(report as unknown as Writable)
}

