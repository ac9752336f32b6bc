import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Checkpoint,
  Hash,
  MalformedError,
  MissingBlobError,
  Note,
  NoteKey,
  PublicKey,
  Receipt,
  SignedCheckpoint,
  TlogProof,
  TreeHead,
  UnverifiedError,
  decodeUtf8,
  encodeUtf8,
  endOf,
  formatEntry,
  formatEvidence,
  fromHex,
  heapRoot,
  judgeEvidence,
  leafHash,
  parseEntry,
  parseEvidence,
  parseJson,
  readPages,
  readText,
  requireAdmitted,
  requireAlone,
  requireFollows,
  requireOutcomes,
  requirePlace,
  rootOf,
  signWithSeed,
  toHex,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const entries = vectors('entry')
const checkpoints = vectors('checkpoint')
const receipts = vectors('receipt')
const evidence = vectors('evidence')

function blobsOf(texts: string[]): Map<string, Uint8Array> {
  return new Map(texts.map((text) => [Hash.ofText(text).hex(), encodeUtf8(text)]))
}

test('entries are read and written again', () => {
  for (const each of [...entries.log, ...entries.others]) {
    const bytes = encodeUtf8(each.text)
    const blobs = blobsOf(each.blobs)
    assert.equal(leafHash(bytes).hex(), each.leafHash, each.name)
    const written = new Map<string, Uint8Array>()
    assert.equal(decodeUtf8(formatEntry(parseEntry(bytes, blobs), written)), each.text, each.name)
    for (const [sha256, blob] of written) {
      assert.deepEqual(blobs.get(sha256), blob, each.name)
    }
  }
})

test('lists in blobs are asked for by their hash', () => {
  const large = entries.others.find((each: { name: string }) => each.name === 'inputs of 16,385 bytes')
  assert.throws(
    () => parseEntry(encodeUtf8(large.text), new Map()),
    (error) => error instanceof MissingBlobError && error.sha256 === Hash.ofText(large.blobs[0]).hex(),
  )
})

test('what is no entry', () => {
  assert.ok(entries.malformed.length > 65)
  for (const each of entries.malformed) {
    assert.throws(() => parseEntry(bytesOf(each), blobsOf(each.blobs)), MalformedError, each.reason)
  }
})

test('what else is malformed is told before a blob is asked for', () => {
  assert.ok(entries.withheld.length > 8)
  for (const { text, told, reason } of entries.withheld) {
    const error = told === 'missing' ? MissingBlobError : MalformedError
    assert.throws(() => parseEntry(encodeUtf8(text), new Map()), error, reason)
  }
})

test('the sample log keeps every rule that needs no execution', () => {
  const log = Hash.parseHex(entries.id)
  const first = parseEntry(encodeUtf8(entries.log[0].text), new Map())
  assert.ok(first.kind === 'genesis')
  assert.equal(first.origin, entries.origin)
  const leaves: Hash[] = []
  const used = new Map<string, number>()
  let end = 0n
  entries.log.forEach((each: { text: string; blobs: string[] }, i: number) => {
    const bytes = encodeUtf8(each.text)
    const blobs = blobsOf([...each.blobs, entries.scriptSource])
    const parsed = requireAlone(BigInt(i), bytes, first.limits, blobs)
    requirePlace(parsed.index, parsed.entry)
    requireFollows(parsed, leaves.at(-1) ?? Hash.ZERO, end)
    requireAdmitted(parsed, first, log, {
      lastNumber: (key, session) => used.get(`${key} ${session}`) ?? 0,
      rootAt: (size) => rootOf(leaves.slice(0, Number(size))),
    })
    requireOutcomes(parsed.index, parsed.entry, parsed.calls)
    if (parsed.signed !== undefined && parsed.caller !== undefined && 'key' in parsed.caller) {
      used.set(`${parsed.caller.key} ${parsed.signed.session}`, parsed.signed.n)
    }
    end = endOf(parsed.entry)
    leaves.push(leafHash(bytes))
  })
  assert.equal(used.size > 0, true)
})

test('heaps', () => {
  for (const { globals, pages, list, root } of entries.heaps) {
    const hashes: Hash[] = pages.map((page: string) => Hash.parseHex(page))
    assert.equal(heapRoot(globals, hashes).hex(), root)
    const bytes = fromHex(pages.join(''))
    assert.equal(Hash.of(bytes).hex(), list.sha256)
    const heap = { globals, pages: { length: list.len, sha256: Hash.of(bytes) }, root: Hash.parseHex(root) }
    assert.deepEqual(readPages(heap, new Map([[list.sha256, bytes]])).map(String), pages)
  }
})

test('checkpoints', () => {
  const key = PublicKey.parse(checkpoints.key)
  const noteKey = new NoteKey(checkpoints.origin, key)
  assert.equal(noteKey.format(), checkpoints.vkey)
  assert.equal(toHex(noteKey.id), checkpoints.keyId)
  for (const each of checkpoints.valid) {
    const signed = SignedCheckpoint.verify(Note.parse(encodeUtf8(each.note)), checkpoints.origin, key)
    assert.equal(signed.note.format(), each.note)
    assert.equal(signed.head.size, BigInt(each.size))
    assert.equal(signed.head.root.hex(), each.root)
    assert.equal(signed.checkpoint.text(), each.text)
    const signature = signWithSeed(fromHex(checkpoints.seed), encodeUtf8(each.text))
    assert.ok(signed.note.signatures.some((line) => toHex(line.bytes) === toHex(signature)))
  }
  for (const each of checkpoints.unverified) {
    const note = Note.parse(bytesOf(each))
    assert.throws(() => SignedCheckpoint.verify(note, checkpoints.origin, key), UnverifiedError, each.reason)
  }
  for (const each of checkpoints.malformed) {
    assert.throws(() => Checkpoint.parse(Note.parse(bytesOf(each)).text), MalformedError, each.reason)
  }
})

test('receipts and .tlog-proof files', () => {
  const key = PublicKey.parse(receipts.key)
  for (const each of receipts.valid) {
    const receipt = Receipt.parse(encodeUtf8(each.text))
    assert.equal(decodeUtf8(receipt.format()), each.text)
    assert.equal(receipt.index, BigInt(each.index))
    assert.equal(leafHash(receipt.entry).hex(), each.leafHash)
    assert.equal(receipt.verify(receipts.origin, key).head.size, BigInt(each.size))
    assert.equal(decodeUtf8(receipt.tlogProof().format()), each.tlogProof)
    const proof = TlogProof.parse(encodeUtf8(each.tlogProof))
    assert.equal(decodeUtf8(proof.format()), each.tlogProof)
    assert.equal(proof.verify(leafHash(receipt.entry), receipts.origin, key).head.size, BigInt(each.size))
    assert.throws(() => proof.verify(Hash.ZERO, receipts.origin, key), UnverifiedError)
  }
  for (const each of receipts.unverified) {
    const receipt = Receipt.parse(bytesOf(each))
    assert.throws(() => receipt.verify(receipts.origin, key), UnverifiedError, each.reason)
  }
  for (const each of receipts.malformed) {
    assert.throws(() => Receipt.parse(bytesOf(each)), MalformedError, each.reason)
  }
  for (const each of receipts.malformedProofs) {
    assert.throws(() => TlogProof.parse(bytesOf(each)), MalformedError, each.reason)
  }
})

test('evidence is judged as it should be, in the same words', () => {
  assert.ok(evidence.judged.length > 15)
  for (const each of evidence.judged) {
    const file = parseEvidence(encodeUtf8(each.text))
    assert.equal(decodeUtf8(formatEvidence(file)), each.text)
    assert.deepEqual(judgeEvidence(file), { proved: each.proved, sentence: each.sentence })
    assert.equal(judgeEvidence(file, Hash.ZERO).proved, false)
  }
  for (const each of evidence.malformed) {
    assert.throws(() => parseEvidence(bytesOf(each)), MalformedError, each.reason)
  }
})

test('sizes are exact up to 2^63', () => {
  const root = Hash.ofText('root').base64()
  const parse = (size: string): Checkpoint => Checkpoint.parse(`example.com\n${size}\n${root}\n`)
  assert.equal(parse('9223372036854775807').head.size, 2n ** 63n - 1n)
  for (const size of ['9223372036854775808', '01', '-1', '+1', '', '1e3', ' 1']) {
    assert.throws(() => parse(size), MalformedError, size)
  }
  assert.throws(() => new TreeHead(-1n, Hash.ZERO), MalformedError)
})

test('texts of blobs are UTF-8 of the length that is stated', () => {
  const bytes = new Uint8Array(1025).fill(0x61)
  const reference = { length: 1025, sha256: Hash.of(bytes) }
  assert.equal(readText(reference, new Map([[reference.sha256.hex(), bytes]])).length, 1025)
  assert.throws(
    () => readText({ ...reference, length: 1026 }, new Map([[reference.sha256.hex(), bytes]])),
    MalformedError,
  )
  assert.throws(() => readText(reference, new Map()), MissingBlobError)
  assert.ok(parseJson(encodeUtf8('{}')) instanceof Map)
})
