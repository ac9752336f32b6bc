import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ArchiveValue,
  ArchiveProof,
  Hash,
  MalformedError,
  UnverifiedError,
  archiveTree,
  archiveWrites,
  decodeArchiveNode,
  decodeUtf8,
  encodeArchiveNode,
  encodeUtf8,
  fromHex,
  parseArchiveKey,
  toHex,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const archive = vectors('archive')
const proofs = vectors('archive-proof')

function contentsOf(files: Record<string, string | null>): Map<string, ArchiveValue> {
  return new Map(
    Object.entries(files).map(([key, content]) => [
      key,
      content === null ? 'directory' : { sha256: Hash.ofText(content), length: encodeUtf8(content).length },
    ]),
  )
}

test('trees and changes', () => {
  assert.equal(archiveTree(new Map()).root.hex(), archive.empty)
  assert.equal(toHex(archiveTree(new Map()).nodes.get(archive.empty) as Uint8Array), archive.emptyNode)
  let before = new Map<string, ArchiveValue>()
  for (const entry of archive.entries) {
    const after = contentsOf(entry.files)
    const lines = archiveWrites(before, after)
    assert.equal(lines, entry.lines)
    assert.equal(Hash.ofText(lines).hex(), entry.writes)
    const { root, nodes } = archiveTree(after)
    assert.equal(root.hex(), entry.root)
    const hexNodes = [...nodes].map(([hash, node]) => [hash, toHex(node)])
    assert.deepEqual(Object.fromEntries(hexNodes), {
      ...entry.nodes,
      ...(nodes.has(archive.empty) ? { [archive.empty]: archive.emptyNode } : {}),
    })
    before = after
  }
})

test('nodes are read and written again', () => {
  for (const entry of archive.entries) {
    for (const [hash, hex] of Object.entries<string>(entry.nodes)) {
      const node = readAnywhere(hex)
      assert.equal(toHex(encodeArchiveNode(node)), hex)
      assert.equal(Hash.of(fromHex(hex)).hex(), hash)
    }
  }
})

function readAnywhere(hex: string): ReturnType<typeof decodeArchiveNode> {
  for (const place of ['root', 0x61, 0x2f] as const) {
    try {
      return decodeArchiveNode(fromHex(hex), place)
    } catch (error) {
      assert.ok(error instanceof MalformedError)
    }
  }
  throw new Error(`no place takes ${hex}`)
}

test('nodes that no archive has, and keys', () => {
  for (const { reason, place, hex } of archive.malformedNodes) {
    const places =
      place === 'any'
        ? (['root', 0x61, 0x2f] as const)
        : [place === 'root' ? 'root' : Number.parseInt(place, 16)]
    for (const each of places) {
      assert.throws(
        () => decodeArchiveNode(fromHex(hex), each as 'root'),
        MalformedError,
        `${reason} at ${each}`,
      )
    }
  }
  for (const key of archive.keys) {
    assert.equal(parseArchiveKey(encodeUtf8(key)), key)
  }
  for (const { reason, hex } of archive.malformedKeys) {
    assert.throws(() => parseArchiveKey(fromHex(hex)), MalformedError, reason)
  }
  assert.throws(() => archiveTree(new Map([['a/b', { sha256: Hash.ZERO, length: 0 }]])), MalformedError)
})

test('proofs of files, directories and listings', () => {
  for (const each of proofs.proofs) {
    const proof = ArchiveProof.parse(encodeUtf8(each.proof))
    assert.equal(decodeUtf8(proof.format()), each.proof)
    assert.deepEqual(shown(each), each.shows, `${each.question} ${each.key}`)
  }
})

test('what is no proof', () => {
  assert.ok(proofs.unverified.length > 15)
  for (const each of proofs.unverified) {
    assert.throws(() => shown(each), UnverifiedError, each.reason)
  }
  for (const each of proofs.malformed) {
    assert.throws(() => ArchiveProof.parse(bytesOf(each)), MalformedError, each.reason)
  }
})

function shown(each: { root: string; question: string; key: string; proof: string }): unknown {
  const proof = ArchiveProof.parse(encodeUtf8(each.proof))
  const root = Hash.parseHex(each.root)
  if (each.question === 'path') {
    return formatValue(proof.showPath(root, each.key))
  }
  const listing = proof.showListing(root, each.key)
  return listing === undefined
    ? null
    : Object.fromEntries([...listing].map(([key, value]) => [key, formatValue(value)]))
}

function formatValue(value: ArchiveValue | undefined): unknown {
  if (value === undefined) {
    return null
  }
  return value === 'directory' ? true : { sha256: value.sha256.hex(), length: value.length }
}
