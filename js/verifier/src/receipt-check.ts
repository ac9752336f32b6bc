import {
  type Hash,
  type HashReader,
  type TreeHead,
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from 'glasshouse-formats'
import { divergence } from './divergence.js'
import { DivergenceError } from './errors.js'

/** Requires, by proofs from the published tiles, that a signed tree begins with the genesis entry. */
export async function requireGenesis(signed: TreeHead, leaf: Hash, tiles: HashReader): Promise<void> {
  if (!verifyInclusion(0n, leaf, signed, await inclusionProof(0n, signed.size, tiles))) {
    throw new DivergenceError(
      divergence('TREE', 0, 'the genesis entry in the signed tree', 'tiles that do not show it'),
    )
  }
}

/** Requires the same of a tree that was seen before. */
export async function requireContinues(signed: TreeHead, old: TreeHead, tiles: HashReader): Promise<void> {
  if (!verifyConsistency(old, signed, await consistencyProof(old.size, signed.size, tiles))) {
    throw new DivergenceError(
      divergence(
        'FORK',
        Number(old.size) - 1,
        `a tree that continues root ${old.root} of size ${old.size}`,
        `root ${signed.root} of size ${signed.size}`,
      ),
    )
  }
}
