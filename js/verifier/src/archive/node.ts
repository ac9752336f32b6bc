import {
  type ArchiveNode,
  type ArchiveValue,
  type BlobReader,
  Hash,
  decodeArchiveNode,
  encodeArchiveNode,
  requireBlob,
} from 'glasshouse-formats'
import { type Key, bytesKey, keyBytes } from './archive-path.js'

// Stored bytes of the nodes that a loader keeps.
const MAX_KEPT_BYTES = 8 * 2 ** 20

/** A child in the tree: a stored node by its hash, or one that is in memory. */
export type Link = Hash | Node

/** A node in memory, immutable but for its hash, which is computed once when first asked for. */
export class Node {
  static readonly EMPTY = new Node('', undefined, [], [])

  private known: Hash | undefined

  constructor(
    readonly prefix: Key,
    readonly value: ArchiveValue | undefined,
    /** Ascending. */
    readonly branches: readonly number[],
    readonly children: readonly Link[],
  ) {}

  /** The node with this hash as it is stored: all its children are, too. */
  static of(hash: Hash, stored: ArchiveNode): Node {
    const node = new Node(
      bytesKey(stored.prefix),
      stored.value,
      stored.children.map((child) => child.branch),
      stored.children.map((child) => child.hash),
    )
    node.known = hash
    return node
  }

  /** A node without children for the rest of a key from `at` on. */
  static leaf(key: Key, at: number, value: ArchiveValue): Node {
    return new Node(key.slice(at), value, [], [])
  }

  get hash(): Hash {
    this.known ??= Hash.of(this.encode())
    return this.known
  }

  /** The form to store; hashes the children that have no hash yet. */
  encode(): Uint8Array {
    return encodeArchiveNode({
      prefix: keyBytes(this.prefix),
      value: this.value,
      children: this.children.map((child, i) => ({
        branch: this.branches[i] as number,
        hash: child instanceof Node ? child.hash : child,
      })),
    })
  }

  /** This node with no child but by its hash. */
  stored(): Node {
    const node = new Node(
      this.prefix,
      this.value,
      this.branches,
      this.children.map((child) => (child instanceof Node ? child.hash : child)),
    )
    node.known = this.hash
    return node
  }

  get isDirectory(): boolean {
    return this.value === 'directory'
  }

  /** The index of the child by a branch byte, or -1. */
  indexOf(branch: number): number {
    return this.branches.indexOf(branch)
  }

  /** How many bytes of the prefix agree with a key from `at` on. */
  agreement(key: Key, at: number): number {
    const { prefix } = this
    let agreed = 0
    while (agreed < prefix.length && prefix[agreed] === key[at + agreed]) {
      agreed++
    }
    return agreed
  }

  /** A node for the first bytes of this prefix, with this one as its child. */
  splitAt(length: number, value: ArchiveValue | undefined): Node {
    const below = new Node(this.prefix.slice(length + 1), this.value, this.branches, this.children)
    return new Node(this.prefix.slice(0, length), value, [this.prefix.charCodeAt(length)], [below])
  }

  withValue(value: ArchiveValue | undefined): Node {
    return new Node(this.prefix, value, this.branches, this.children)
  }

  /** This node with a child under a branch byte, new or in place of the one there. */
  withChild(branch: number, child: Node): Node {
    const index = this.indexOf(branch)
    if (index >= 0) {
      const replaced = [...this.children]
      replaced[index] = child
      return new Node(this.prefix, this.value, this.branches, replaced)
    }
    const after = this.branches.findIndex((other) => other > branch)
    const at = after < 0 ? this.branches.length : after
    return new Node(
      this.prefix,
      this.value,
      [...this.branches.slice(0, at), branch, ...this.branches.slice(at)],
      [...this.children.slice(0, at), child, ...this.children.slice(at)],
    )
  }

  withoutChild(index: number): Node {
    const others = (_: unknown, i: number): boolean => i !== index
    return new Node(this.prefix, this.value, this.branches.filter(others), this.children.filter(others))
  }

  /** The only child, loaded, in place of this node. */
  joinedWith(only: Node): Node {
    const prefix = this.prefix + String.fromCharCode(this.branches[0] as number) + only.prefix
    return new Node(prefix, only.value, only.branches, only.children)
  }
}

/** Loads stored nodes and keeps the ones used last. */
export class NodeLoader {
  private readonly kept = new Map<string, { node: Node; bytes: number }>()
  private keptBytes = 0

  constructor(private readonly blobs: BlobReader) {}

  /** The root of an archive. The empty one is a constant and is not read. */
  root(hash: Hash): Node {
    return hash.equals(Node.EMPTY.hash) ? Node.EMPTY : this.load(hash, 'root')
  }

  child(parent: Node, index: number): Node {
    const link = parent.children[index] as Link
    return link instanceof Node ? link : this.load(link, parent.branches[index] as number)
  }

  // The same node can be reached from two places, so it is kept for each.
  private load(hash: Hash, place: 'root' | number): Node {
    const name = `${place} ${hash.hex()}`
    const found = this.kept.get(name)
    if (found !== undefined) {
      this.kept.delete(name)
      this.kept.set(name, found)
      return found.node
    }
    const bytes = requireBlob(this.blobs, hash)
    const node = Node.of(hash, decodeArchiveNode(bytes, place))
    this.kept.set(name, { node, bytes: bytes.length })
    this.keptBytes += bytes.length
    for (const [oldest, { bytes }] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) {
        break
      }
      this.kept.delete(oldest)
      this.keptBytes -= bytes
    }
    return node
  }
}
