import { MalformedError } from './errors.js'

const encoder = new TextEncoder()
// A byte order mark is a character like any other, and nothing is replaced.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`

/** The UTF-8 bytes of a text; refuses half of a surrogate pair, which has none. */
export function encodeUtf8(text: string): Uint8Array {
  requireUnicode(text)
  return encoder.encode(text)
}

/** Throws unless every surrogate of the text is one of a pair. */
export function requireUnicode(text: string): void {
  if (!isUnicode(text)) {
    throw new MalformedError('half of a surrogate pair has no UTF-8 form')
  }
}

/** Whether every surrogate of a text is one of a pair. */
export function isUnicode(text: string): boolean {
  // In unicode mode a pair is one character above U+FFFF, so only lone surrogates match.
  return !/\p{Surrogate}/u.test(text)
}

/** The text of UTF-8 bytes; refuses what is not well formed, and keeps a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new MalformedError('not well-formed UTF-8')
  }
}

/** How many bytes of UTF-8 a text has. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) {
      length += 2
    } else if (unit >= 0x80) {
      // Also each half of a pair, which is four bytes together.
      length += 1
    }
  }
  return length
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) {
    return false
  }
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) {
      return false
    }
  }
  return true
}

/** Orders as unsigned bytes; a beginning comes before what it begins. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length)
  for (let i = 0; i < shared; i++) {
    const difference = (one[i] as number) - (other[i] as number)
    if (difference !== 0) {
      return difference
    }
  }
  return one.length - other.length
}

/** Lower-case hex digits. */
export function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) {
    hex += (byte < 16 ? '0' : '') + byte.toString(16)
  }
  return hex
}

/** Reads lower-case hex digits, two for each byte, and nothing else. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1)
  let isHex = hex.length % 2 === 0
  for (let i = 0; i < bytes.length && isHex; i++) {
    const high = hexDigit(hex.charCodeAt(2 * i))
    const low = hexDigit(hex.charCodeAt(2 * i + 1))
    bytes[i] = (high << 4) | low
    isHex = (high | low) >= 0
  }
  if (!isHex) {
    throw new MalformedError('hex is an even number of lower-case digits')
  }
  return bytes
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) {
    return unit - 0x30
  }
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1
}

/** Padded standard base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  const digits = encode(bytes, STANDARD)
  return digits + '='.repeat((4 - (digits.length % 4)) % 4)
}

/** Reads padded standard base64 in its one canonical form. */
export function fromBase64(text: string): Uint8Array {
  const bytes = decode(text.replace(/={1,2}$/, ''), STANDARD)
  if (toBase64(bytes) !== text) {
    throw new MalformedError('base64 is not in its canonical form')
  }
  return bytes
}

/** Base64 of the URL alphabet without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE)
}

/** Reads base64 of the URL alphabet without padding in its one canonical form. */
export function fromBase64Url(text: string): Uint8Array {
  const bytes = decode(text, URL_SAFE)
  if (toBase64Url(bytes) !== text) {
    throw new MalformedError('base64url is not in its canonical form')
  }
  return bytes
}

const DIGITS = new Map([STANDARD, URL_SAFE].map((alphabet) => [alphabet, encodeUtf8(alphabet)]))

// A string that grows digit by digit takes fifty times as long, and a photo has a million.
function encode(bytes: Uint8Array, alphabet: string): string {
  const digits = DIGITS.get(alphabet) as Uint8Array
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const three = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text[at++] = digits[three >> 18] as number
    text[at++] = digits[(three >> 12) & 63] as number
    text[at++] = digits[(three >> 6) & 63] as number
    text[at++] = digits[three & 63] as number
  }
  // What stands for bytes that are not there is padding, which not every alphabet writes.
  return decodeUtf8(text.subarray(0, Math.ceil((bytes.length * 4) / 3)))
}

const VALUES = new Map([STANDARD, URL_SAFE].map((alphabet) => [alphabet, valuesOf(alphabet)]))

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1)
  for (let i = 0; i < alphabet.length; i++) {
    values[alphabet.charCodeAt(i)] = i
  }
  return values
}

// What is set behind the last byte is dropped here, and found by whoever encodes again.
function decode(digits: string, alphabet: string): Uint8Array {
  const values = VALUES.get(alphabet) as Int8Array
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8))
  let at = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < digits.length; i++) {
    const value = values[digits.charCodeAt(i)] ?? -1
    if (value < 0) {
      throw new MalformedError('a character that base64 does not have')
    }
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return bytes
}
