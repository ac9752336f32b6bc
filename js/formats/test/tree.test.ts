import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  EntryBundle,
  Hash,
  MalformedError,
  Tile,
  TileHashReader,
  TreeHead,
  consistencyProof,
  decodeUtf8,
  encodeUtf8,
  fromHex,
  inclusionProof,
  leafHash,
  olderRoot,
  rootOf,
  toHex,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from 'glasshouse-formats'
import { vectors } from './vectors.js'

const tree = vectors('tree')
const tiles = vectors('tiles')
const leaves: Hash[] = tree.leaves.map((leaf: { hash: string }) => Hash.parseHex(leaf.hash))
const heads: TreeHead[] = tree.roots.map(
  (root: string, size: number) => new TreeHead(BigInt(size), Hash.parseHex(root)),
)
const hashes = (list: string[]): Hash[] => list.map((hash) => Hash.parseHex(hash))
const head = (size: number): TreeHead => heads[size] as TreeHead

const reader = {
  subtree: async (level: number, index: bigint): Promise<Hash> => {
    const width = 2 ** level
    return rootOf(leaves.slice(Number(index) * width, (Number(index) + 1) * width))
  },
}

test('leaves and roots', () => {
  tree.leaves.forEach((leaf: { text: string; hash: string }) =>
    assert.equal(leafHash(encodeUtf8(leaf.text)).hex(), leaf.hash),
  )
  heads.forEach(({ root }, size) => assert.equal(rootOf(leaves.slice(0, size)).hex(), root.hex()))
})

test('proofs hold, and are those that are made', async () => {
  for (const { index, size, proof } of tree.inclusion) {
    assert.ok(verifyInclusion(BigInt(index), leaves[index] as Hash, head(size), hashes(proof)))
    assert.deepEqual((await inclusionProof(BigInt(index), BigInt(size), reader)).map(String), proof)
  }
  for (const each of tree.consistency) {
    assert.ok(verifyConsistency(head(each.old), head(each.new), hashes(each.proof)))
    assert.deepEqual(
      (await consistencyProof(BigInt(each.old), BigInt(each.new), reader)).map(String),
      each.proof,
    )
  }
})

test('all proofs of all small trees', async () => {
  for (let size = 0; size <= 20; size++) {
    assert.equal((await treeRoot(BigInt(size), reader)).hex(), head(size).root.hex())
    for (let index = 0; index < size; index++) {
      const proof = await inclusionProof(BigInt(index), BigInt(size), reader)
      for (let other = 0; other <= 20; other++) {
        assert.equal(
          verifyInclusion(BigInt(other), leaves[index] as Hash, head(size), proof),
          other === index,
        )
      }
    }
    for (let old = 0; old <= size; old++) {
      const proof = await consistencyProof(BigInt(old), BigInt(size), reader)
      assert.ok(verifyConsistency(head(old), head(size), proof))
      const isShown = old > 0 && old < size && !Number.isInteger(Math.log2(old))
      assert.equal(
        olderRoot(BigInt(old), head(size), proof)?.hex(),
        isShown ? head(old).root.hex() : undefined,
      )
      const forked = new TreeHead(BigInt(old), old === 0 ? head(0).root : Hash.ofText('another'))
      assert.equal(verifyConsistency(forked, head(size), proof), old === 0)
    }
  }
})

test('proofs that do not hold', () => {
  assert.ok(tree.invalid.length > 12)
  for (const each of tree.invalid) {
    const proof = hashes(each.proof)
    const holds =
      each.index === undefined
        ? verifyConsistency(head(each.old), head(each.new), proof)
        : verifyInclusion(BigInt(each.index), leaves[each.index] as Hash, head(each.size), proof)
    assert.equal(holds, false, each.reason)
  }
})

test('paths of tiles and bundles', () => {
  for (const { path, level, index, width } of tiles.paths) {
    const tile = Tile.parse(path)
    assert.deepEqual([tile.level, tile.index, tile.width, tile.path()], [level, BigInt(index), width, path])
  }
  for (const { path, index, width } of tiles.bundlePaths) {
    const bundle = EntryBundle.parse(path)
    assert.deepEqual([bundle.index, bundle.width, bundle.path()], [BigInt(index), width, path])
  }
  for (const { path, reason } of tiles.malformedPaths) {
    assert.throws(() => Tile.parse(path), MalformedError, reason)
    assert.throws(() => EntryBundle.parse(path), MalformedError, reason)
  }
  for (const { size, partial } of tiles.sizes) {
    assert.deepEqual(
      Tile.partials(BigInt(size)).map((tile) => tile.path()),
      partial,
    )
  }
})

test('the bytes of tiles and bundles', () => {
  const tile = Tile.parse(tiles.tile.path)
  assert.deepEqual(tile.decode(fromHex(tiles.tile.hex)).map(String), tiles.tile.hashes)
  assert.equal(toHex(Tile.encode(hashes(tiles.tile.hashes))), tiles.tile.hex)
  assert.throws(() => tile.decode(fromHex(tiles.tile.hex.slice(2))), MalformedError)
  const bundle = EntryBundle.parse(tiles.bundle.path)
  assert.deepEqual(bundle.decode(fromHex(tiles.bundle.hex)).map(decodeUtf8), tiles.bundle.entries)
  assert.equal(toHex(EntryBundle.encode(tiles.bundle.entries.map(encodeUtf8))), tiles.bundle.hex)
  for (const { reason, width, hex } of tiles.malformedBundles) {
    assert.throws(() => new EntryBundle(0n, width).decode(fromHex(hex)), MalformedError, reason)
  }
})

test('a tree is read from its tiles, each once', async () => {
  const many = Array.from({ length: 600 }, (_, i) => leafHash(encodeUtf8(`leaf ${i}`)))
  const asked: string[] = []
  const read = new TileHashReader(600n, async (tile) => {
    asked.push(tile.path())
    const width = 256 ** tile.level
    const first = Number(tile.index) * 256
    return Array.from({ length: tile.width }, (_, i) =>
      rootOf(many.slice((first + i) * width, (first + i + 1) * width)),
    )
  })
  const whole = new TreeHead(600n, await treeRoot(600n, read))
  assert.equal(whole.root.hex(), rootOf(many).hex())
  for (const index of [0, 255, 256, 511, 512, 599]) {
    assert.ok(
      verifyInclusion(
        BigInt(index),
        many[index] as Hash,
        whole,
        await inclusionProof(BigInt(index), 600n, read),
      ),
    )
  }
  const older = new TreeHead(300n, rootOf(many.slice(0, 300)))
  assert.ok(verifyConsistency(older, whole, await consistencyProof(300n, 600n, read)))
  assert.equal(new Set(asked).size, asked.length)
})
