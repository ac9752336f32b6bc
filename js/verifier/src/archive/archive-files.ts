import { type ArchiveValue, type BlobReader, Hash, encodeUtf8, parseArchiveKey, toBase64 } from 'glasshouse-formats'
import { type Key, isDirectoryKey, keyBytes, keyText, parentKey } from './archive-path.js'
import { Node, NodeLoader } from './node.js'

/** A file or directory of an archive. */
export interface ArchiveEntry {
  readonly key: Key
  readonly value: ArchiveValue
}

/** The root of every empty archive. */
export const EMPTY_ARCHIVE = Node.EMPTY.hash

/** Whether two keys stand for the same; a file's is its content. */
export function sameValue(one: ArchiveValue | undefined, other: ArchiveValue | undefined): boolean {
  if (typeof one === 'object' && typeof other === 'object') {
    return one.length === other.length && one.sha256.equals(other.sha256)
  }
  return one === other
}

/**
 * An archive's files as an immutable Merkle radix tree; a change returns a new tree that shares what
 * did not change. Any method may throw MissingBlobError, or MalformedError for a stored node that is
 * none of this tree.
 */
export class ArchiveFiles {
  private constructor(
    private readonly loader: NodeLoader,
    // The root that is stored, from which this tree was made.
    private readonly storedRoot: Hash,
    private readonly root: Node,
  ) {}

  static open(root: Hash, blobs: BlobReader): ArchiveFiles {
    const loader = new NodeLoader(blobs)
    return new ArchiveFiles(loader, root, loader.root(root))
  }

  get rootHash(): Hash {
    return this.root.hash
  }

  /** What a key stands for. */
  get(key: Key): ArchiveValue | undefined {
    return key === '' ? 'directory' : this.find(key)?.value
  }

  private find(key: Key): Node | undefined {
    let node = this.root
    let at = 0
    while (at < key.length) {
      const index = node.indexOf(key.charCodeAt(at))
      if (index < 0) {
        return undefined
      }
      node = this.loader.child(node, index)
      at++
      if (node.agreement(key, at) < node.prefix.length) {
        return undefined
      }
      at += node.prefix.length
    }
    return node
  }

  /** This tree with a key set. The directory that holds it must be there. */
  put(key: Key, value: ArchiveValue): ArchiveFiles {
    if (key === '' || isDirectoryKey(key) !== (value === 'directory') || this.get(parentKey(key)) === undefined) {
      throw new Error(`${key} cannot be put into the archive`)
    }
    return this.with(this.putBelow(this.root, key, 0, value))
  }

  // `at` is where the node's key ends.
  private putBelow(node: Node, key: Key, at: number, value: ArchiveValue): Node {
    if (at === key.length) {
      return sameValue(node.value, value) ? node : node.withValue(value)
    }
    const branch = key.charCodeAt(at)
    const index = node.indexOf(branch)
    if (index < 0) {
      return node.withChild(branch, Node.leaf(key, at + 1, value))
    }
    const child = this.loader.child(node, index)
    const changed = this.putIn(child, key, at + 1, value)
    return changed === child ? node : node.withChild(branch, changed)
  }

  // In a child whose prefix begins at `at`, which is split if they part.
  private putIn(child: Node, key: Key, at: number, value: ArchiveValue): Node {
    const agreed = child.agreement(key, at)
    const end = at + agreed
    if (agreed === child.prefix.length) {
      return this.putBelow(child, key, end, value)
    }
    if (end === key.length) {
      return child.splitAt(agreed, value)
    }
    return child.splitAt(agreed, undefined).withChild(key.charCodeAt(end), Node.leaf(key, end + 1, value))
  }

  /** This tree without a key; the same tree if it is not there. A directory must be empty. */
  remove(key: Key): ArchiveFiles {
    if (key === '') {
      throw new Error('the root directory always exists')
    }
    return this.get(key) === undefined ? this : this.with(this.removeBelow(this.root, key, 0))
  }

  private removeBelow(node: Node, key: Key, at: number): Node {
    const branch = key.charCodeAt(at)
    const index = node.indexOf(branch)
    const child = this.loader.child(node, index)
    const end = at + 1 + child.prefix.length
    const changed = end === key.length ? withoutValue(child) : this.removeBelow(child, key, end)
    if (changed.value !== undefined || changed.children.length > 1) {
      return node.withChild(branch, changed)
    }
    if (changed.children.length === 1) {
      return node.withChild(branch, changed.joinedWith(this.loader.child(changed, 0)))
    }
    return node.withoutChild(index)
  }

  private with(root: Node): ArchiveFiles {
    return root === this.root ? this : new ArchiveFiles(this.loader, this.storedRoot, root)
  }

  /** What is directly in a directory, in key order; nothing if it is not there. */
  list(directory: Key): ArchiveEntry[] {
    return [...this.walk(directory, false)]
  }

  /** Everything in a directory at any depth, in key order, loaded as it is walked. */
  below(directory: Key): Iterable<ArchiveEntry> {
    return this.walk(directory, true)
  }

  private *walk(directory: Key, recursive: boolean): Generator<ArchiveEntry> {
    const start = this.find(directory)
    if (start !== undefined && (start.isDirectory || start === this.root)) {
      yield* this.children(start, directory, recursive)
    }
  }

  private *children(node: Node, key: Key, recursive: boolean): Generator<ArchiveEntry> {
    for (let i = 0; i < node.children.length; i++) {
      const child = this.loader.child(node, i)
      const below = key + String.fromCharCode(node.branches[i] as number) + child.prefix
      if (child.value !== undefined) {
        // No single node shows whether a stored key is UTF-8 and within limits.
        parseArchiveKey(keyBytes(below))
        yield { key: below, value: child.value }
      }
      if (recursive || !child.isDirectory) {
        yield* this.children(child, below, recursive)
      }
    }
  }

  /** The nodes made since the tree was opened or settled, by hash in hex, with the bytes to store. */
  newNodes(): Map<string, Uint8Array> {
    const nodes = new Map<string, Uint8Array>()
    if (!this.rootHash.equals(this.storedRoot)) {
      collect(this.root, nodes)
    }
    return nodes
  }

  /** The same tree with its new nodes let go of: the blob reader has them from now on. */
  settled(): ArchiveFiles {
    return new ArchiveFiles(this.loader, this.rootHash, this.root.stored())
  }

  /** The `h1:` digest over all files (formats.md, section 9). */
  h1(): string {
    const lines: Uint8Array[] = []
    for (const { key, value } of this.below('')) {
      if (value !== 'directory') {
        lines.push(encodeUtf8(`${value.sha256}  ${keyText(key)}\n`))
      }
    }
    return `h1:${toBase64(Hash.of(...lines).bytes())}`
  }
}

function withoutValue(node: Node): Node {
  if (node.isDirectory && node.children.length > 0) {
    throw new Error('the directory is not empty')
  }
  return node.withValue(undefined)
}

function collect(node: Node, nodes: Map<string, Uint8Array>): void {
  for (const child of node.children) {
    if (child instanceof Node) {
      collect(child, nodes)
    }
  }
  nodes.set(node.hash.hex(), node.encode())
}
