import { MalformedError, MissingBlobError } from 'glasshouse-formats'
import {
  DamagedImageError,
  DivergenceError,
  InputMismatchError,
  SandboxError,
  ScriptError,
  UnknownInterpreterError,
  UnreachableError,
  WrongBlobError,
} from './errors.js'
import type { Divergence } from './divergence.js'
import type { Replayed } from './tally.js'

/** Entries as they cross to the thread that replays them: one after another, their ends beside them. */
export interface EntryBatch {
  readonly type: 'batch'
  readonly first: number
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
  /** What their requests are, where those are blobs, by SHA-256 in hex. */
  readonly blobs: readonly (readonly [string, Uint8Array])[]
}

/** What the thread that replays is told. */
export type ToReplay =
  | {
      readonly type: 'begin'
      readonly genesis: Uint8Array
      /** What it takes to read the genesis entry. */
      readonly blobs: readonly (readonly [string, Uint8Array])[]
      /** The image to begin after. */
      readonly image?: Uint8Array
      /** The first entry that counts. */
      readonly counted: number
    }
  | EntryBatch
  | { readonly type: 'given'; readonly id: number; readonly bytes?: Uint8Array; readonly error?: CrossedError }
  | { readonly type: 'want'; readonly id: number; readonly sha256: string }

/** What it answers. */
export type FromReplay =
  | { readonly type: 'began' }
  | { readonly type: 'done'; readonly next: number; readonly replayed: Replayed }
  | { readonly type: 'failed'; readonly error: CrossedError; readonly replayed: Replayed }
  | { readonly type: 'ask'; readonly id: number; readonly what: 'blob' | 'page'; readonly sha256: string }
  | { readonly type: 'have'; readonly id: number; readonly bytes?: Uint8Array }

/** An error as it crosses between threads. */
export interface CrossedError {
  readonly name: string
  readonly message: string
  readonly sha256?: string
  readonly divergence?: Divergence
  readonly stack?: string
}

const KINDS = {
  DamagedImageError,
  InputMismatchError,
  MalformedError,
  SandboxError,
  ScriptError,
  UnknownInterpreterError,
  UnreachableError,
  WrongBlobError,
}

export function crossed(error: unknown): CrossedError {
  const { name, message, stack } = error as Error
  if (error instanceof DivergenceError) {
    return { name, message, divergence: error.divergence }
  }
  return {
    name,
    message,
    ...(error instanceof MissingBlobError ? { sha256: error.sha256 } : {}),
    ...(stack === undefined ? {} : { stack }),
  }
}

export function uncrossed(error: CrossedError): Error {
  if (error.divergence !== undefined) {
    return new DivergenceError(error.divergence)
  }
  if (error.sha256 !== undefined) {
    return new MissingBlobError(error.sha256)
  }
  const kind = (KINDS as { [name: string]: new (message: string) => Error })[error.name] ?? Error
  const here = new kind(error.message)
  if (error.stack !== undefined) {
    here.stack = error.stack
  }
  return here
}
