import { MissingBlobError, UnknownEntryError } from 'glasshouse-formats'
import { GlasshouseError, UnreachableError } from 'glasshouse-client/host'
import type { Divergence } from './divergence.js'

export { UnreachableError } from 'glasshouse-client/host'

/** Carries a finding from the check that made it to the report. */
export class DivergenceError extends Error {
  constructor(readonly divergence: Divergence) {
    super(divergence.kind)
  }
}

/** A source gives other bytes for a blob than its hash names. */
export class WrongBlobError extends GlasshouseError {
  override name = 'WrongBlobError'
}

/** The log runs on an interpreter or bootstrap script that this build has not. */
export class UnknownInterpreterError extends GlasshouseError {
  override name = 'UnknownInterpreterError'
}

/** An entry does not consume exactly the inputs that it records. */
export class InputMismatchError extends GlasshouseError {
  override name = 'InputMismatchError'
}

/** The script of a genesis entry does not load. */
export class ScriptError extends GlasshouseError {
  override name = 'ScriptError'
}

/** An image is not all there. */
export class DamagedImageError extends GlasshouseError {
  override name = 'DamagedImageError'
}

/** The engine here cannot run the guest: no verdict follows from that. */
export class SandboxError extends GlasshouseError {
  override name = 'SandboxError'
}

/** Whether an error keeps an audit from a verdict: something is withheld, or of another build. */
export function isUndecided(error: unknown): boolean {
  return (
    error instanceof UnreachableError ||
    error instanceof MissingBlobError ||
    error instanceof UnknownInterpreterError ||
    error instanceof UnknownEntryError ||
    error instanceof SandboxError ||
    error instanceof DamagedImageError
  )
}
