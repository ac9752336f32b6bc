import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  MalformedError,
  NoteKey,
  PublicKey,
  callMessage,
  decodeUtf8,
  formatOpenSshKey,
  formatRequest,
  formatSignature,
  formatSignedCall,
  fromHex,
  Hash,
  parseKeyFile,
  parseRequest,
  parseSignedCall,
  publicKeyOf,
  requireCall,
  signWithSeed,
  toHex,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const keys = vectors('keys')
const calls = vectors('signed-call')

test('keys, their texts and their files', () => {
  for (const each of keys.keys) {
    const key = PublicKey.parse(each.text)
    assert.equal(toHex(key.bytes()), each.public)
    assert.equal(key.format(), each.text)
    assert.equal(toHex(publicKeyOf(fromHex(each.seed))), each.public)
    assert.equal(toHex(parseKeyFile(each.openssh)), each.seed)
    assert.equal(formatOpenSshKey(fromHex(each.seed)), each.openssh)
    assert.equal(toHex(parseKeyFile(formatOpenSshKey(fromHex(each.seed)))), each.seed)
    assert.equal(new NoteKey('example.com/log', key).format(), each.vkey)
    assert.equal(NoteKey.parse(each.vkey).format(), each.vkey)
  }
})

test('the rule for signatures', () => {
  assert.ok(keys.signatures.length > 70)
  for (const each of keys.signatures) {
    assert.equal(isValid(each), each.valid, each.name)
  }
})

function isValid(each: { public: string; message: string; signature: string }): boolean {
  try {
    return PublicKey.fromBytes(fromHex(each.public)).verify(fromHex(each.message), fromHex(each.signature))
  } catch (error) {
    assert.ok(error instanceof MalformedError)
    return false
  }
}

test('what is no public key', () => {
  for (const { text, reason } of keys.malformed) {
    assert.throws(() => PublicKey.parse(text), MalformedError, reason)
  }
})

test('damaged key files are refused', () => {
  const file = keys.keys[0].openssh as string
  assert.equal(toHex(parseKeyFile(file.replaceAll('\n', '\r\n'))), keys.keys[0].seed)
  for (const [from, to] of [
    ['OPENSSH', 'RSA'],
    ['AAAABG5vbmUAAAAEbm9uZQ', 'AAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0'],
    ['ZWQyNTUxOQAAACA', 'ZWQyNTUxOAAAACA'],
    ['-----END OPENSSH', '-----END'],
  ] as const) {
    assert.ok(file.includes(from))
    assert.throws(() => parseKeyFile(file.replace(from, to)), MalformedError, from)
  }
  for (let end = 100; end < file.length - 1; end += 37) {
    assert.throws(
      () => parseKeyFile(`${file.slice(0, end)}\n-----END OPENSSH PRIVATE KEY-----\n`),
      MalformedError,
    )
  }
})

test('signed calls', () => {
  for (const each of calls.valid) {
    const call = parseSignedCall(each.text)
    assert.equal(formatSignedCall(call), each.text)
    assert.equal(call.log.hex(), each.log)
    assert.equal(call.session, each.session)
    assert.equal(call.n, each.n)
    assert.equal(call.seen.size, BigInt(each.seen.size))
    assert.equal(call.seen.root.hex(), each.seen.root)
    assert.deepEqual(call.calls, each.calls)
    const message = callMessage(each.text)
    assert.equal(Hash.of(message).hex(), each.sha256OfMessage)
    const signature = signWithSeed(fromHex(each.seed), message)
    assert.equal(formatSignature(signature), each.sig)
    assert.ok(PublicKey.parse(each.key).verify(message, signature))
    call.calls.forEach(requireCall)
  }
})

test('what is no signed call', () => {
  assert.ok(calls.malformed.length > 45)
  for (const each of calls.malformed) {
    assert.throws(() => parseSignedCall(decodeUtf8(bytesOf(each))), MalformedError, each.reason)
  }
})

test('requests of callers who do not sign', () => {
  for (const { text, calls: made } of calls.requests) {
    assert.deepEqual(parseRequest(text), made)
    assert.equal(formatRequest(made), text)
  }
  for (const { text, reason } of calls.malformedRequests) {
    assert.throws(() => parseRequest(text), MalformedError, reason)
  }
})

test('the limits of parameters are exact', () => {
  const call = (params: string): void => requireCall({ method: 'm', params })
  call(`${'['.repeat(509)}${']'.repeat(509)}`)
  assert.throws(() => call(`${'['.repeat(510)}${']'.repeat(510)}`), MalformedError)
  call(`[${'1'.repeat(1000)},-${'1'.repeat(500)}.${'1'.repeat(250)}e-${'1'.repeat(250)}]`)
  assert.throws(() => call(`[${'1'.repeat(1001)}]`), MalformedError)
  assert.throws(() => call(`[${'1'.repeat(500)}e${'1'.repeat(501)}]`), MalformedError)
  call(`[{"${'n'.repeat(50_000)}":1}]`)
  assert.throws(() => call(`[{"${'n'.repeat(50_001)}":1}]`), MalformedError)
  assert.throws(() => call('[{"a":1,"\\u0061":2}]'), MalformedError)
  call('[{"a":1,"b":{"a":1}},{"a":1}]')
  assert.throws(() => call('["\ud800"]'), MalformedError)
  call('["\\ud800"]')
  call('[{"\\ud83d\\ude00":1}]')
  assert.throws(() => call('[{"\\ud800":1}]'), MalformedError)
  for (const params of [
    '',
    '{}',
    '[1] ',
    ' [1]',
    '[1',
    '[1]]',
    '[.5]',
    '[1.]',
    '[+1]',
    '[1e]',
    '[tru]',
    '["\t"]',
    '[\ufeff1]',
  ]) {
    assert.throws(() => call(params), MalformedError, params)
  }
})
