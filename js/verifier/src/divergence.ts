import type { Writable } from 'glasshouse-formats'

/** Which check found it, as in the reports of `glass verify`. */
export type DivergenceKind = keyof typeof SENTENCES

/** What each kind means, as part of a sentence. */
export const SENTENCES = {
  WRONG_LOG: 'another log than expected',
  CHECKPOINT: "the checkpoint is not signed by the log's key",
  ROLLBACK: 'the log was rolled back',
  FORK: 'the log was forked',
  CHANGED: 'the host has changed an answer',
  MALFORMED: 'the entry is malformed',
  CHAIN: 'the entry does not continue the one before it',
  TIME: "an entry's time contradicts the witnesses",
  TREE: 'the entries are not those of the signed tree',
  TILE: 'a published tile is wrong',
  BLOB: 'a blob has other bytes than its hash names',
  UNSIGNED: 'the call is not signed',
  SIGNATURE: "the caller's signature does not hold",
  ADMISSION: 'the call may not be here',
  INPUTS: 'the inputs are not those the entry consumes',
  OUTCOME: 'the outcome is another',
  FUEL: 'the fuel is another',
  HEAP: "the image is not that of the guest's heap",
  FILES: 'the changes to the files are others',
  SCRIPT: 'the script does not load as the log says',
  PUBLISHED_FILES: 'the published files are not those of the log',
  ENTRY: 'the entry is another',
} as const

/** What a call came to: JSON without the fuel, and the fuel in polls. */
export interface CallResult {
  readonly fuel: number
  readonly outcome: string
}

/** The call, the timer's turn or the script's start at which an entry first departs from its replay. */
export interface DivergedCall {
  readonly actual: CallResult | null
  /** Hash over the entry's changes to the files as the log has it, and as the replay made them. */
  readonly actualWrites: string
  readonly expected: CallResult | null
  readonly expectedWrites: string | null
  /** What it consumed: kind and answer of each, or of the whole entry if the position is not known. */
  readonly inputs: readonly string[]
  readonly method: string | null
  /** Calls of the request; 0 for a timer's turn and the script's start. */
  readonly of: number
  /** Its arguments, a JSON array. */
  readonly params: string | null
  /** Its position in its request, from 0; null if that is not known. */
  readonly position: number | null
}

/** A file that is another after an entry than the log says. */
export interface DivergedFile {
  readonly actual: string
  /** Lines of a unified diff from expected to actual. */
  readonly diff: readonly string[]
  readonly expected: string
  readonly path: string
}

/** Where a log first departs from what it must be. */
export interface Divergence {
  /** What the log or the host says instead. */
  readonly actual: string
  readonly call: DivergedCall | null
  /** What it must be. */
  readonly expected: string
  /** Files that differ, the first of them. */
  readonly files: readonly DivergedFile[]
  /** The entry, 0 for genesis; the size of the log for findings about the whole. */
  readonly index: number
  readonly kind: DivergenceKind
  readonly method: string | null
}

/** A finding that is no matter of what one call came to. */
export function divergence(
  kind: DivergenceKind,
  index: number,
  expected: string,
  actual: string,
  method: string | null = null,
): Divergence {
  return { actual, call: null, expected, files: [], index, kind, method }
}

/** As a value of canonical JSON. */
export function divergenceJson(found: Divergence): Writable {
  return found as unknown as Writable
}
