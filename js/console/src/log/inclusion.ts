import { type Hash, type TreeHead, nodeHash, verifyInclusion } from 'glasshouse-formats'

/** One step of an inclusion proof: the sibling that is hashed in, on which side, and what that gives. */
export interface Step {
  readonly sibling: Hash
  readonly side: 'left' | 'right'
  readonly hash: Hash
}

/** An inclusion proof as a path from a leaf to the root, computed in this page. */
export interface InclusionPath {
  readonly index: bigint
  readonly head: TreeHead
  readonly leaf: Hash
  readonly steps: readonly Step[]
  /** Whether it leads to the root that the host has signed. */
  readonly holds: boolean
}

/** Follows a proof. */
export function followProof(index: bigint, leaf: Hash, head: TreeHead, proof: readonly Hash[]): InclusionPath {
  // As in RFC 6962: a leaf that is the last of its level has no sibling there.
  let at = index
  let last = head.size - 1n
  let hash = leaf
  const steps: Step[] = []
  for (const sibling of proof) {
    while (at === last && at % 2n === 0n && at > 0n) {
      at /= 2n
      last /= 2n
    }
    const side = at % 2n === 1n ? 'left' : 'right'
    hash = side === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    steps.push({ sibling, side, hash })
    at /= 2n
    last /= 2n
  }
  const holds = verifyInclusion(index, leaf, head, proof) && hash.equals(head.root)
  return { index, head, leaf, steps, holds }
}
