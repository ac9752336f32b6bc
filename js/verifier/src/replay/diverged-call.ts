import {
  type Entry,
  type Hash,
  type Input,
  type MethodCall,
  type Outcome,
  type Text,
  formatJsonText,
  formatOutcome,
} from 'glasshouse-formats'
import type { CallResult, DivergedCall } from '../divergence.js'

const MAX_TEXT = 1000
const MAX_INPUTS = 20
const MAX_ANSWER = 200
/** The position of a call that is not known. */
export const UNKNOWN = -1

/** An entry with the calls of its request. */
export interface ReplayedEntry {
  readonly index: number
  readonly entry: Entry
  readonly calls: readonly MethodCall[]
}

/** A call by its position in its request. */
export function divergedCall(
  replayed: ReplayedEntry,
  position: number,
  inputEnds: readonly number[],
): DivergedCall {
  const call = replayed.calls[position]
  return {
    actual: null,
    actualWrites: replayed.entry.writes.hex(),
    expected: null,
    expectedWrites: null,
    inputs: inputTexts(replayed.entry.inputs, position, inputEnds),
    method: call === undefined ? null : cut(call.method, MAX_TEXT),
    of: replayed.calls.length,
    params: call === undefined ? null : cut(call.params, MAX_TEXT),
    position: position === UNKNOWN ? null : position,
  }
}

/** The only call of an entry, or that it is not known which it is. */
export function onlyCall(replayed: ReplayedEntry): DivergedCall {
  return divergedCall(replayed, replayed.calls.length > 1 ? UNKNOWN : 0, [])
}

export function withOutcomes(call: DivergedCall, right: Outcome, said: Outcome): DivergedCall {
  return { ...call, expected: result(right), actual: result(said) }
}

export function withWrites(call: DivergedCall, right: Hash): DivergedCall {
  return { ...call, expectedWrites: right.hex() }
}

/** An outcome without its fuel, as canonical JSON. */
export function withoutFuel(outcome: Outcome): string {
  const { fuel: _, ...json } = formatOutcome(outcome) as { [name: string]: string }
  return formatJsonText(json)
}

function result(outcome: Outcome): CallResult {
  return { fuel: outcome.fuel, outcome: cut(withoutFuel(outcome), MAX_TEXT) }
}

function inputTexts(all: readonly Input[], position: number, ends: readonly number[]): string[] {
  const from = (position > 0 ? ends[position - 1] : undefined) ?? 0
  const to = ends[position] ?? all.length
  const inputs = all.slice(from, to)
  const texts = inputs.slice(0, MAX_INPUTS).map((input) => `${input.kind} ${answerText(input.answer)}`)
  return inputs.length > MAX_INPUTS ? [...texts, `${to - from - MAX_INPUTS} more`] : texts
}

function answerText(text: Text): string {
  return typeof text === 'string'
    ? cut(text, MAX_ANSWER)
    : `of ${text.length} bytes with SHA-256 ${text.sha256}`
}

/** At most so many characters, with an ellipsis for the rest; never half of a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) {
    return text
  }
  const last = text.charCodeAt(max - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)}\u2026`
}
