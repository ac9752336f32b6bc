// Values that cross between guest and host: JSON, with bytes and big integers tagged.
import {
  ArrayBufferClass, bigIntToString, BigIntClass, bufferOf, byteLengthOf, BytesClass,
  charCodeAt, fromBase64, indexOf, isArray, isView, keys, offsetOf, parse, put, RangeErrorClass, slice,
  startsWith, stringify, toBase64, typedArrayName, TypeErrorClass
} from './captured.js'

const DOLLAR = 36

// Reading and writing a big integer takes time with the square of its length, and no fuel: whoever
// may call must not be able to send one of any length.
const BIGINT_LIMIT = 1n << 32768n
const BIGINT_DIGITS = 10000
const TOO_BIG = 'a BigInt of more than 32768 bits cannot cross'

function isBytes (value) {
  return typedArrayName(value) === 'Uint8Array'
}

// The one key that JSON will show of this object if it could be taken for a tag, else undefined.
function tagOf (value) {
  const own = keys(value)
  let found
  for (let i = 0; i < own.length; i++) {
    if (charCodeAt(own[i], 0) === DOLLAR) {
      if (found !== undefined) return undefined
      found = own[i]
    }
  }
  if (found === undefined) return undefined
  for (let i = 0; i < own.length; i++) {
    if (own[i] !== found && value[own[i]] !== undefined) return undefined
  }
  return found
}

function tag (key, value) {
  const raw = this[key]
  if (typeof raw === 'bigint') {
    if (raw > BIGINT_LIMIT || raw < -BIGINT_LIMIT) throw new RangeErrorClass(TOO_BIG)
    return { $bigint: bigIntToString(raw) }
  }
  if (typeof raw === 'function' || typeof raw === 'symbol') {
    throw new TypeErrorClass('a ' + typeof raw + ' cannot be sent: only JSON, Uint8Array and BigInt cross')
  }
  if (isBytes(raw)) return { $bytes: toBase64(raw) }
  if (typeof value === 'object' && value !== null && !isArray(value)) {
    const name = tagOf(value)
    if (name !== undefined) return { ['$' + name]: value[name] }
  }
  return value
}

export function format (value) {
  switch (typeof value) {
    case 'undefined': return 'null'
    // As JSON has it, in a third of the time.
    case 'number': return value - value === 0 ? '' + value : 'null'
    case 'string': case 'boolean': return stringify(value)
  }
  const text = stringify(value, tag)
  return text === undefined ? 'null' : text
}

export function untag (value) {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = untag(value[i])
    return value
  }
  const own = keys(value)
  if (own.length === 1 && charCodeAt(own[0], 0) === DOLLAR) {
    const name = own[0]
    const content = value[name]
    if (name === '$bytes' && typeof content === 'string') return fromBase64(content)
    if (name === '$bigint' && typeof content === 'string') {
      if (content.length > BIGINT_DIGITS) throw new RangeErrorClass(TOO_BIG)
      return BigIntClass(content)
    }
    if (startsWith(name, '$$')) return { [slice(name, 1)]: untag(content) }
  }
  for (let i = 0; i < own.length; i++) {
    put(value, own[i], untag(value[own[i]]), true)
  }
  return value
}

export function mayHaveTags (text) {
  return indexOf(text, '"$') >= 0 || indexOf(text, '"\\u0024') >= 0
}

export function unformat (text) {
  const value = parse(text)
  return mayHaveTags(text) ? untag(value) : value
}

// The bytes of a buffer or of a view of one, without a copy; null for anything else.
export function bytesOf (content) {
  if (isBytes(content)) {
    // A view of a resizable buffer follows its size, which is not seen from outside.
    return new BytesClass(bufferOf(content), offsetOf(content), byteLengthOf(content))
  }
  if (content instanceof ArrayBufferClass) return new BytesClass(content)
  if (isView(content)) return new BytesClass(content.buffer, content.byteOffset, content.byteLength)
  return null
}
