import type { LogReader } from './log-reader.js'
import type { Port, WorkerHandle } from './port.js'
import type { GuestFiles } from './replay/rerun.js'

/** The modules of this package that run in a thread of their own. */
export type WorkerModule = 'worker' | 'replay-worker' | 'signature-worker'

/**
 * Verifies signatures of Ed25519 outside of JavaScript, whose keys are 32 bytes: with the cofactor or
 * without, see `signatures.ts`.
 */
export type NativeEd25519<Holds> = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Holds

/** What differs between Node and browsers. */
export interface Platform {
  /** What reports say that the calls were replayed in. */
  readonly engine: string
  /** Undefined if no thread can be started from here. */
  startWorker(module: WorkerModule): WorkerHandle | undefined
  /** The other end of the thread that this is; undefined in the first. */
  ownPort(): Port | undefined
  /** What a directory holds that can be audited; undefined if none is there, or there are no directories. */
  openDirectory(path: string): Promise<LogReader | undefined>
  isDirectory(path: string): Promise<boolean>
  /** The files that every guest starts from, as they lie in this package. */
  guestFiles(): Promise<GuestFiles>
  /** One that has threads of its own; undefined if there is none. */
  nativeEd25519(): Promise<NativeEd25519<Promise<boolean>> | undefined>
  /** One that works in the thread that asks; undefined if there is none. */
  readonly nativeEd25519Here: NativeEd25519<boolean> | undefined
  /** How many threads may verify signatures at once, if those are ours. */
  readonly cores: number
}

export declare const platform: Platform
