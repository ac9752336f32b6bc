import {
  type Entry,
  type Hash,
  type Json,
  type KeyCaller,
  Members,
  Receipt,
  type SignedCall,
  UnverifiedError,
  encodeUtf8,
  equalBytes,
  formatJsonText,
  formatOutcome,
  parseEntry,
  parseJson,
  sameText,
  textOf,
} from 'glasshouse-formats'
import { AbortedError } from './errors.js'
import { type CallResult, failed } from './results.js'

const MAX_RESULTS = 256

/** A request as it was signed. */
export interface SentRequest {
  readonly caller: KeyCaller
  readonly call: SignedCall
  readonly request: string
}

/** The result of `rpc.call` (formats.md, section 14), checked against what was asked. */
export interface SignedAnswer {
  readonly results: readonly CallResult[]
  readonly receipt: Receipt
  readonly entry: Entry
  readonly isAborted: boolean
  /** Size of the tree that {@link consistency} leads from. */
  readonly from: bigint
  readonly consistency: readonly Hash[]
}

/** The receipt alone, unverified, whatever the rest of an answer is. */
export function receiptIn(json: string): Receipt {
  return Receipt.fromJson(Members.of('the answer', parseJson(encodeUtf8(json))).any('receipt'))
}

/**
 * Reads an answer, and verifies that its entry holds the request that was sent, and these results.
 *
 * @throws UnverifiedError if the host answers something else than it logged
 */
export function readAnswer(
  json: string,
  sent: SentRequest,
  blobs: ReadonlyMap<string, Uint8Array>,
): SignedAnswer {
  const answer = Members.of('the answer', parseJson(encodeUtf8(json)))
  const receipt = Receipt.fromJson(answer.any('receipt'))
  const answered = answer.list('results', MAX_RESULTS)
  const from = BigInt(answer.count('from'))
  const consistency = answer.proof('consistency')
  answer.end()
  const entry = parseEntry(receipt.entry, blobs)
  if (BigInt(entry.seq) !== receipt.index) {
    throw new UnverifiedError('the receipt is not of the entry at its index')
  }
  requireSame(entry, sent)
  const results = entry.kind === 'call' ? callResults(entry.outcomes, answered) : abortResults(sent, answered)
  return { results, receipt, entry, isAborted: entry.kind === 'abort', from, consistency }
}

function requireSame(entry: Entry, sent: SentRequest): void {
  const isCall = entry.kind === 'call' || entry.kind === 'abort'
  if (!isCall || entry.caller === null || entry.request === null) {
    throw new UnverifiedError('the receipt is not of a call')
  }
  const { caller, request } = entry
  const isSame =
    'key' in caller &&
    caller.key.equals(sent.caller.key) &&
    equalBytes(caller.signature, sent.caller.signature) &&
    sameText(request, textOf(sent.request))
  if (!isSame) {
    throw new UnverifiedError('the receipt is of another call than the one that was sent')
  }
}

function abortResults(sent: SentRequest, answered: readonly Json[]): CallResult[] {
  const isAbort = answered.every((each) => formatJsonText(each) === '{"abort":"watchdog"}')
  if (answered.length !== sent.call.calls.length || !isAbort) {
    throw new UnverifiedError(
      'the host has logged that its watchdog ended the request, and answers something else',
    )
  }
  return answered.map(() => ({ error: new AbortedError() }))
}

function callResults(
  logged: (Entry & { kind: 'call' })['outcomes'],
  answered: readonly Json[],
): CallResult[] {
  if (answered.length !== logged.length) {
    throw new UnverifiedError(
      `the host answers ${answered.length} results and has logged ${logged.length} outcomes`,
    )
  }
  return logged.map((outcome, i) => {
    const given = answered[i] as Json
    if (!('ok' in outcome)) {
      if (formatJsonText(given) !== formatJsonText(formatOutcome(outcome))) {
        throw answersElse(given)
      }
      return failed(outcome)
    }
    const members = Members.of('a result', given)
    const ok = members.string('ok')
    const fuel = members.count('fuel')
    members.end()
    if (fuel !== outcome.fuel || !sameText(textOf(ok), outcome.ok)) {
      throw answersElse(given)
    }
    return { ok }
  })
}

function answersElse(given: Json): UnverifiedError {
  return new UnverifiedError(
    `the host answers ${formatJsonText(given).slice(0, 200)} and has logged something else`,
  )
}
