import { fromBase64, toBase64 } from './bytes.js'
import { MalformedError } from './errors.js'

// A host reads no longer ones: what that takes grows with the square of their length.
const BIGINT_LIMIT = 2n ** 32768n
const BIGINT_CHARACTERS = 10_000

/**
 * Guest JSON (formats.md, section 8): what `JSON.stringify` makes of a value, with tags for
 * `Uint8Array` and `BigInt`. `undefined` as the whole value is `null`.
 *
 * @throws TypeError for a function or symbol, which do not cross
 * @throws RangeError for a BigInt beyond 2^32768
 */
export function formatGuestJson(value: unknown): string {
  return JSON.stringify(value, tag) ?? 'null'
}

/** The value of guest JSON. */
export function parseGuestJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new MalformedError('guest JSON that is no JSON')
  }
  return untag(value)
}

// What stands in the object is looked at before `toJSON`: bytes and big integers may have one.
function tag(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key]
  if (typeof raw === 'bigint') {
    if (raw > BIGINT_LIMIT || raw < -BIGINT_LIMIT) {
      throw new RangeError('a BigInt of more than 32768 bits cannot cross')
    }
    return { $bigint: raw.toString() }
  }
  if (typeof raw === 'function' || typeof raw === 'symbol') {
    throw new TypeError(`a ${typeof raw} cannot be sent: only JSON, Uint8Array and BigInt cross`)
  }
  if (raw instanceof Uint8Array) {
    return { $bytes: toBase64(raw) }
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const shown = Object.entries(value).filter(([, member]) => member !== undefined)
    const [only] = shown
    if (only?.[0].startsWith('$') && shown.length === 1) {
      return { [`$${only[0]}`]: only[1] }
    }
  }
  return value
}

function untag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value
  }
  if (Array.isArray(value)) {
    return value.map(untag)
  }
  const members = Object.entries(value)
  const [only] = members
  if (only !== undefined && members.length === 1 && only[0].startsWith('$')) {
    const [name, content] = only
    if (name === '$bytes' && typeof content === 'string') {
      return fromBase64(content)
    }
    if (name === '$bigint' && typeof content === 'string') {
      return parseBigint(content)
    }
    if (name.startsWith('$$')) {
      return { [name.slice(1)]: untag(content) }
    }
  }
  // As JSON.parse does it: a member named __proto__ is one like any other.
  return Object.fromEntries(members.map(([name, member]) => [name, untag(member)]))
}

function parseBigint(text: string): bigint {
  if (text.length > BIGINT_CHARACTERS || !/^-?(0|[1-9][0-9]*)$/.test(text)) {
    throw new MalformedError('a $bigint is a decimal number of at most 10,000 characters')
  }
  return BigInt(text)
}
