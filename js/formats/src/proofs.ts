import { Hash } from './hash.js'
import { MAX_PROOF } from './members.js'
import { EMPTY_ROOT, TreeHead, nodeHash, splitPoint } from './tree.js'

/**
 * Where proofs are made from: the root of the perfect subtree over the leaves
 * `[index << level, (index + 1) << level)`, asked for only if the tree has all of it.
 */
export interface HashReader {
  subtree(level: number, index: bigint): Promise<Hash>
}

/** Whether a proof shows that a leaf hash is at an index of a tree. Its length must be exact. */
export function verifyInclusion(index: bigint, leaf: Hash, head: TreeHead, proof: readonly Hash[]): boolean {
  if (index < 0n || index >= head.size) {
    return false
  }
  // The paths of this leaf and of the last leaf meet `inner` levels up; above are left siblings.
  const inner = bitLength(index ^ (head.size - 1n))
  if (proof.length !== inner + bitCount(index >> BigInt(inner))) {
    return false
  }
  const hash = proof.reduce(
    (below, sibling, level) =>
      level >= inner || isSet(index, level) ? nodeHash(sibling, below) : nodeHash(below, sibling),
    leaf,
  )
  return hash.equals(head.root)
}

/**
 * Whether a proof shows that the newer tree begins with all leaves of the older one. Its length
 * must be exact: it is empty between equal trees and from the empty one.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Hash[]): boolean {
  if (older.size > newer.size) {
    return false
  }
  if (older.size === newer.size) {
    return proof.length === 0 && older.root.equals(newer.root)
  }
  if (older.size === 0n) {
    return proof.length === 0
  }
  const roots = consistencyRoots(older.size, older.root, newer.size, proof)
  return roots !== undefined && roots.older.equals(older.root) && roots.newer.equals(newer.root)
}

/**
 * The root of the first leaves of a tree as a consistency proof shows it, whatever root somebody
 * claims for them. Undefined if the proof does not lead to the tree, and if the size is a power of
 * two: such a proof takes the older root for known.
 */
export function olderRoot(oldSize: bigint, newer: TreeHead, proof: readonly Hash[]): Hash | undefined {
  if (oldSize <= 0n || oldSize >= newer.size || bitCount(oldSize) === 1) {
    return undefined
  }
  const roots = consistencyRoots(oldSize, Hash.ZERO, newer.size, proof)
  return roots?.newer.equals(newer.root) ? roots.older : undefined
}

// The proof is the inclusion proof of the last perfect subtree of the older tree, `shift` levels
// up, in the newer tree. The subtree's own hash comes first, unless it is the whole older tree.
function consistencyRoots(
  oldSize: bigint,
  oldRoot: Hash,
  newSize: bigint,
  proof: readonly Hash[],
): { older: Hash; newer: Hash } | undefined {
  const shift = trailingZeros(oldSize)
  const index = (oldSize - 1n) >> BigInt(shift)
  const inner = bitLength((oldSize - 1n) ^ (newSize - 1n)) - shift
  const border = bitCount(index >> BigInt(inner))
  const isRootKnown = bitCount(oldSize) === 1
  const path = isRootKnown ? proof : proof.slice(1)
  const first = isRootKnown ? oldRoot : proof[0]
  if (proof.length > MAX_PROOF || path.length !== inner + border || first === undefined) {
    return undefined
  }
  let older = first
  let newer = first
  path.forEach((sibling, level) => {
    if (level >= inner || isSet(index, level)) {
      older = nodeHash(sibling, older)
      newer = nodeHash(sibling, newer)
    } else {
      newer = nodeHash(newer, sibling)
    }
  })
  return { older, newer }
}

/** The root of the first `size` leaves. */
export async function treeRoot(size: bigint, reader: HashReader): Promise<Hash> {
  return size === 0n ? EMPTY_ROOT : rangeRoot(0n, size, reader)
}

/** The hashes that lead from a leaf to the root of the first `size` leaves, its sibling first. */
export async function inclusionProof(index: bigint, size: bigint, reader: HashReader): Promise<Hash[]> {
  if (index < 0n || index >= size) {
    throw new RangeError(`a tree of size ${size} has no leaf ${index}`)
  }
  const proof: Hash[] = []
  let start = 0n
  let end = size
  while (end - start > 1n) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      proof.unshift(await rangeRoot(middle, end, reader))
      end = middle
    } else {
      proof.unshift(await rangeRoot(start, middle, reader))
      start = middle
    }
  }
  return proof
}

/** The hashes that show that a tree begins with the leaves of a smaller one (RFC 6962, 2.1.2). */
export async function consistencyProof(
  oldSize: bigint,
  newSize: bigint,
  reader: HashReader,
): Promise<Hash[]> {
  if (oldSize < 0n || oldSize > newSize) {
    throw new RangeError(`a tree does not grow from size ${oldSize} to size ${newSize}`)
  }
  if (oldSize === 0n || oldSize === newSize) {
    return []
  }
  const proof: Hash[] = []
  let start = 0n
  let end = newSize
  while (oldSize !== end) {
    const middle = start + splitPoint(end - start)
    if (oldSize <= middle) {
      proof.unshift(await rangeRoot(middle, end, reader))
      end = middle
    } else {
      proof.unshift(await rangeRoot(start, middle, reader))
      start = middle
    }
  }
  return start === 0n ? proof : [await rangeRoot(start, end, reader), ...proof]
}

// The start is a multiple of a power of two that is at least the number of leaves.
async function rangeRoot(start: bigint, end: bigint, reader: HashReader): Promise<Hash> {
  const size = end - start
  if (bitCount(size) === 1) {
    const level = trailingZeros(size)
    return reader.subtree(level, start >> BigInt(level))
  }
  const middle = start + splitPoint(size)
  return nodeHash(await rangeRoot(start, middle, reader), await rangeRoot(middle, end, reader))
}

function bitLength(number: bigint): number {
  return number === 0n ? 0 : number.toString(2).length
}

function bitCount(number: bigint): number {
  return number.toString(2).replaceAll('0', '').length
}

function trailingZeros(number: bigint): number {
  return bitLength(number & -number) - 1
}

function isSet(number: bigint, bit: number): boolean {
  return ((number >> BigInt(bit)) & 1n) === 1n
}
