import { type Outcome, parseGuestJson } from 'glasshouse-formats'
import { AbortedError, CallError, TrapError } from './errors.js'

/** What one call came to: guest JSON, or what is thrown to whoever made it. */
export type CallResult = { readonly ok: string } | { readonly error: CallError | TrapError | AbortedError }

/** The result of an outcome that is not `ok`. */
export function failed(outcome: Exclude<Outcome, { ok: unknown }>): CallResult {
  return 'throw' in outcome
    ? { error: new CallError(outcome.throw.name, outcome.throw.message) }
    : { error: new TrapError(outcome.trap) }
}

/** The value, or what was thrown. */
export function valueOf(result: CallResult): unknown {
  if ('error' in result) {
    throw result.error
  }
  return parseGuestJson(result.ok)
}
