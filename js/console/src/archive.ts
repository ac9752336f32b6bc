import type { Published } from 'glasshouse-client/host'
import {
  type ArchiveNode,
  type ArchiveValue,
  Hash,
  archiveWrites,
  concat,
  decodeArchiveNode,
  encodeArchiveNode,
  parseArchiveKey,
} from 'glasshouse-formats'

/** Nodes that are read to compare two archives, or to add up one. */
const MAX_NODES = 5000
/** The root of an archive without files. */
export const EMPTY = Hash.of(encodeArchiveNode({ prefix: new Uint8Array(), value: undefined, children: [] }))

/** There is more to read than a page should. */
export class TooMuchError extends Error {
  override name = 'TooMuchError'
}

/** What an entry has changed in the archive. */
export interface Change {
  readonly key: string
  readonly before: ArchiveValue | undefined
  readonly after: ArchiveValue | undefined
}

/** A node that a walk has come to: the bytes of the key that lead to it, and its hash. */
interface Place {
  readonly key: Uint8Array
  readonly hash: Hash
}

/**
 * What differs between two archives. Reads only the nodes that do: what stands at the same place
 * with the same hash is the same.
 *
 * @returns the changes, and the SHA-256 that the entry between the two must have as `writes`
 * @throws TooMuchError if that is too much
 */
export async function changesBetween(
  published: Published,
  before: Hash,
  after: Hash,
): Promise<{ changes: Change[]; writes: Hash }> {
  const sides = [before, after].map((root) => ({
    places: new Map<string, Place>([['', { key: new Uint8Array(), hash: root }]]),
    contents: new Map<string, ArchiveValue>(),
  })) as [Side, Side]
  let reads = 0
  // The shortest keys first: by then whatever the other side has at the same place is known.
  for (;;) {
    const lengths = sides.flatMap((side) => [...side.places.values()].map(({ key }) => key.length))
    if (lengths.length === 0) {
      break
    }
    const shortest = Math.min(...lengths)
    for (const [side, other] of [sides, [...sides].reverse()] as [Side, Side][]) {
      for (const [name, place] of [...side.places].filter(([, { key }]) => key.length === shortest)) {
        side.places.delete(name)
        if (other.places.get(name)?.hash.equals(place.hash)) {
          other.places.delete(name)
          continue
        }
        if (++reads > MAX_NODES) {
          throw new TooMuchError('the entry changes more files than are shown here')
        }
        expand(side, place, await readNode(published, place))
      }
    }
  }
  const [old, now] = sides
  const keys = [...new Set([...old.contents.keys(), ...now.contents.keys()])].sort()
  const changes = keys
    .map((key) => ({ key, before: old.contents.get(key), after: now.contents.get(key) }))
    .filter(({ before, after }) => !sameValue(before, after))
  return { changes, writes: Hash.ofText(archiveWrites(old.contents, now.contents)) }
}

interface Side {
  readonly places: Map<string, Place>
  readonly contents: Map<string, ArchiveValue>
}

function expand(side: Side, place: Place, node: ArchiveNode): void {
  const key = concat(place.key, node.prefix)
  if (node.value !== undefined) {
    side.contents.set(parseArchiveKey(key), node.value)
  }
  for (const { branch, hash } of node.children) {
    const child = concat(key, Uint8Array.of(branch))
    side.places.set(child.join(), { key: child, hash })
  }
}

async function readNode(published: Published, { key, hash }: Place): Promise<ArchiveNode> {
  const bytes = hash.equals(EMPTY)
    ? encodeArchiveNode({ prefix: new Uint8Array(), value: undefined, children: [] })
    : await published.blob(hash.hex())
  return decodeArchiveNode(bytes, key.at(-1) ?? 'root')
}

export function sameValue(one: ArchiveValue | undefined, other: ArchiveValue | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') {
    return one === other
  }
  return one.length === other.length && one.sha256.equals(other.sha256)
}

/** How much an archive holds. */
export interface Total {
  readonly files: number
  readonly bytes: number
}

/** Adds up archives; a subtree that several of them share is read once. */
export class Totals {
  private readonly known = new Map<string, Promise<Total>>()
  private reads = 0

  constructor(private readonly published: Published) {}

  /** @throws TooMuchError if the archives have too many nodes */
  of(root: Hash): Promise<Total> {
    return this.at({ key: new Uint8Array(), hash: root })
  }

  private at(place: Place): Promise<Total> {
    const name = place.hash.hex()
    const kept = this.known.get(name)
    if (kept !== undefined) {
      return kept
    }
    if (++this.reads > MAX_NODES) {
      return Promise.reject(new TooMuchError('the archive has more files than are added up here'))
    }
    const made = this.add(place)
    this.known.set(name, made)
    return made
  }

  private async add(place: Place): Promise<Total> {
    const node = await readNode(this.published, place)
    const key = concat(place.key, node.prefix)
    const below = await Promise.all(
      node.children.map(({ branch, hash }) => this.at({ key: concat(key, Uint8Array.of(branch)), hash })),
    )
    const own = typeof node.value === 'object' ? { files: 1, bytes: node.value.length } : { files: 0, bytes: 0 }
    return below.reduce((sum, each) => ({ files: sum.files + each.files, bytes: sum.bytes + each.bytes }), own)
  }
}
