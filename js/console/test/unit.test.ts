import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Hash, TreeHead, inclusionProof, leafHash, nodeHash, rootOf, encodeUtf8 } from 'glasshouse-formats'
import { followProof } from '../build/src/log/inclusion.js'
import { deed, rowOf } from '../build/src/log/row.js'
import { niceTop } from '../build/src/parts/bar-chart.js'
import { tar } from '../build/src/save.js'
import { binarySize, duration, prettyJson, size } from '../build/src/text.js'

test('a proof is followed to the root for every leaf of every small tree', async () => {
  const leaves = Array.from({ length: 20 }, (_, i) => leafHash(encodeUtf8(`entry ${i}`)))
  const reader = {
    async subtree(level: number, index: bigint): Promise<Hash> {
      return level === 0
        ? (leaves[Number(index)] as Hash)
        : nodeHash(await this.subtree(level - 1, 2n * index), await this.subtree(level - 1, 2n * index + 1n))
    },
  }
  for (let length = 1; length <= leaves.length; length++) {
    const head = new TreeHead(BigInt(length), rootOf(leaves.slice(0, length)))
    for (let i = 0; i < length; i++) {
      const proof = await inclusionProof(BigInt(i), head.size, reader)
      const path = followProof(BigInt(i), leaves[i] as Hash, head, proof)
      assert.equal(path.holds, true, `leaf ${i} of ${length}`)
      assert.equal(path.steps.at(-1)?.hash.hex() ?? path.leaf.hex(), head.root.hex())
      assert.equal(followProof(BigInt(i), Hash.ZERO, head, proof).holds, false)
    }
  }
})

test('what is saved as tar is read by tar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glasshouse-tar-'))
  const files = new Map([
    ['a.tlog-proof', encodeUtf8('one')],
    [`a.tlog-proof.blobs/${'0'.repeat(64)}`, new Uint8Array(1024).fill(7)],
    ['empty', new Uint8Array()],
  ])
  writeFileSync(join(folder, 'a.tar'), tar(files))
  execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder })
  for (const [name, bytes] of files) {
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, name))), bytes, name)
  }
  rmSync(folder, { recursive: true })
})

test('a line says what an entry did', () => {
  const row = (entry: object) => rowOf(7, encodeUtf8(JSON.stringify({ time: 1, ...entry })))
  const call = (methods: string[], outcomes: object[]) =>
    row({
      kind: 'call',
      caller: { key: 'ed25519:abc', sig: '' },
      request: JSON.stringify({ calls: methods.map((method) => ({ method, params: [] })) }),
      outcomes,
    })
  const many = call(['add', 'add'], [{ fuel: 1, ok: 'null' }, { fuel: 2, throw: { name: 'E', message: '' } }])
  assert.equal(deed(many), 'add × 2')
  assert.equal(many.outcome, 'throw')
  assert.equal(many.fuel, 3)
  assert.equal(deed(call(['a', 'b'], [{ fuel: 1, ok: '' }, { fuel: 1, trap: 'fuel' }])), 'a, b')
  assert.equal(row({ kind: 'abort', caller: null, request: null }).outcome, 'abort')
  assert.equal(deed(row({ kind: 'image' })), 'image of the heap')
  const long = row({ kind: 'call', caller: { user: null }, request: { len: 2000, sha256: '' }, outcomes: [] })
  assert.equal(long.methods, undefined, 'it is in a blob')
})

test('numbers are written for people', () => {
  assert.equal(size(999), '999 bytes')
  assert.equal(size(1234), '1.2 kB')
  assert.equal(size(12_345_678), '12 MB')
  assert.equal(binarySize(64 * 2 ** 20), '64 MiB')
  assert.equal(binarySize(900_000), '900,000 bytes')
  assert.equal(duration(12), '12 ms')
  assert.equal(duration(9999), '10 s')
  assert.equal(duration(3_660_000), '1 h 1 min')
  assert.deepEqual([0, 1, 2.5, 7, 120].map(niceTop), [1, 1, 3, 8, 200])
  assert.equal(prettyJson('{"a":1}'), '{\n  "a": 1\n}')
})
