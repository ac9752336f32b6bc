// crypto: random values from entropy that the host logs as an input of the call, and digests.
import {
  BytesClass, bufferOf, byteLengthOf, create, DOMExceptionClass, isObject, offsetOf, put, setBytes,
  slice, StringClass, tagSymbol, toHex, toUpperCase, typedArrayName, TypeErrorClass
} from './captured.js'
import { ask, OP } from './host.js'
import { library } from './libraries.js'
import { bytesOf } from './values.js'

const QUOTA = 65536
const INTEGERS = create(null)
for (const name of [
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'BigInt64Array', 'BigUint64Array'
]) INTEGERS[name] = true

function entropy (count) {
  return ask(OP.entropy, StringClass(count))
}

function digest (algorithm, content) {
  const name = toUpperCase(StringClass(isObject(algorithm) ? algorithm.name : algorithm))
  const hashes = library('hashes')
  const hash = name === 'SHA-1' ? hashes.sha1
    : name === 'SHA-256' ? hashes.sha256
      : name === 'SHA-384' ? hashes.sha384
        : name === 'SHA-512' ? hashes.sha512 : null
  if (hash === null) {
    throw new DOMExceptionClass('digest knows SHA-1, SHA-256, SHA-384 and SHA-512', 'NotSupportedError')
  }
  const bytes = bytesOf(content)
  if (bytes === null) throw new TypeErrorClass('digest takes an ArrayBuffer or a view of one')
  return bufferOf(new BytesClass(hash(bytes)))
}

const subtle = { digest: async (algorithm, content) => digest(algorithm, content) }
put(subtle, tagSymbol, 'SubtleCrypto', false)

export const crypto = {
  subtle,
  getRandomValues (view) {
    if (!INTEGERS[typedArrayName(view)]) {
      throw new DOMExceptionClass('getRandomValues takes an array of integers', 'TypeMismatchError')
    }
    const length = byteLengthOf(view)
    if (length > QUOTA) {
      throw new DOMExceptionClass('getRandomValues gives at most ' + QUOTA + ' bytes', 'QuotaExceededError')
    }
    if (length > 0) setBytes(new BytesClass(bufferOf(view), offsetOf(view), length), entropy(length))
    return view
  },
  randomUUID () {
    const bytes = entropy(16)
    bytes[6] = (bytes[6] & 0x0f) | 0x40
    bytes[8] = (bytes[8] & 0x3f) | 0x80
    const hex = toHex(bytes)
    return slice(hex, 0, 8) + '-' + slice(hex, 8, 12) + '-' + slice(hex, 12, 16) + '-' +
      slice(hex, 16, 20) + '-' + slice(hex, 20)
  }
}
put(crypto, tagSymbol, 'Crypto', false)
