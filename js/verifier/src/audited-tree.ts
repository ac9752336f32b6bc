import { EMPTY_ROOT, Hash, type HashReader, TreeHead, nodeHash, treeRoot } from 'glasshouse-formats'

// Below this level hashes are kept of the newest entries only: what is above takes an eighth of a
// byte for each entry, so that the memory of an audit hardly grows with the log.
const KEPT_LEVEL = 8
const RECENT = 2 ** 14
const CHUNK = 4096

/** Hashes by consecutive numbers, 32 bytes each. */
class HashList {
  private readonly chunks: Uint8Array[] = []
  private end: number

  constructor(private readonly first: number) {
    this.end = first
  }

  add(hash: Hash): void {
    const at = (this.end - this.first) % CHUNK
    if (at === 0) {
      this.chunks.push(new Uint8Array(CHUNK * Hash.BYTES))
    }
    this.chunks.at(-1)?.set(hash.bytes(), at * Hash.BYTES)
    this.end++
  }

  at(number: number): Hash | undefined {
    const at = number - this.first
    if (at < 0 || number >= this.end) {
      return undefined
    }
    const from = (at % CHUNK) * Hash.BYTES
    return Hash.fromBytes((this.chunks[Math.floor(at / CHUNK)] as Uint8Array).subarray(from, from + Hash.BYTES))
  }
}

/** Reads again what is no longer kept: the leaf hashes of 256 entries that were audited. */
export type ReadLeaves = (block: number) => Promise<readonly Hash[]>

/**
 * The Merkle tree of the entries that were verified. Of those that an earlier audit verified no hash
 * is kept: the few that are asked for are read from the source and proved.
 */
export class AuditedTree implements HashReader {
  private readonly edge: { level: number; hash: Hash }[] = []
  private readonly recent: Map<number, Hash>[] = Array.from({ length: KEPT_LEVEL }, () => new Map())
  private readonly upper: HashList[] = []
  private readonly before: number
  private count: number
  private lastRoot = TreeHead.EMPTY
  private lastBlock: { block: number; leaves: readonly Hash[] } | undefined

  private constructor(
    before: number,
    edge: readonly { level: number; hash: Hash }[],
    private readonly earlier: HashReader,
    private readonly readLeaves: ReadLeaves,
  ) {
    this.before = before
    this.count = before
    this.edge.push(...edge)
  }

  /** The tree of no entry. */
  static empty(readLeaves: ReadLeaves): AuditedTree {
    const none: HashReader = { subtree: () => Promise.reject(new Error('there are no earlier entries')) }
    return new AuditedTree(0, [], none, readLeaves)
  }

  /**
   * Goes on after a tree that was verified earlier; undefined if the signed one does not begin with it.
   *
   * @param earlier the tree that is signed now
   */
  static async after(
    head: TreeHead,
    earlier: HashReader,
    readLeaves: ReadLeaves,
  ): Promise<AuditedTree | undefined> {
    const edge: { level: number; hash: Hash }[] = []
    let start = 0n
    for (let level = 62; level >= 0; level--) {
      if (((head.size >> BigInt(level)) & 1n) === 1n) {
        edge.push({ level, hash: await earlier.subtree(level, start >> BigInt(level)) })
        start += 1n << BigInt(level)
      }
    }
    const tree = new AuditedTree(Number(head.size), edge, earlier, readLeaves)
    return tree.head().root.equals(head.root) ? tree : undefined
  }

  append(leaf: Hash): void {
    let hash = leaf
    let level = 0
    let index = this.count
    this.keep(level, index, hash)
    while (this.edge.at(-1)?.level === level) {
      hash = nodeHash((this.edge.pop() as { hash: Hash }).hash, hash)
      level++
      index = Math.floor(index / 2)
      this.keep(level, index, hash)
    }
    this.edge.push({ level, hash })
    this.count++
  }

  private keep(level: number, index: number, hash: Hash): void {
    const recent = this.recent[level]
    if (recent === undefined) {
      const list = (this.upper[level - KEPT_LEVEL] ??= new HashList(Math.floor(this.before / 2 ** level)))
      list.add(hash)
      return
    }
    recent.set(index, hash)
    if (recent.size > RECENT >> level) {
      recent.delete(recent.keys().next().value as number)
    }
  }

  get size(): number {
    return this.count
  }

  head(): TreeHead {
    if (this.count === 0) {
      return TreeHead.EMPTY
    }
    const root = this.edge.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right))
    return new TreeHead(BigInt(this.count), root)
  }

  /** A hash that is at hand; undefined for one that must be read. */
  known(level: number, index: number): Hash | undefined {
    return level < KEPT_LEVEL
      ? this.recent[level]?.get(index)
      : this.upper[level - KEPT_LEVEL]?.at(index)
  }

  async subtree(level: number, index: bigint): Promise<Hash> {
    const at = Number(index)
    const known = this.known(level, at)
    if (known !== undefined) {
      return known
    }
    const first = at * 2 ** level
    if (first < this.before || level >= KEPT_LEVEL) {
      return this.earlier.subtree(level, index)
    }
    const leaves = await this.leaves(Math.floor(first / 256))
    return rootOver(leaves.slice(first % 256, (first % 256) + 2 ** level))
  }

  /** The leaf hashes of 256 entries, all of them audited. */
  async leaves(block: number): Promise<readonly Hash[]> {
    if (this.lastBlock?.block === block) {
      return this.lastBlock.leaves
    }
    const known = Array.from({ length: 256 }, (_, i) => this.known(0, block * 256 + i))
    const leaves = known.every((leaf) => leaf !== undefined)
      ? (known as Hash[])
      : await this.readLeaves(block)
    this.lastBlock = { block, leaves }
    return leaves
  }

  /** The first of consecutive entries that are not those of the tree, by their leaf hashes; -1 if all are. */
  async differing(from: number, leaves: readonly Hash[]): Promise<number> {
    const block = leaves.length === 256 && from % 256 === 0 ? this.known(KEPT_LEVEL, from / 256) : undefined
    if (block?.equals(rootOver(leaves))) {
      return -1
    }
    for (const [i, leaf] of leaves.entries()) {
      if (!leaf.equals(await this.subtree(0, BigInt(from + i)))) {
        return from + i
      }
    }
    return -1
  }

  /** The root of the first so many entries if all it takes is at hand. */
  knownRoot(size: number): Hash | undefined {
    if (this.lastRoot.size === BigInt(size)) {
      return this.lastRoot.root
    }
    if (size === this.count) {
      return this.head().root
    }
    let root: Hash | undefined
    let end = size
    // The smallest perfect subtree first.
    for (let level = 0, left = size; left > 0; level++, left = Math.floor(left / 2)) {
      if (left % 2 === 1) {
        const hash = this.known(level, left - 1)
        if (hash === undefined) {
          return undefined
        }
        root = root === undefined ? hash : nodeHash(hash, root)
        end -= 2 ** level
      }
    }
    return this.remember(size, end === 0 && root !== undefined ? root : EMPTY_ROOT)
  }

  /** The root of the first so many entries. */
  async root(size: number): Promise<Hash> {
    return this.knownRoot(size) ?? this.remember(size, await treeRoot(BigInt(size), this))
  }

  // As many callers have seen the same tree.
  private remember(size: number, root: Hash): Hash {
    this.lastRoot = new TreeHead(BigInt(size), root)
    return root
  }
}

function rootOver(hashes: readonly Hash[]): Hash {
  let row = hashes
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Hash, row[2 * i + 1] as Hash))
  }
  return row[0] as Hash
}
