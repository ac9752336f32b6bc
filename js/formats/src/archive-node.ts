import { concat, decodeUtf8, utf8Length } from './bytes.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'

const TAG = 2
const NONE = 0
const FILE = 1
const DIRECTORY = 2
const MAX_PREFIX = 255
const MAX_CHILDREN = 256
const MAX_SEGMENT = 255
const MAX_PATH = 1024
const CHILD_BYTES = 1 + Hash.BYTES
const SLASH = 0x2f

/** What a key of the archive stands for (formats.md, section 9). */
export type ArchiveValue = ArchiveFile | 'directory'

/** A file: the SHA-256 of its content, and how many bytes that has. */
export interface ArchiveFile {
  readonly sha256: Hash
  readonly length: number
}

/** A node of the archive's radix tree. */
export interface ArchiveNode {
  /** The key's bytes between the branch byte that leads here and this node. */
  readonly prefix: Uint8Array
  readonly value: ArchiveValue | undefined
  /** Ascending by branch byte. */
  readonly children: readonly ArchiveChild[]
}

export interface ArchiveChild {
  readonly branch: number
  readonly hash: Hash
}

/** Where a node stands: the root, or below a branch byte. */
export type ArchivePlace = 'root' | number

/** The text of a key that keeps the rules of keys; that of the root directory is none. */
export function parseArchiveKey(bytes: Uint8Array): string {
  const key = decodeUtf8(bytes)
  const path = bytes.at(-1) === SLASH ? bytes.subarray(0, -1) : bytes
  const segments = decodeUtf8(path).split('/')
  const isLong = path.length > MAX_PATH - 1 || segments.some((segment) => utf8Length(segment) > MAX_SEGMENT)
  if (isLong || segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new MalformedError(
      'not an archive key: a segment or the path is too long, or a segment is empty, "." or ".."',
    )
  }
  if (/[\u0000-\u001f]/.test(key)) {
    throw new MalformedError('not an archive key: a control character')
  }
  return key
}

/** Reads a node that can stand at a place, and only what {@link encodeArchiveNode} writes. */
export function decodeArchiveNode(bytes: Uint8Array, place: ArchivePlace): ArchiveNode {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number): number => {
    expect(bytes.length - at >= length, 'ends early')
    at += length
    return at - length
  }
  expect(view.byteLength > 0 && view.getUint8(take(1)) === TAG, 'does not begin with 0x02')
  const prefixLength = view.getUint16(take(2))
  const prefixAt = take(prefixLength)
  const kind = view.getUint8(take(1))
  expect(kind === NONE || kind === FILE || kind === DIRECTORY, 'value is not none, file or directory')
  let value: ArchiveValue | undefined = kind === DIRECTORY ? 'directory' : undefined
  if (kind === FILE) {
    const hashAt = take(Hash.BYTES)
    const length = view.getBigUint64(take(8))
    expect(length <= BigInt(Number.MAX_SAFE_INTEGER), 'a length is not below 2^53')
    value = { sha256: Hash.fromBytes(bytes.subarray(hashAt, hashAt + Hash.BYTES)), length: Number(length) }
  }
  const count = view.getUint16(take(2))
  expect(count <= MAX_CHILDREN, 'more than 256 children')
  expect(bytes.length - at === count * CHILD_BYTES, 'length does not fit the child count')
  const children = Array.from({ length: count }, () => {
    const child = take(CHILD_BYTES)
    return {
      branch: view.getUint8(child),
      hash: Hash.fromBytes(bytes.subarray(child + 1, child + CHILD_BYTES)),
    }
  })
  const node = { prefix: bytes.slice(prefixAt, prefixAt + prefixLength), value, children }
  requireNode(node)
  requirePlace(node, place)
  return node
}

/** The bytes of a node, whose SHA-256 is its hash. */
export function encodeArchiveNode(node: ArchiveNode): Uint8Array {
  const parts = [Uint8Array.of(TAG), uint16(node.prefix.length), node.prefix]
  if (node.value === undefined || node.value === 'directory') {
    parts.push(Uint8Array.of(node.value === undefined ? NONE : DIRECTORY))
  } else {
    const length = new Uint8Array(8)
    new DataView(length.buffer).setBigUint64(0, BigInt(node.value.length))
    parts.push(Uint8Array.of(FILE), node.value.sha256.bytes(), length)
  }
  parts.push(uint16(node.children.length))
  for (const { branch, hash } of node.children) {
    parts.push(Uint8Array.of(branch), hash.bytes())
  }
  return concat(...parts)
}

function requireNode({ prefix, value, children }: ArchiveNode): void {
  expect(prefix.length <= MAX_PREFIX, `prefix is longer than ${MAX_PREFIX}`)
  expect(prefix.every(isKeyByte), 'prefix has a byte no key has')
  const slash = prefix.indexOf(SLASH)
  expect(slash < 0 || slash === prefix.length - 1, 'prefix goes through a directory')
  if (prefix.length > 0) {
    expect(slash >= 0 === (value === 'directory'), "a key ends in a slash exactly if it is a directory's")
  }
  children.forEach(({ branch }, i) => {
    expect(isKeyByte(branch), 'branch byte that no key has')
    expect(i === 0 || (children[i - 1] as ArchiveChild).branch < branch, 'children are not ascending')
    expect(
      branch !== SLASH || value === undefined,
      'a path is a file and a directory, or has an empty segment',
    )
  })
}

function requirePlace({ prefix, value, children }: ArchiveNode, place: ArchivePlace): void {
  if (place === 'root') {
    expect(prefix.length === 0 && value === undefined, 'the root has a prefix or a value')
    expect(!children.some(({ branch }) => branch === SLASH), 'the root has an empty segment')
    return
  }
  expect(value !== undefined || children.length > 1, 'no value and fewer than two children')
  if (place === SLASH) {
    expect(prefix.length === 0 && value === 'directory', "a slash does not end a directory's key")
  } else {
    expect(prefix.length > 0 || value !== 'directory', "a directory's key does not end in a slash")
  }
}

/** Not a control character, and not one of the bytes that UTF-8 never uses. */
function isKeyByte(byte: number): boolean {
  return byte >= 0x20 && byte !== 0xc0 && byte !== 0xc1 && byte < 0xf5
}

function uint16(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff)
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new MalformedError(`archive node: ${otherwise}`)
  }
}
