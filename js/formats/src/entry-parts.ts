import type { Json, Writable } from './canonical-json.js'
import { MalformedError } from './errors.js'
import type { Hash } from './hash.js'
import { Members } from './members.js'
import { PublicKey, formatSignature, parseSignature } from './public-key.js'
import { type BlobReader, type Text, formatText, parseList, parseText } from './texts.js'

/** Inputs of one entry. */
export const MAX_INPUTS = 1024

/** What one call came to. `fuel` is what it used, in polls. */
export type Outcome =
  | { readonly fuel: number; readonly ok: Text }
  | { readonly fuel: number; readonly throw: { readonly name: string; readonly message: string } }
  | { readonly fuel: number; readonly trap: string }

export function parseOutcome(where: string, json: Json): Outcome {
  const members = Members.of(where, json)
  const fuel = members.count('fuel')
  let outcome: Outcome
  if (members.has('ok')) {
    outcome = { fuel, ok: parseText(`${where}.ok`, members.any('ok')) }
  } else if (members.has('throw')) {
    const thrown = members.object('throw')
    outcome = { fuel, throw: { name: thrown.string('name'), message: thrown.string('message') } }
    thrown.end()
  } else {
    outcome = { fuel, trap: members.string('trap') }
  }
  members.end()
  return outcome
}

export function formatOutcome(outcome: Outcome): Writable {
  return 'ok' in outcome ? { fuel: outcome.fuel, ok: formatText(outcome.ok) } : { ...outcome }
}

/** Something that came from outside while an entry ran: the host's word. */
export interface Input {
  /** `entropy`, `oracle` or `timer`. */
  readonly kind: string
  /** SHA-256 of what asked for it. */
  readonly request: Hash
  readonly answer: Text
}

export function parseInputs(json: Json, blobs: BlobReader): Input[] {
  return parseList('entry.inputs', json, MAX_INPUTS, blobs).map((item) => {
    const members = Members.of('entry.inputs', item)
    const input = {
      kind: members.string('kind'),
      request: members.hash('request'),
      answer: parseText('entry.inputs.answer', members.any('answer')),
    }
    members.end()
    return input
  })
}

export function formatInput(input: Input): Writable {
  return { answer: formatText(input.answer), kind: input.kind, request: input.request.hex() }
}

/** Who made a call: a key that signed it, or a user whom a debug host took at their word. */
export type Caller = KeyCaller | { readonly user: string | null }

export interface KeyCaller {
  readonly key: PublicKey
  readonly signature: Uint8Array
}

export function parseCaller(json: Json): Caller {
  const members = Members.of('entry.caller', json)
  let caller: Caller
  if (members.has('key')) {
    caller = { key: PublicKey.parse(members.string('key')), signature: parseSignature(members.string('sig')) }
  } else {
    const user = members.any('user')
    if (user !== null && typeof user !== 'string') {
      throw new MalformedError('entry.caller.user must be a string or null')
    }
    caller = { user }
  }
  members.end()
  return caller
}

export function formatCaller(caller: Caller): Writable {
  return 'key' in caller
    ? { key: caller.key.format(), sig: formatSignature(caller.signature) }
    : { user: caller.user }
}
