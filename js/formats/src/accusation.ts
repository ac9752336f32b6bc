import type { SignedCheckpoint } from './checkpoint.js'
import type { GenesisEntry } from './entry.js'
import { requireAlone } from './entry-rules.js'
import type { Evidence, EvidenceEntry } from './evidence.js'
import { judgeEvidence } from './evidence-judge.js'
import type { Hash } from './hash.js'
import {
  type HashReader,
  consistencyProof,
  inclusionProof,
  olderRoot,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './proofs.js'
import { TreeHead, leafHash } from './tree.js'

type Prefix = NonNullable<Evidence['prefix']>

/** What a log begins with: its first entry, in bytes and parsed, and the blobs that it names. */
export interface LogStart {
  readonly genesis: GenesisEntry
  readonly bytes: Uint8Array
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/**
 * Evidence of two checkpoints that cannot both be true, or for which the host does not show that
 * they can be. What a host withholds is left out, and then the file may prove nothing.
 *
 * @param given the host's consistency proof between them, whatever it is worth
 * @param tree the larger tree as the host publishes it; believed only where it leads to its root
 */
export async function accuseFork(
  start: LogStart,
  one: SignedCheckpoint,
  other: SignedCheckpoint,
  given: readonly Hash[],
  tree: HashReader,
): Promise<Evidence> {
  const [older, newer] = one.head.size <= other.head.size ? [one, other] : [other, one]
  const log = leafHash(start.bytes)
  return worded({
    claim: 'fork',
    log,
    genesis: { entry: start.bytes, proof: await genesisProof(log, newer.head, tree) },
    older: older.note,
    newer: newer.note,
    prefix: await shownPrefix(older.head.size, newer.head, given, tree),
    entries: [],
    blobs: start.blobs,
    text: '',
  })
}

/** Evidence of a smaller tree that was served after a larger one: somebody's word. */
export function accuseRollback(start: LogStart, served: SignedCheckpoint, kept: SignedCheckpoint): Evidence {
  return worded({
    claim: 'rollback',
    log: leafHash(start.bytes),
    genesis: { entry: start.bytes, proof: null },
    older: served.note,
    newer: kept.note,
    prefix: null,
    entries: [],
    blobs: start.blobs,
    text: '',
  })
}

/**
 * Evidence of an entry that breaks a rule by itself or after entries before it.
 *
 * @param signed a checkpoint whose tree holds it
 * @param tree that tree; what it throws is not caught
 * @param accused the entry's bytes
 * @param earlier the bytes of entries that it contradicts, by their indexes: the one before it, if
 *     that is to be had, and those that have used its number
 * @param blobs what all of them name, in addition to what genesis names
 */
export async function accuseEntry(
  start: LogStart,
  signed: SignedCheckpoint,
  tree: HashReader,
  index: bigint,
  accused: Uint8Array,
  earlier: ReadonlyMap<bigint, Uint8Array>,
  blobs: ReadonlyMap<string, Uint8Array>,
): Promise<Evidence> {
  const { size } = signed.head
  const entries: EvidenceEntry[] = []
  const bytes = new Map([...earlier, [index, accused]])
  for (const each of [...bytes.keys()].filter((each) => each > 0n && each <= index).sort(ascending)) {
    const proof = await inclusionProof(each, size, tree)
    entries.push({ index: each, entry: bytes.get(each) as Uint8Array, proof })
  }
  const needed = new Map([...start.blobs, ...blobs])
  const seen = seenBy(index, accused, start.genesis, needed)
  const hasPrefix = seen !== undefined && seen.size > 0n && seen.size <= index
  return worded({
    claim: 'entry',
    log: leafHash(start.bytes),
    genesis: { entry: start.bytes, proof: await inclusionProof(0n, size, tree) },
    older: null,
    newer: signed.note,
    prefix: hasPrefix ? await prefixOf(seen.size, size, tree) : null,
    entries,
    blobs: needed,
    text: '',
  })
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : 1
}

function seenBy(
  index: bigint,
  bytes: Uint8Array,
  genesis: GenesisEntry,
  blobs: ReadonlyMap<string, Uint8Array>,
): TreeHead | undefined {
  try {
    return requireAlone(index, bytes, genesis.limits, blobs).signed?.seen
  } catch {
    return undefined
  }
}

function worded(evidence: Evidence): Evidence {
  return { ...evidence, text: judgeEvidence(evidence).sentence }
}

async function shownPrefix(
  size: bigint,
  newer: TreeHead,
  given: readonly Hash[],
  tree: HashReader,
): Promise<Prefix | null> {
  if (size === 0n || size >= newer.size) {
    return null
  }
  const shown = olderRoot(size, newer, given)
  if (shown !== undefined) {
    return { root: shown, proof: given }
  }
  try {
    const prefix = await prefixOf(size, newer.size, tree)
    return verifyConsistency(new TreeHead(size, prefix.root), newer, prefix.proof) ? prefix : null
  } catch {
    // The host withholds its tree. That must not keep its checkpoints from being written down.
    return null
  }
}

async function prefixOf(size: bigint, newSize: bigint, tree: HashReader): Promise<Prefix> {
  return { root: await treeRoot(size, tree), proof: await consistencyProof(size, newSize, tree) }
}

async function genesisProof(log: Hash, head: TreeHead, tree: HashReader): Promise<Hash[] | null> {
  try {
    const proof = await inclusionProof(0n, head.size, tree)
    return verifyInclusion(0n, log, head, proof) ? proof : null
  } catch {
    // As above.
    return null
  }
}
