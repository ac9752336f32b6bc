import { type ArchiveChild, type ArchiveValue, encodeArchiveNode, parseArchiveKey } from './archive-node.js'
import { compareBytes, encodeUtf8 } from './bytes.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'

/** All files and directories of an archive, by key; the root directory has none. */
export type ArchiveContents = ReadonlyMap<string, ArchiveValue>

interface Keyed {
  readonly bytes: Uint8Array
  readonly value: ArchiveValue
}

/**
 * The tree over all files and directories: its root, and the bytes of its nodes by hash in hex.
 *
 * @throws MalformedError if a key, or the lack of one for a directory, breaks a rule
 */
export function archiveTree(contents: ArchiveContents): {
  root: Hash
  nodes: ReadonlyMap<string, Uint8Array>
} {
  const keyed = sorted(contents)
  keyed.forEach(({ bytes, value }) => requireKey(bytes, value, contents))
  const nodes = new Map<string, Uint8Array>()
  const root = addNode(keyed, 0, 0, nodes)
  return { root, nodes }
}

/** The lines of the changes between two archives, whose SHA-256 is an entry's `writes`. */
export function archiveWrites(before: ArchiveContents, after: ArchiveContents): string {
  const keys = new Map([...before, ...after])
  return sorted(keys)
    .map(({ bytes }) => parseArchiveKey(bytes))
    .filter((key) => valueText(before.get(key)) !== valueText(after.get(key)))
    .map((key) => `${valueText(after.get(key))} ${key}\n`)
    .join('')
}

function valueText(value: ArchiveValue | undefined): string {
  if (value === undefined) {
    return '-'
  }
  return value === 'directory' ? '+' : `+ ${value.sha256} ${value.length}`
}

function requireKey(bytes: Uint8Array, value: ArchiveValue, contents: ArchiveContents): void {
  const key = parseArchiveKey(bytes)
  const path = key.replace(/\/$/, '')
  if ((path !== key) !== (value === 'directory')) {
    throw new MalformedError(`archive key ${key}: a directory's ends in a slash, a file's does not`)
  }
  if (contents.has(path) && contents.has(`${path}/`)) {
    throw new MalformedError(`archive key ${key}: a path is a file or a directory`)
  }
  const parent = path.slice(0, path.lastIndexOf('/') + 1)
  if (parent !== '' && !contents.has(parent)) {
    throw new MalformedError(`archive key ${key}: its directory is missing`)
  }
}

// Adds the node over keys that agree in their first `end` bytes, of which `start` lie above it.
function addNode(keyed: readonly Keyed[], start: number, end: number, nodes: Map<string, Uint8Array>): Hash {
  const own = keyed[0]?.bytes.length === end ? keyed[0] : undefined
  const below = own === undefined ? keyed : keyed.slice(1)
  const children: ArchiveChild[] = []
  for (let from = 0; from < below.length;) {
    const branch = (below[from] as Keyed).bytes[end] as number
    let to = from
    while (to < below.length && (below[to] as Keyed).bytes[end] === branch) {
      to++
    }
    const group = below.slice(from, to)
    children.push({ branch, hash: addNode(group, end + 1, agreement(group, end + 1), nodes) })
    from = to
  }
  const prefix = (keyed[0]?.bytes ?? new Uint8Array()).subarray(start, end)
  const bytes = encodeArchiveNode({ prefix, value: own?.value, children })
  const hash = Hash.of(bytes)
  nodes.set(hash.hex(), bytes)
  return hash
}

// Of sorted keys the first and the last agree the least.
function agreement(group: readonly Keyed[], from: number): number {
  const first = (group[0] as Keyed).bytes
  const last = (group.at(-1) as Keyed).bytes
  let end = from
  while (end < first.length && first[end] === last[end]) {
    end++
  }
  return end
}

function sorted(contents: ArchiveContents): Keyed[] {
  return [...contents]
    .map(([key, value]) => ({ bytes: encodeUtf8(key), value }))
    .sort((one, other) => compareBytes(one.bytes, other.bytes))
}
