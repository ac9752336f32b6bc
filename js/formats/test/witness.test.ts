import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import {
  Checkpoint,
  CosignedCheckpoint,
  Hash,
  MalformedError,
  type MlDsaVerifier,
  Note,
  NoteKey,
  NoteSignature,
  Policy,
  PublicKey,
  SignedCheckpoint,
  TreeHead,
  UnverifiedError,
  WitnessKey,
  concat,
  cosignatureMessage,
  decodeUtf8,
  encodeUtf8,
  formatSubmission,
  fromHex,
  instantText,
  parseSubmission,
  publicKeyOf,
  secondText,
  signWithSeed,
  toBase64,
  toHex,
  verifyCosignature,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const seedOf = (number: number): Uint8Array => new Uint8Array(32).fill(number)

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

// The log of these tests, and its witnesses by number.
const ORIGIN = 'example.com/log'
const LOG = new NoteKey(ORIGIN, PublicKey.fromBytes(publicKeyOf(seedOf(99))))
const witnessKey = (number: number): WitnessKey =>
  WitnessKey.parse(vkeyOf(`example.com/w${number}`, 4, publicKeyOf(seedOf(number))))

function vkeyOf(name: string, type: number, key: Uint8Array): string {
  const typed = concat(Uint8Array.of(type), key)
  return `${name}+${toHex(Hash.of(encodeUtf8(`${name}\n`), typed).bytes().subarray(0, 4))}+${toBase64(typed)}`
}

const textOf = (size: number): string =>
  new Checkpoint(ORIGIN, new TreeHead(BigInt(size), Hash.ofText('root'))).text()

function cosignedBy(number: number, size: number, time: number): NoteSignature {
  const key = witnessKey(number)
  const timed = new Uint8Array(8)
  new DataView(timed.buffer).setBigUint64(0, BigInt(time))
  const signature = signWithSeed(seedOf(number), cosignatureMessage(key, textOf(size), BigInt(time)))
  return new NoteSignature(key.name, key.id, concat(timed, signature))
}

function signed(size: number, ...lines: NoteSignature[]): SignedCheckpoint {
  const own = new NoteSignature(ORIGIN, LOG.id, signWithSeed(seedOf(99), encodeUtf8(textOf(size))))
  const [first, ...others] = lines
  const all = first === undefined ? [own] : [first, own, ...others]
  return SignedCheckpoint.verify(new Note(textOf(size), all), ORIGIN, LOG.key)
}

const filled = (text: string): Uint8Array =>
  encodeUtf8(
    text
      .replaceAll('LOG', LOG.format())
      .replace(/ W([0-9])/g, (_, number) => ` ${witnessKey(Number(number)).format()}`)
      .replaceAll('|', '\n'),
  )

// As the tests of the first implementation have them, with the line that is named and some of why.
const REFUSED: [text: string, line: number, why: string][] = [
  ['logs LOG', 1, 'a line starts with'],
  ['log', 1, 'a log is written as'],
  ['log LOG a b', 1, 'a log is written as'],
  ['log W1', 1, 'not an Ed25519 verifier key'],
  ['log LOG|log LOG', 2, 'is listed already'],
  ['witness a', 1, 'a witness is written as'],
  ['witness a W1 u v', 1, 'a witness is written as'],
  ['witness a LOG', 1, 'not the key of a witness'],
  ['witness a garbage', 1, 'NAME+HEX8+BASE64'],
  ['witness none W1', 1, 'is no name'],
  ['witness a W1|witness b W1', 2, 'is listed already'],
  ['witness a W1|witness a W2', 2, 'is defined already'],
  ['witness a W1|group a any a', 2, 'is defined already'],
  ['group g any', 1, 'a group is written as'],
  ['group g any b', 1, 'is no witness or group'],
  ['group g any none', 1, 'is no witness or group'],
  ['group g any g', 1, 'is no witness or group'],
  ['witness a W1|group none any a', 2, 'is no name'],
  ['witness a W1|group g 0 a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g 2 a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g 01 a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g +1 a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g 99999999999 a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g most a', 2, 'a number from 1 to 1'],
  ['witness a W1|group g any a a', 2, 'is a member of a group already'],
  ['witness a W1|group g any a|group h any a', 3, 'is a member of a group already'],
  ['quorum', 1, 'a quorum is written as'],
  ['quorum a', 1, 'is no witness or group'],
  ['quorum none|quorum none', 2, 'this is the second'],
  ['quorum none none', 1, 'a quorum is written as'],
  ['quorum a|witness a W1', 1, 'is no witness or group'],
  ['witness\u00a0a W1', 1, 'a line starts with'],
  ['quorum\u000bnone', 1, 'a control character'],
  ['quorum none\u007f', 1, 'a control character'],
  ['# a\r', 1, 'carriage return'],
]

test('policies that are refused, with the line and why', () => {
  for (const [text, line, why] of REFUSED) {
    assert.throws(
      () => Policy.parse(filled(`${text}|quorum none|`)),
      (error) => {
        assert.ok(error instanceof MalformedError)
        assert.ok(error.message.startsWith(`line ${line}: `) && error.message.includes(why), error.message)
        return true
      },
      text,
    )
  }
})

test('the limits of a policy', () => {
  const witnesses = Array.from({ length: 65 }, (_, i) => `witness w${i} ${witnessKey(i + 1).format()}\n`)
  const members = witnesses.slice(1).map((_, i) => `w${i}`)
  const all = `${witnesses.slice(0, 64).join('')}group all all ${members.join(' ')}\nquorum all\n`
  assert.equal(Policy.parse(encodeUtf8(all)).witnesses.length, 64)
  const more = `${witnesses.join('')}quorum none\n`
  assert.throws(() => Policy.parse(encodeUtf8(more)), /^MalformedError: line 65: .*at most 64 witnesses/)
  const groups = (count: number): string =>
    `witness g0 W1|${Array.from({ length: count }, (_, i) => `group g${i + 1} 1 g${i}|`).join('')}quorum g${count}|`
  const nested = Policy.parse(filled(groups(64)))
  assert.ok(nested.quorum(signed(7, cosignedBy(1, 7, 5)).note, ORIGIN).isMet)
  assert.ok(!nested.quorum(signed(7, cosignedBy(2, 7, 5)).note, ORIGIN).isMet)
  assert.throws(() => Policy.parse(filled(groups(65))), /line 66: .*at most 64 groups/)
  const large = `quorum none${'\n'.repeat(2 ** 20 - 11)}`
  assert.equal(Policy.parse(encodeUtf8(large)).witnesses.length, 0)
  assert.throws(() => Policy.parse(encodeUtf8(`${large}\n`)), MalformedError)
})

test('names are octets, lines may be indented and commented', () => {
  const text =
    ' \t# \u00fcmlaut comment|| \t |\tlog \t LOG\thttps://example.com/\u00fc ' +
    '|witness \u212a W1 http://127.0.0.1:1/x|witness K W2|quorum \u212a'
  const policy = Policy.parse(filled(text))
  assert.equal(policy.logs[0]?.url, 'https://example.com/\u00fc')
  assert.deepEqual([policy.witnesses[0]?.name, policy.witnesses[0]?.url], ['\u212a', 'http://127.0.0.1:1/x'])
  assert.ok(policy.quorum(signed(7, cosignedBy(1, 7, 5)).note, ORIGIN).isMet)
  assert.ok(!policy.quorum(signed(7, cosignedBy(2, 7, 5)).note, ORIGIN).isMet, 'K is not the Kelvin sign')
  const latin = Uint8Array.from(decodeUtf8(filled('witness \u00e9 W1|quorum \u00e9|')), (char) => char.charCodeAt(0))
  assert.equal(Policy.parse(latin).witnesses[0]?.name, '\ufffd', 'a name need not be UTF-8')
})

test('which logs a policy is for', () => {
  const other = PublicKey.fromBytes(publicKeyOf(seedOf(98)))
  assert.ok(Policy.parse(filled('quorum none|')).allows('anything', other))
  const named = Policy.parse(filled('log LOG|quorum none|'))
  assert.ok(named.allows(ORIGIN, LOG.key))
  assert.ok(!named.allows(ORIGIN, other) && !named.allows('example.com/other', LOG.key))
})

test('the times of a quorum are those of the witnesses that count', () => {
  const policy = Policy.parse(filled('witness a W1|witness b W2|witness c W3|group g any a b|quorum g|'))
  const lines = [cosignedBy(1, 7, 50), cosignedBy(2, 7, 70), cosignedBy(2, 7, 60), cosignedBy(3, 7, 1)]
  const quorum = policy.quorum(signed(7, ...lines).note, ORIGIN)
  assert.deepEqual([quorum.oldest, quorum.newest], [50n, 70n])
  assert.deepEqual(
    quorum.cosigned.map(({ witness, time, counts }) => `${witness.name} ${time} ${counts}`),
    ['a 50 true', 'b 70 true', 'c 1 false'],
  )
  const none = policy.quorum(signed(7, cosignedBy(3, 7, 1)).note, ORIGIN)
  assert.deepEqual([none.isMet, none.oldest, none.newest], [false, undefined, undefined])
})

test('what is kept of a cosigned checkpoint, and which of two says more', () => {
  const policy = Policy.parse(filled('witness a W1|witness b W2|quorum a|'))
  const of = (size: number, ...lines: NoteSignature[]): CosignedCheckpoint =>
    CosignedCheckpoint.of(policy, signed(size, ...lines), LOG.key)
  const [first, second] = [cosignedBy(1, 7, 50), cosignedBy(2, 7, 60)]
  const sameName = new NoteSignature(ORIGIN, new Uint8Array(4), new Uint8Array(64))
  const kept = of(7, cosignedBy(3, 7, 50), sameName, first, second).checkpoint.note
  assert.deepEqual(kept.signatures.slice(1), [first, second])
  assert.equal(kept.signatures[0]?.name, ORIGIN)
  assert.throws(() => of(7, cosignedBy(1, 8, 50)), UnverifiedError)

  const fromWorst = [
    of(9, cosignedBy(2, 9, 60)),
    of(10, cosignedBy(2, 10, 60)),
    of(7, first),
    of(7, cosignedBy(1, 7, 51)),
    of(8, cosignedBy(1, 8, 40)),
  ]
  fromWorst.forEach((one, i) => {
    fromWorst.forEach((other, j) => assert.equal(one.isBetterThan(other), i > j, `${i} than ${j}`))
  })
  const forged = signed(10, cosignedBy(1, 7, 50))
  const shown = [signed(9, cosignedBy(2, 9, 60)), signed(7, first), signed(6, cosignedBy(1, 6, 50)), forged]
  for (let turn = 0; turn < 4; turn++) {
    shown.push(shown.shift() as SignedCheckpoint)
    assert.equal(CosignedCheckpoint.best(policy, shown, LOG.key).checkpoint.head.size, 7n)
  }
  assert.throws(() => CosignedCheckpoint.best(policy, [forged], LOG.key), UnverifiedError)
})

test('instants are written as Java writes them', () => {
  assert.equal(instantText(0n), '1970-01-01T00:00:00Z')
  assert.equal(instantText(951_868_799_999n), '2000-02-29T23:59:59.999Z')
  assert.equal(instantText(1_767_225_610_050n), '2026-01-01T00:00:10.050Z')
  assert.equal(instantText(253_402_300_799_000n), '9999-12-31T23:59:59Z')
  assert.equal(instantText(253_402_300_800_000n), '+10000-01-01T00:00:00Z')
  assert.equal(instantText(2n ** 63n - 1n), '+292278994-08-17T07:12:55.807Z')
  assert.equal(secondText(2n ** 63n - 1n), '+1000000000-12-31T23:59:59Z')
  for (let day = 0; day < 200_000; day += 13) {
    const millis = day * 86_400_000 + day
    assert.equal(instantText(BigInt(millis)), new Date(millis).toISOString().replace('.000Z', 'Z'))
  }
})
