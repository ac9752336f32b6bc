import { Point, etc, getPublicKey, sign } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2'
import { concat, fromHex } from './bytes.js'

// The library brings no hash of its own for its synchronous functions.
etc.sha512Sync = (...parts) => sha512(concat(...parts))

const BYTES = 32
const SIGN_BIT = 0x80

/** p = 2^255 - 19, little-endian. */
const P = fromHex(`ed${'ff'.repeat(30)}7f`)

/** L = 2^252 + 27742317777372353535851937790883648493, the order of the base point. */
const L = fromHex(`edd3f55c1a631258d69cf7a2def9de14${'00'.repeat(15)}10`)

/** The y-coordinates of the points of order 1, 2, 4 and 8; points of equal y have equal order. */
const LOW_ORDER_Y = [
  fromHex('00'.repeat(BYTES)),
  fromHex(`01${'00'.repeat(31)}`),
  fromHex(`ec${'ff'.repeat(30)}7f`),
  fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
]

/** A point of the curve that the rule allows as A or R. */
export type CurvePoint = Point

/**
 * The point of a key, or of a signature's R; undefined for what the rule of formats.md, section 4,
 * refuses: not canonical, of low order, or no point of the curve.
 */
export function decodePoint(bytes: Uint8Array): CurvePoint | undefined {
  if (bytes.length !== BYTES || !hasSoundY(bytes)) {
    return undefined
  }
  try {
    return Point.fromHex(bytes)
  } catch {
    return undefined
  }
}

/**
 * Whether a signature keeps all of the rule that needs neither key nor message: its length, S below
 * L, R canonical and not of low order. Of such a signature, any verifier that computes the equation,
 * with the cofactor or without, accepts only what the rule accepts; one that computes it without
 * may refuse more.
 */
export function hasSoundForm(signature: Uint8Array): boolean {
  return (
    signature.length === 2 * BYTES &&
    isBelow(L, signature.subarray(BYTES), 0xff) &&
    hasSoundY(signature.subarray(0, BYTES))
  )
}

// Canonical, and of none of the points of low order.
function hasSoundY(point: Uint8Array): boolean {
  return isBelow(P, point, 0xff ^ SIGN_BIT) && !LOW_ORDER_Y.some((y) => hasY(point, y))
}

/**
 * The rule of formats.md, section 4: `[8][S]B = [8]R + [8][k]A`. WebCrypto, which is OpenSSL or
 * BoringSSL underneath, computes the equation without the cofactor 8 and refuses signatures that a
 * log may hold, so it signs but does not verify.
 */
export function verifySignature(
  key: CurvePoint,
  keyBytes: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const first = signature.subarray(0, BYTES)
  const scalar = signature.subarray(BYTES)
  if (signature.length !== 2 * BYTES || !isBelow(L, scalar, 0xff)) {
    return false
  }
  const r = decodePoint(first)
  if (r === undefined) {
    return false
  }
  const k = etc.mod(littleEndian(sha512(concat(first, keyBytes, message))), ORDER)
  const difference = r
    .add(key.multiply(k, false))
    .add(Point.BASE.multiply(littleEndian(scalar), false).negate())
  return difference.clearCofactor().is0()
}

/** The public key of a 32-byte seed (RFC 8032, 5.1.5). */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return getPublicKey(seed)
}

/** Signs with a seed, as RFC 8032 says. */
export function signWithSeed(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(message, seed)
}

const ORDER = littleEndian(L)

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n
  for (let i = bytes.length - 1; i >= 0; i--) {
    number = (number << 8n) | BigInt(bytes[i] as number)
  }
  return number
}

function isBelow(limit: Uint8Array, bytes: Uint8Array, topMask: number): boolean {
  for (let i = BYTES - 1; i >= 0; i--) {
    const digit = (bytes[i] as number) & (i === BYTES - 1 ? topMask : 0xff)
    const difference = digit - (limit[i] as number)
    if (difference !== 0) {
      return difference < 0
    }
  }
  return false
}

function hasY(bytes: Uint8Array, y: Uint8Array): boolean {
  return y.every((byte, i) => ((bytes[i] as number) & (i === BYTES - 1 ? 0xff ^ SIGN_BIT : 0xff)) === byte)
}
