import {
  type ArchiveChild,
  type ArchiveNode,
  Hash,
  decodeArchiveNode,
  encodeUtf8,
  parseArchiveKey,
  toBase64,
} from 'glasshouse-formats'
import { type ArchiveEntry, EMPTY_ARCHIVE } from './archive-files.js'
import { type Key, bytesKey, keyBytes, keyText } from './archive-path.js'

// Nodes that are asked for at once.
const AT_ONCE = 16

/** Gives the bytes of a stored node, which have been hashed. */
export type LoadNode = (hash: Hash) => Promise<Uint8Array>

/**
 * What is in a directory of a stored archive, in key order, loaded as it is walked; nothing if there
 * is no such directory.
 *
 * @param recursive at any depth
 */
export async function* walkArchive(
  root: Hash,
  directory: Key,
  recursive: boolean,
  load: LoadNode,
): AsyncGenerator<ArchiveEntry> {
  if (root.equals(EMPTY_ARCHIVE)) {
    return
  }
  const top = decodeArchiveNode(await load(root), 'root')
  const start = await find(top, directory, load)
  if (start !== undefined && (start.value === 'directory' || start === top)) {
    yield* below(start, directory, recursive, load)
  }
}

/** The `h1:` digest of all files of a stored archive, as Go modules have it. */
export async function filesDigest(root: Hash, load: LoadNode): Promise<string> {
  const lines: Uint8Array[] = []
  for await (const { key, value } of walkArchive(root, '', true, load)) {
    if (value !== 'directory') {
      lines.push(encodeUtf8(`${value.sha256}  ${keyText(key)}\n`))
    }
  }
  return `h1:${toBase64(Hash.of(...lines).bytes())}`
}

async function find(top: ArchiveNode, key: Key, load: LoadNode): Promise<ArchiveNode | undefined> {
  let node = top
  let at = 0
  while (at < key.length) {
    const branch = key.charCodeAt(at)
    const child = node.children.find((each) => each.branch === branch)
    if (child === undefined) {
      return undefined
    }
    node = decodeArchiveNode(await load(child.hash), branch)
    const prefix = bytesKey(node.prefix)
    at++
    if (!key.startsWith(prefix, at)) {
      return undefined
    }
    at += prefix.length
  }
  return node
}

async function* below(
  node: ArchiveNode,
  key: Key,
  recursive: boolean,
  load: LoadNode,
): AsyncGenerator<ArchiveEntry> {
  for (let from = 0; from < node.children.length; from += AT_ONCE) {
    const children = node.children.slice(from, from + AT_ONCE)
    const loaded = await Promise.all(children.map((child) => load(child.hash)))
    for (const [i, bytes] of loaded.entries()) {
      const { branch } = children[i] as ArchiveChild
      const child = decodeArchiveNode(bytes, branch)
      const childKey = key + String.fromCharCode(branch) + bytesKey(child.prefix)
      if (child.value !== undefined) {
        // No single node shows whether a stored key is UTF-8 and within limits.
        parseArchiveKey(keyBytes(childKey))
        yield { key: childKey, value: child.value }
      }
      if (recursive || child.value !== 'directory') {
        yield* below(child, childKey, recursive, load)
      }
    }
  }
}
