import { type ArchiveNode, type ArchiveValue, decodeArchiveNode, parseArchiveKey } from './archive-node.js'
import { concat, decodeUtf8, encodeUtf8, equalBytes, fromBase64, toBase64 } from './bytes.js'
import { MalformedError, UnverifiedError } from './errors.js'
import { Hash } from './hash.js'

const MAX_BYTES = 64 * 2 ** 20
const MAX_NODES = 2 ** 20
const MAX_KEY = 1024
const FIRST = 'glasshouse/archive-proof/v1\n'

/**
 * Shows from an archive's root alone what is at a path, that nothing is, or all that is directly in
 * a directory (formats.md, section 9). A claim until it is asked; it names neither root nor path.
 */
export class ArchiveProof {
  constructor(
    /** The bytes of the nodes, in the order in which they are asked for. */
    readonly nodes: readonly Uint8Array[],
  ) {}

  /** Reads a whole proof, and only what {@link format} writes. */
  static parse(bytes: Uint8Array): ArchiveProof {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedError(`an archive proof has at most ${MAX_BYTES} bytes`)
    }
    const text = decodeUtf8(bytes)
    if (!text.startsWith(FIRST) || text.length === FIRST.length || !text.endsWith('\n')) {
      throw new MalformedError(`an archive proof starts with ${FIRST.trim()}, then a line for each node`)
    }
    const lines = text.slice(FIRST.length, -1).split('\n')
    if (lines.length > MAX_NODES) {
      throw new MalformedError(`an archive proof has at most ${MAX_NODES} nodes`)
    }
    const nodes = lines.map((line) => fromBase64(line))
    if (nodes.some((node) => node.length === 0)) {
      throw new MalformedError('an archive proof has no empty lines')
    }
    return new ArchiveProof(nodes)
  }

  /** The text. */
  format(): Uint8Array {
    return encodeUtf8(FIRST + this.nodes.map((node) => `${toBase64(node)}\n`).join(''))
  }

  /**
   * What is at a path.
   *
   * @param root the archive's root, known from elsewhere
   * @param key of a file or a directory at the path, or empty for the root directory
   * @returns undefined if it is shown that nothing is there
   * @throws UnverifiedError if this is not the proof of it under the root
   */
  showPath(root: Hash, key: string): ArchiveValue | undefined {
    return this.ask(root, (walk) => {
      const found = walk.find(directoryKey(key))
      return key === '' ? 'directory' : found?.value
    })
  }

  /**
   * All that is directly in a directory, by key and in the order of keys.
   *
   * @param key of the directory, with its slash, or empty for the root directory
   * @returns undefined if it is shown that no directory is there
   */
  showListing(root: Hash, key: string): ReadonlyMap<string, ArchiveValue> | undefined {
    return this.ask(root, (walk) => {
      const path = directoryKey(key)
      const found = walk.find(path)
      if (found === undefined || (key !== '' && found.value !== 'directory')) {
        return undefined
      }
      const listing = new Map<string, ArchiveValue>()
      walk.collect(found, path, listing)
      return listing
    })
  }

  private ask<T>(root: Hash, question: (walk: Walk) => T): T {
    const walk = new Walk(root, this.nodes)
    let shown: T
    try {
      shown = question(walk)
    } catch (error) {
      if (error instanceof MalformedError) {
        throw new UnverifiedError(`the root is not that of an archive: ${error.message}`)
      }
      throw error
    }
    if (!walk.isAtEnd) {
      throw new UnverifiedError('the archive proof has nodes that show nothing')
    }
    return shown
  }
}

/** The way from the root to what is asked for: each node is the next one of the proof. */
class Walk {
  private next = 0

  constructor(
    private readonly root: Hash,
    private readonly nodes: readonly Uint8Array[],
  ) {}

  get isAtEnd(): boolean {
    return this.next === this.nodes.length
  }

  /** The node of a directory's key, or of the file at the same path, which lies on the way. */
  find(path: Uint8Array): ArchiveNode | undefined {
    let node = decodeArchiveNode(this.take(this.root), 'root')
    let at = 0
    while (at < path.length && !(at === path.length - 1 && node.value !== undefined)) {
      const child = node.children.find(({ branch }) => branch === path[at])
      if (child === undefined) {
        return undefined
      }
      node = decodeArchiveNode(this.take(child.hash), child.branch)
      at += 1 + node.prefix.length
      if (!equalBytes(path.subarray(at - node.prefix.length, at), node.prefix)) {
        return undefined
      }
    }
    return node
  }

  /** Adds what is below a node, and not below a directory there. */
  collect(node: ArchiveNode, key: Uint8Array, listing: Map<string, ArchiveValue>): void {
    for (const { branch, hash } of node.children) {
      const child = decodeArchiveNode(this.take(hash), branch)
      const childKey = concat(key, Uint8Array.of(branch), child.prefix)
      // Bounds the recursion, whatever tree a root commits to.
      if (childKey.length > MAX_KEY) {
        throw new MalformedError('archive node: its key is too long')
      }
      if (child.value !== undefined) {
        listing.set(parseArchiveKey(childKey), child.value)
      }
      if (child.value !== 'directory') {
        this.collect(child, childKey, listing)
      }
    }
  }

  private take(hash: Hash): Uint8Array {
    const node = this.nodes[this.next++]
    if (node === undefined) {
      throw new UnverifiedError(`the archive proof ends before node ${hash}`)
    }
    if (!Hash.of(node).equals(hash)) {
      throw new UnverifiedError(`the archive proof has another node in place of ${hash}`)
    }
    return node
  }
}

function directoryKey(key: string): Uint8Array {
  return encodeUtf8(key === '' || key.endsWith('/') ? key : `${key}/`)
}
