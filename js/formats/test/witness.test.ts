import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import {
  MalformedError,
  type MlDsaVerifier,
  Note,
  NoteSignature,
  Policy,
  UnverifiedError,
  WitnessKey,
  cosignatureMessage,
  decodeUtf8,
  encodeUtf8,
  formatSubmission,
  fromHex,
  parseSubmission,
  publicKeyOf,
  signWithSeed,
  toHex,
  verifyCosignature,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const file = vectors('cosignature')
const note = Note.parse(encodeUtf8(file.note))
const mlDsa: MlDsaVerifier = (key, message, signature) => ml_dsa44.verify(signature, message, key)

test('cosignatures', () => {
  for (const each of file.witnesses) {
    const witness = WitnessKey.parse(each.vkey)
    assert.equal(witness.format(), each.vkey)
    assert.equal(witness.name, each.name)
    assert.equal(toHex(witness.id), each.keyId)
    assert.equal(witness.isReplayed, each.name.endsWith('/replayed'))
    const message = cosignatureMessage(witness, note.text, BigInt(each.time))
    assert.equal(decodeUtf8(message), each.message)
    const seed = fromHex(each.seed)
    assert.ok(each.vkey.includes(Buffer.from([4, ...publicKeyOf(seed)]).toString('base64')))
    const line = NoteSignature.parse(each.line)
    assert.equal(toHex(line.bytes.subarray(8)), toHex(signWithSeed(seed, message)))
    assert.equal(verifyCosignature(witness, note.text, line), BigInt(each.time))
  }
})

test('cosignatures with ML-DSA-44', () => {
  const each = file.mlDsa
  const witness = WitnessKey.parse(each.vkey)
  assert.equal(witness.format(), each.vkey)
  assert.equal(toHex(witness.id), each.keyId)
  assert.equal(toHex(cosignatureMessage(witness, note.text, BigInt(each.time))), each.message)
  const line = NoteSignature.parse(each.line)
  assert.equal(verifyCosignature(witness, note.text, line, mlDsa), BigInt(each.time))
  assert.throws(() => verifyCosignature(witness, note.text, line), UnverifiedError)
})

test('policies', () => {
  const cases = [
    ...file.policies.map((each: object) => ({ ...each, note })),
    ...file.mlDsa.policies.map((each: object) => ({
      ...each,
      note: Note.parse(encodeUtf8(file.mlDsa.note)),
    })),
  ]
  for (const each of cases) {
    const quorum = Policy.parse(encodeUtf8(each.text)).quorum(each.note, file.origin, mlDsa)
    assert.equal(quorum.isMet, each.met, each.text)
    assert.equal(quorum.cosigned.length, each.cosigned, each.text)
  }
  for (const each of file.malformedPolicies) {
    const expected = each.line === 0 ? /one line "quorum/ : new RegExp(`^line ${each.line}: `)
    assert.throws(
      () => Policy.parse(bytesOf(each)),
      (error) => error instanceof MalformedError && expected.test(error.message),
      each.reason,
    )
  }
})

test('an address of a policy is any UTF-8, and nothing is replaced in it', () => {
  const [vkey] = /\S+\+\S+/.exec(file.policies.find((each: any) => /^log /m.test(each.text)).text) as string[]
  for (const url of ['http://\ufffd', 'http://\ufeff', 'http://\u{1f600}']) {
    assert.equal(Policy.parse(encodeUtf8(`log ${vkey} ${url}\nquorum none\n`)).logs[0]?.url, url)
  }
  const latin = Uint8Array.from(`log ${vkey} http://\u00e9\nquorum none\n`, (c) => c.charCodeAt(0))
  assert.throws(() => Policy.parse(latin), MalformedError)
})

test('notes that a policy rejects whole', () => {
  const one = file.witnesses[0].vkey
  const policy = Policy.parse(encodeUtf8(`witness one ${one}\nquorum one\n`))
  for (const each of file.rejected) {
    assert.throws(() => policy.quorum(Note.parse(bytesOf(each)), file.origin), UnverifiedError, each.reason)
  }
  const four = Policy.parse(encodeUtf8(`witness four ${file.mlDsa.vkey}\nquorum four\n`))
  for (const each of file.mlDsa.rejected) {
    assert.throws(
      () => four.quorum(Note.parse(bytesOf(each)), file.origin, mlDsa),
      UnverifiedError,
      each.reason,
    )
  }
  assert.throws(() => policy.quorum(note, 'example.com/other'), UnverifiedError)
})

test('submissions', () => {
  const submission = parseSubmission(encodeUtf8(file.submission))
  assert.equal(decodeUtf8(formatSubmission(submission)), file.submission)
  assert.equal(submission.oldSize, 1n)
  for (const each of file.malformedSubmissions) {
    assert.throws(() => parseSubmission(bytesOf(each)), MalformedError, each.reason)
  }
})
