import {
  BrokenRuleError,
  type Depth,
  type GenesisEntry,
  Hash,
  MalformedError,
  MissingBlobError,
  type ParsedEntry,
  UnknownEntryError,
  brokenSignature,
  callMessage,
  leafHash,
  requireAlone,
} from 'glasshouse-formats'
import type { CheckedBlobs } from './checked-blobs.js'
import { type DivergenceKind, divergence } from './divergence.js'
import { DivergenceError, UnreachableError, WrongBlobError } from './errors.js'
import type { CallSignature, Signatures } from './signatures.js'

/**
 * An entry after the checks that need no other entry. What was found, or kept the check from
 * finishing, is carried and not thrown: it counts when its turn comes.
 */
export interface CheckedEntry {
  readonly index: number
  readonly bytes: Uint8Array
  readonly leaf: Hash
  /** Undefined if there is a failure. */
  readonly parsed: ParsedEntry | undefined
  /** A DivergenceError, or why the check could not finish. */
  failure: Error | undefined
}

/** The finding that an entry breaks a rule. */
export function brokenRule(error: BrokenRuleError, method: string | null): DivergenceError {
  const kinds: { [rule in BrokenRuleError['rule']]: DivergenceKind } = {
    form: 'MALFORMED',
    chain: 'CHAIN',
    answer: 'INPUTS',
    unsigned: 'UNSIGNED',
    signature: 'SIGNATURE',
    admission: 'ADMISSION',
    outcomes: 'OUTCOME',
  }
  const kind = kinds[error.rule]
  const expected = kind === 'MALFORMED' ? 'an entry in its canonical form' : error.expected
  return new DivergenceError(divergence(kind, Number(error.index), expected, error.actual, method))
}

/** Checks entries by themselves, as many at a time as they come. */
export class EntryChecks {
  constructor(
    readonly genesis: GenesisEntry,
    readonly blobs: CheckedBlobs,
    private readonly signatures: Signatures,
  ) {}

  /** Consecutive entries from an index on. */
  async check(from: number, entries: readonly Uint8Array[], depth: Depth): Promise<CheckedEntry[]> {
    const checked: CheckedEntry[] = []
    const signed: { entry: CheckedEntry; call: CallSignature }[] = []
    for (const [i, bytes] of entries.entries()) {
      const entry = await this.alone(from + i, bytes, depth === 'form' ? 'form' : 'request')
      checked.push(entry)
      const { parsed } = entry
      if (depth === 'signature' && parsed?.signed !== undefined && parsed.caller && 'key' in parsed.caller) {
        const { key, signature } = parsed.caller
        signed.push({ entry, call: { key, signature, message: callMessage(parsed.request as string) } })
      }
    }
    const holds = await this.signatures.verify(signed.map(({ call }) => call))
    signed.forEach(({ entry, call }, i) => {
      if (holds[i] !== true) {
        entry.failure = brokenRule(brokenSignature(BigInt(entry.index), call.key), null)
      }
    })
    return checked
  }

  private async alone(index: number, bytes: Uint8Array, depth: Depth): Promise<CheckedEntry> {
    const leaf = leafHash(bytes)
    const read = (): ParsedEntry => requireAlone(BigInt(index), bytes, this.genesis.limits, this.blobs, depth)
    try {
      return { index, bytes, leaf, parsed: read(), failure: undefined }
    } catch (error) {
      if (error instanceof MissingBlobError) {
        return this.withBlobs(index, bytes, leaf, read)
      }
      return { index, bytes, leaf, parsed: undefined, failure: carried(index, error) }
    }
  }

  private async withBlobs(
    index: number,
    bytes: Uint8Array,
    leaf: Hash,
    read: () => ParsedEntry,
  ): Promise<CheckedEntry> {
    try {
      return { index, bytes, leaf, parsed: await this.blobs.with(read), failure: undefined }
    } catch (error) {
      return { index, bytes, leaf, parsed: undefined, failure: carried(index, error) }
    }
  }
}

// Anything else is this verifier's own failure.
function carried(index: number, error: unknown): Error {
  if (error instanceof BrokenRuleError) {
    return brokenRule(error, null)
  }
  if (error instanceof WrongBlobError) {
    return new DivergenceError(divergence('BLOB', index, 'the bytes of that hash', error.message))
  }
  if (
    error instanceof UnknownEntryError ||
    error instanceof MissingBlobError ||
    error instanceof UnreachableError ||
    error instanceof MalformedError
  ) {
    return error
  }
  throw error
}

/** The method that a finding about an entry as a whole names. */
export function methodOf(parsed: ParsedEntry): string | null {
  return parsed.calls[0]?.method ?? null
}
