import type { Level, Report } from './report.js'
import type { Verified } from './verified.js'

/** How far an audit is. */
export interface Progress {
  /** What it is at: reading and checking entries, replaying them, or comparing the published files. */
  readonly phase: 'log' | 'replay' | 'files'
  /** Entries that keep every rule that needs no execution. */
  readonly checked: number
  /** Entries that were executed again. */
  readonly replayed: number
  /** Entries of the log. */
  readonly size: number
}

/** What an audit is told. All of it may be left out. */
export interface AuditOptions {
  /** The id of the log that is meant. Without it, the log that is served is audited. */
  readonly log?: string
  /** How much is checked; `replay` unless given. */
  readonly level?: Level
  /**
   * Where the replay begins. `image` is the newest image of the guest: with `start`, one that an
   * earlier audit has shown to be right, and without it one that nobody has, so that only what
   * follows it is replayed, which the report's `segment` says. With `start` it is `image` unless
   * given, without it `genesis`.
   */
  readonly from?: 'genesis' | 'image'
  /** What an earlier audit has verified: the log must begin with it, and it is not checked again unless `from` is `genesis`. */
  readonly start?: Verified
  /** The newest checkpoint of the log that was seen elsewhere, a signed note: the log must go on from it. */
  readonly kept?: string
  /** The archive root that the log must come to, in hex. */
  readonly files?: string
  /**
   * A policy of witnesses whose quorum must have cosigned the log: the text of a file of C2SP
   * tlog-policy, or its bytes. Entry times must agree with the cosignatures around them.
   */
  readonly policy?: string | Uint8Array
  /** With `policy`, how old the newest cosignature may be; any age unless given. */
  readonly maxAgeMillis?: number
  /** What earlier audits had as `cosigned`: the log must begin with all of it, and its entry times agree with it. */
  readonly cosigned?: readonly string[]
  /** Ends the audit: `audit` then throws its reason. */
  readonly signal?: AbortSignal
  onProgress?(progress: Progress): void
  /** Starts the thread that audits, from `glasshouse-verifier/worker`; for pages whose bundler does not find it. */
  readonly worker?: () => Worker
}

/** What an audit came to. */
export interface Audit {
  readonly report: Report
  /** `undecided` is also a source that serves no log at all. */
  readonly verdict: 'verified' | 'divergence' | 'undecided' | 'misbehaviour'
  /** That of `glass verify`: 0 verified, 1 divergence, 3 could not decide, 4 proved misbehaviour. */
  readonly exitCode: 0 | 1 | 3 | 4
  /** What can be held against the host: the text of a file for `glass verify --evidence FILE`. */
  readonly evidence?: string
  /** With `policy`, if all was verified: checkpoints that met the quorum, for the next audit. */
  readonly cosigned?: readonly string[]
  /** What the next audit can go on from; only if all was verified, callers' signatures at least. */
  readonly verified?: Verified
}
