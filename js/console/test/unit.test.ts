import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Hash, TreeHead, inclusionProof, leafHash, nodeHash, rootOf, encodeUtf8 } from 'glasshouse-formats'
import { followProof } from '../build/src/log/inclusion.js'
import { deed, rowOf } from '../build/src/log/row.js'
import { freeName, nameFor } from '../build/photo-album/names.js'
import { formatPlace, parsePlace } from '../build/photo-album/place.js'
import { niceTop } from '../build/src/parts/bar-chart.js'
import { tar } from '../build/src/save.js'
import { href } from '../build/src/route.js'
import { binarySize, duration, prettyJson, shellWord, size } from '../build/src/text.js'
import { digitsOf, isIndex } from '../build/src/views/search.js'

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
    [`${'long '.repeat(40)}ü.proof.blobs`, encodeUtf8('two')],
    // With the digits of its own length, a record's length gains one.
    ...Array.from({ length: 20 }, (_, i) => [`${'n'.repeat(80 + i)}€`, encodeUtf8(`${i}`)] as const),
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

test('what is no entry is a line of its own, and harms no other', () => {
  const entries = [
    'no JSON',
    'null',
    '{"kind":"call"}',
    '{"kind":"call","time":"now","caller":null,"request":"","outcomes":[]}',
    '{"kind":"call","time":1e400,"caller":null,"request":"","outcomes":[]}',
    '{"kind":7,"time":1}',
    '{"kind":"call","time":1,"request":7,"outcomes":[]}',
    '{"kind":"call","time":1,"request":"{}","outcomes":[]}',
    '{"kind":"call","time":1,"request":"{\\"calls\\":[{\\"method\\":{}}]}","outcomes":[]}',
    '{"kind":"call","time":1,"request":"","outcomes":[{"fuel":"many"}]}',
    '{"kind":"call","time":1,"request":"","outcomes":[null]}',
    '{"kind":"timer","time":1,"outcome":null}',
  ]
  for (const text of entries) {
    const row = rowOf(3, encodeUtf8(text))
    assert.equal(row.kind, 'malformed', text)
    assert.equal(deed(row), 'this is no entry')
  }
  for (const kind of ['__proto__', 'constructor', 'toString']) {
    assert.equal(deed(rowOf(3, encodeUtf8(JSON.stringify({ kind, time: 1 })))), '…')
  }
})

test('a file name is one word of a shell', () => {
  assert.equal(shellWord('a.txt'), 'a.txt')
  assert.equal(shellWord('-rf'), './-rf')
  for (const name of ['a b', "it's", '$(x)', '`x`', '; x', 'a\\b', '"', '*', 'ü', '']) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(name)}`]).toString(), name)
  }
})

test('an address names any path', () => {
  assert.equal(href('files', 'a b/ü?#%.txt', { at: '3' }), '#/files/a%20b/%C3%BC%3F%23%25.txt?at=3')
  assert.equal(href('call', '\ud800'), '#/call/%EF%BF%BD')
})

test('an index is read as the page writes it', () => {
  for (const text of ['1234', ' 1,234 ', '1 234']) {
    assert.equal(isIndex(text, 1235), true, text)
    assert.equal(isIndex(text, 1234), false, text)
    assert.equal(digitsOf(text), '1234')
  }
  for (const text of ['', '-1', '1.5', '1e3', 'x', '9'.repeat(16)]) {
    assert.equal(isIndex(text, 10_000), false, text)
  }
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

test('a photo has a name that an archive can have, and the next free one', () => {
  const cases: [string, string][] = [
    ['dusk.jpg', 'dusk.jpg'],
    ['IMG 1.JPEG', 'IMG 1.JPEG'],
    ['a/b\\c\n.heic', 'a-b-c-.jpg'],
    ['..', 'photo.jpg'],
    ['', 'photo.jpg'],
    ['u\u0308.png', 'ü.jpg'],
    [`${'ü'.repeat(200)}.jpg`, `${'ü'.repeat(125)}.jpg`],
  ]
  for (const [given, name] of cases) {
    assert.equal(nameFor(given), name)
  }
  const taken = new Set(['image.jpg', 'image-2.jpg', 'image-9.jpg'])
  const free = (name: string) => freeName(name, (each) => taken.has(each))
  assert.equal(free('image.jpg'), 'image-3.jpg')
  assert.equal(free('image-9.jpg'), 'image-10.jpg')
  assert.equal(free('no ending'), 'no ending-2')
  assert.equal(freeName('x'.repeat(255), () => false), `${'x'.repeat(253)}-2`)
})

test("the album's place is read from the page's address as it is written", () => {
  const log = '0a'.repeat(32)
  assert.equal(formatPlace({ host: 'localhost:5555/album', log }), `#host=localhost:5555/album&log=${log}`)
  for (const place of [{ host: 'https://a.example/b c' }, { host: '[::1]:1', log }, { host: 'a&b=c#d', log }]) {
    assert.deepEqual(parsePlace(formatPlace(place)), place)
  }
  assert.equal(parsePlace(''), undefined)
  assert.equal(parsePlace('#log=1'), undefined)
})
