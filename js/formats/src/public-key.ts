import { equalBytes, fromBase64Url, toBase64Url } from './bytes.js'
import { type CurvePoint, decodePoint, verifySignature } from './ed25519.js'
import { MalformedError } from './errors.js'

const PREFIX = 'ed25519:'
const SIGNATURE_BYTES = 64
// To find the point of a key takes longer than to read the entry around it.
const KEPT_KEYS = 1024

/** An Ed25519 public key that the rule of formats.md, section 4, accepts. */
export class PublicKey {
  static readonly BYTES = 32

  // By their text form, the one that was asked for longest ago first.
  private static readonly kept = new Map<string, PublicKey>()

  private constructor(
    private readonly value: Uint8Array,
    private readonly point: CurvePoint,
    private readonly text: string,
  ) {}

  /** Takes a copy of 32 bytes. */
  static fromBytes(bytes: Uint8Array): PublicKey {
    const copy = Uint8Array.from(bytes)
    const point = decodePoint(copy)
    if (point === undefined) {
      throw new MalformedError(
        'an Ed25519 key has 32 bytes, in canonical form, of a point of the curve that is not of low order',
      )
    }
    return new PublicKey(copy, point, PREFIX + toBase64Url(copy))
  }

  /** Reads the text form, `ed25519:` and 43 characters of base64url. */
  static parse(text: string): PublicKey {
    let key = PublicKey.kept.get(text)
    if (key !== undefined) {
      return key
    }
    if (!text.startsWith(PREFIX)) {
      throw new MalformedError('a public key is written as ed25519:<base64url>')
    }
    key = PublicKey.fromBytes(fromBase64Url(text.slice(PREFIX.length)))
    if (PublicKey.kept.size === KEPT_KEYS) {
      PublicKey.kept.delete(PublicKey.kept.keys().next().value as string)
    }
    PublicKey.kept.set(text, key)
    return key
  }

  /** Whether a signature is valid for a message under the rule; never throws. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return verifySignature(this.point, this.value, message, signature)
  }

  /** A copy of the 32 bytes. */
  bytes(): Uint8Array {
    return this.value.slice()
  }

  equals(other: PublicKey): boolean {
    return equalBytes(this.value, other.value)
  }

  /** The text form. */
  format(): string {
    return this.text
  }

  toString(): string {
    return this.text
  }
}

/** A signature as 86 characters of base64url. */
export function formatSignature(signature: Uint8Array): string {
  return toBase64Url(signature)
}

/** The inverse of {@link formatSignature}. */
export function parseSignature(text: string): Uint8Array {
  const signature = fromBase64Url(text)
  if (signature.length !== SIGNATURE_BYTES) {
    throw new MalformedError('a signature is 64 bytes as 86 characters of base64url')
  }
  return signature
}
