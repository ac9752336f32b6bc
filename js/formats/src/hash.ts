import { sha256 } from '@noble/hashes/sha2'
import { compareBytes, encodeUtf8, equalBytes, fromBase64, fromHex, toBase64, toHex } from './bytes.js'
import { MalformedError } from './errors.js'

const BYTES = 32

/**
 * A SHA-256 value: 32 bytes that nobody changes. Hex in entries, base64 in notes and proofs.
 *
 * WebCrypto's digest is asynchronous, and a tree is hashed in many small steps: so this is
 * `@noble/hashes`, which is not.
 */
export class Hash {
  static readonly BYTES = BYTES

  /** 32 zero bytes: the `prev` of a genesis entry, never the hash of anything. */
  static readonly ZERO = new Hash(new Uint8Array(BYTES))

  private constructor(private readonly value: Uint8Array) {}

  /** SHA-256 over the parts, one after another. */
  static of(...parts: Uint8Array[]): Hash {
    const digest = sha256.create()
    for (const part of parts) {
      digest.update(part)
    }
    return new Hash(digest.digest())
  }

  /** SHA-256 over a byte and two hashes. */
  static ofPair(first: number, left: Hash, right: Hash): Hash {
    const bytes = new Uint8Array(1 + 2 * BYTES)
    bytes[0] = first
    bytes.set(left.value, 1)
    bytes.set(right.value, 1 + BYTES)
    return new Hash(sha256(bytes))
  }

  /** SHA-256 over the UTF-8 bytes of a text. */
  static ofText(text: string): Hash {
    return Hash.of(encodeUtf8(text))
  }

  /** Takes a copy of 32 bytes. */
  static fromBytes(bytes: Uint8Array): Hash {
    if (bytes.length !== BYTES) {
      throw new MalformedError(`a hash has 32 bytes, not ${bytes.length}`)
    }
    return new Hash(Uint8Array.from(bytes))
  }

  /** Reads 64 lower-case hex digits. */
  static parseHex(hex: string): Hash {
    if (hex.length !== 2 * BYTES) {
      throw new MalformedError(`a hash is written as 64 hex digits, not ${hex.length}`)
    }
    return new Hash(fromHex(hex))
  }

  /** Reads padded standard base64 of 32 bytes. */
  static parseBase64(text: string): Hash {
    return Hash.fromBytes(fromBase64(text))
  }

  /** A copy of the 32 bytes. */
  bytes(): Uint8Array {
    return this.value.slice()
  }

  /** 64 lower-case hex digits. */
  hex(): string {
    return toHex(this.value)
  }

  /** 44 characters of padded standard base64. */
  base64(): string {
    return toBase64(this.value)
  }

  equals(other: Hash): boolean {
    return equalBytes(this.value, other.value)
  }

  /** Orders as unsigned bytes, which is the order of the hex form too. */
  compare(other: Hash): number {
    return compareBytes(this.value, other.value)
  }

  toString(): string {
    return this.hex()
  }
}
