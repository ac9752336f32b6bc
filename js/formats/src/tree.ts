import { MalformedError } from './errors.js'
import { Hash } from './hash.js'

const LEAF = Uint8Array.of(0)
const NODE = 1

/** The root of a tree without leaves: SHA-256 of no bytes. */
export const EMPTY_ROOT = Hash.of()

/** `SHA-256(0x00 ‖ entry)` (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Hash {
  return Hash.of(LEAF, entry)
}

/** `SHA-256(0x01 ‖ left ‖ right)`. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return Hash.ofPair(NODE, left, right)
}

/** The root over all of these leaf hashes, as RFC 6962 defines it. */
export function rootOf(leafHashes: readonly Hash[]): Hash {
  const [first, ...others] = leafHashes
  if (first === undefined) {
    return EMPTY_ROOT
  }
  if (others.length === 0) {
    return first
  }
  const split = Number(splitPoint(BigInt(leafHashes.length)))
  return nodeHash(rootOf(leafHashes.slice(0, split)), rootOf(leafHashes.slice(split)))
}

/** The largest power of two below a size of at least 2. */
export function splitPoint(size: bigint): bigint {
  return 1n << BigInt((size - 1n).toString(2).length - 1)
}

/**
 * The size of a log and the root over its entries, signed by nobody. Sizes and indexes are
 * `bigint`: notes and tiles have them up to 2^63.
 */
export class TreeHead {
  /** The head of a log without entries. */
  static readonly EMPTY = new TreeHead(0n, EMPTY_ROOT)

  constructor(
    readonly size: bigint,
    readonly root: Hash,
  ) {
    if (size < 0n) {
      throw new MalformedError(`a tree size is not negative: ${size}`)
    }
    if (size === 0n && !root.equals(EMPTY_ROOT)) {
      throw new MalformedError('the root of the empty tree is SHA-256 of no bytes')
    }
  }

  equals(other: TreeHead): boolean {
    return this.size === other.size && this.root.equals(other.root)
  }
}
