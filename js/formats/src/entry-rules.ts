import { type Entry, type GenesisEntry, parseEntry } from './entry.js'
import type { Caller } from './entry-parts.js'
import { BrokenRuleError, MalformedError, UnknownEntryError } from './errors.js'
import type { Hash } from './hash.js'
import type { Limits } from './limits.js'
import type { PublicKey } from './public-key.js'
import { type MethodCall, parseRequest } from './request.js'
import { type SignedCall, callMessage, parseSignedCall } from './signed-call.js'
import { type BlobReader, type Text, readText, textLength } from './texts.js'
import { EMPTY_ROOT } from './tree.js'

// Two digits for each byte of the longest entropy.
const MAX_ENTROPY = 2 * 65_536

/** How far an entry is looked at: its own form, that of its request too, or also its signature. */
export type Depth = 'form' | 'request' | 'signature'

/** An entry as far as it can be read alone. */
export interface ParsedEntry {
  readonly index: bigint
  readonly entry: Entry
  /**
   * Who asked for it; undefined for genesis, images and the turns of timers, and where the request
   * was not looked at.
   */
  readonly caller: Caller | undefined
  /** The signed call, if the caller signed. */
  readonly signed: SignedCall | undefined
  readonly calls: readonly MethodCall[]
  /** The text of the request, if it was looked at. */
  readonly request: string | undefined
}

/** What admission asks about the log before an entry. */
export interface AdmissionState {
  /** The highest number that a session of a key has used, 0 if none. */
  lastNumber(key: PublicKey, session: string): number
  /** The root of the first `size` entries. */
  rootAt(size: bigint): Hash
}

/**
 * The rules that an entry keeps by itself: its form, that of its request, the sizes of what came
 * from outside, its signature.
 *
 * @throws BrokenRuleError for the first rule that it breaks
 * @throws MissingBlobError, UnknownEntryError if it cannot be judged
 */
export function requireAlone(
  index: bigint,
  bytes: Uint8Array,
  limits: Limits,
  blobs: BlobReader,
  depth: Depth = 'signature',
): ParsedEntry {
  try {
    return readAlone(index, bytes, limits, blobs, depth)
  } catch (error) {
    if (error instanceof UnknownEntryError) {
      throw new UnknownEntryError(`entry ${index}: ${error.message}`)
    }
    if (error instanceof MalformedError) {
      throw new BrokenRuleError('form', index, 'its canonical form', error.message)
    }
    throw error
  }
}

function readAlone(
  index: bigint,
  bytes: Uint8Array,
  limits: Limits,
  blobs: BlobReader,
  depth: Depth,
): ParsedEntry {
  const entry = parseEntry(bytes, blobs)
  requireAnswerSizes(index, entry, limits)
  if (
    depth === 'form' ||
    (entry.kind !== 'call' && entry.kind !== 'abort') ||
    entry.caller === null ||
    entry.request === null
  ) {
    return { index, entry, caller: undefined, signed: undefined, calls: [], request: undefined }
  }
  const caller = entry.caller
  requireRequestSize(index, entry.request, limits)
  const request = readText(entry.request, blobs)
  if (!('key' in caller)) {
    return { index, entry, caller, signed: undefined, calls: parseRequest(request), request }
  }
  const signed = parseSignedCall(request)
  if (depth === 'signature' && !caller.key.verify(callMessage(request), caller.signature)) {
    throw brokenSignature(index, caller.key)
  }
  return { index, entry, caller, signed, calls: signed.calls, request }
}

/** That the signature of a caller does not hold. */
export function brokenSignature(index: bigint, key: PublicKey): BrokenRuleError {
  return new BrokenRuleError('signature', index, `a signature by ${key}`, 'one that fails')
}

/** What a live host gives the module is no longer than this. */
export function requireAnswerSizes(index: bigint, entry: Entry, limits: Limits): void {
  for (const input of entry.inputs) {
    const limit = input.kind === 'entropy' ? MAX_ENTROPY : limits.result
    const length = textLength(input.answer)
    if (length > limit) {
      throw new BrokenRuleError(
        'answer',
        index,
        `answers of at most ${limit} bytes`,
        `one of ${length} bytes`,
      )
    }
  }
}

/** A request is no longer than the log's limit: by the length that the entry states. */
export function requireRequestSize(index: bigint, request: Text, limits: Limits): void {
  const length = textLength(request)
  if (length > limits.request) {
    throw new BrokenRuleError(
      'admission',
      index,
      `a request of at most ${limits.request} bytes`,
      `one of ${length} bytes`,
    )
  }
}

/** An entry has its own index, and the first one alone is genesis. */
export function requirePlace(index: bigint, entry: Entry): void {
  if ((index === 0n) !== (entry.kind === 'genesis')) {
    throw new BrokenRuleError('chain', index, 'one genesis entry, at index 0', 'another order')
  }
  if (index !== BigInt(entry.seq)) {
    throw new BrokenRuleError('chain', index, `seq ${index}`, `seq ${entry.seq}`)
  }
}

/**
 * An entry continues the one before it.
 *
 * @param prev leaf hash of the entry before
 * @param end what the guest's clock showed after it, if that is known
 */
export function requireFollows(parsed: ParsedEntry, prev: Hash, end: bigint | undefined): void {
  const { index, entry } = parsed
  if (!prev.equals(entry.prev)) {
    throw new BrokenRuleError('chain', index, `prev ${prev}`, `prev ${entry.prev}`)
  }
  if (end !== undefined && BigInt(entry.time) < end) {
    throw new BrokenRuleError('chain', index, `a time not before ${end}`, `time ${entry.time}`)
  }
}

/** What the guest's clock showed after an entry: its time, or the last time in its inputs. */
export function endOf(entry: Entry): bigint {
  let time = BigInt(entry.time)
  for (const input of entry.inputs) {
    if (
      input.kind === 'timer' &&
      typeof input.answer === 'string' &&
      /^(0|[1-9][0-9]{0,15})$/.test(input.answer)
    ) {
      time = BigInt(input.answer)
    }
  }
  return time
}

/** A call may be in this log at this place (formats.md, section 11). */
export function requireAdmitted(
  parsed: ParsedEntry,
  genesis: GenesisEntry,
  log: Hash,
  state: AdmissionState,
): void {
  const { index, caller, signed } = parsed
  if (caller === undefined) {
    return
  }
  if (!('key' in caller) || signed === undefined) {
    if (genesis.auth !== 'debug') {
      throw new BrokenRuleError('unsigned', index, 'a signed call', 'a call of a user at their word')
    }
    return
  }
  const refusal = refusalOf(signed, caller.key, log, index, state)
  if (refusal !== undefined) {
    throw new BrokenRuleError(
      'admission',
      index,
      `a call that may be entry ${index}`,
      `one that may not: ${refusal}`,
    )
  }
}

function refusalOf(
  call: SignedCall,
  key: PublicKey,
  log: Hash,
  size: bigint,
  state: AdmissionState,
): string | undefined {
  if (!call.log.equals(log)) {
    return `the call is signed for log ${call.log}, this is log ${log}`
  }
  const last = state.lastNumber(key, call.session)
  if (call.n <= last) {
    return `number ${call.n} of this session is used up; the last one used is ${last}`
  }
  const seen = call.seen
  if (seen.size > size) {
    return `the caller has seen ${seen.size} entries, this log has ${size}: it was rolled back, or is another log`
  }
  const root = seen.size === 0n ? EMPTY_ROOT : state.rootAt(seen.size)
  if (!seen.root.equals(root)) {
    return `the caller has seen another history of the first ${seen.size} entries: the log was forked`
  }
  return undefined
}

/** A call has one outcome for each call of its request. */
export function requireOutcomes(index: bigint, entry: Entry, calls: readonly MethodCall[]): void {
  if (entry.kind === 'call' && entry.outcomes.length !== calls.length) {
    throw new BrokenRuleError(
      'outcomes',
      index,
      `${calls.length} outcomes`,
      `${entry.outcomes.length} outcomes`,
    )
  }
}
