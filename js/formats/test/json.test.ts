import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  MalformedError,
  decodeUtf8,
  formatGuestJson,
  formatJson,
  formatJsonText,
  fromBase64,
  parseGuestJson,
  parseJson,
  requireCall,
  toBase64,
} from 'glasshouse-formats'
import { bytesOf, vectors } from './vectors.js'

const file = vectors('canonical-json')

test('canonical JSON is read and written again', () => {
  assert.ok(file.valid.length > 15)
  for (const text of file.valid) {
    assert.equal(formatJsonText(parseJson(bytesOf({ text }))), text)
  }
})

test('what is written is canonical', () => {
  for (const { json, canonical } of file.formatted) {
    assert.equal(formatJsonText(JSON.parse(json)), canonical)
  }
})

test('all other JSON is refused', () => {
  assert.ok(file.malformed.length > 40)
  for (const each of file.malformed) {
    assert.throws(() => parseJson(bytesOf(each)), MalformedError, each.reason)
  }
})

test('whatever a reader takes is written in the same bytes', () => {
  // A walk over small changes of a text: whichever of them is read must be in its one form.
  const seed = 7
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >>> 8) % below
  }
  const bytes = bytesOf({
    text: '{"":[-1,0,"\\u001f\\n\\"é"],"a":{"b":true,"c":null},"é":[9007199254740992,{}]}',
  })
  let taken = 0
  for (let i = 0; i < 20_000; i++) {
    const changed = bytes.slice()
    changed[random(changed.length)] = random(256)
    try {
      const value = parseJson(changed)
      assert.deepEqual(formatJson(value), changed, `seed ${seed}, step ${i}`)
      taken++
    } catch (error) {
      assert.ok(error instanceof MalformedError, `seed ${seed}, step ${i}: ${error}`)
    }
  }
  assert.ok(taken > 100, `${taken} were taken`)
})

test('no name of a member is special', () => {
  const text = '{"__proto__":{"a":1},"constructor":2}'
  assert.equal(formatJsonText(parseJson(bytesOf({ text }))), text)
})

test('long strings and deep arrays take no more than a while', () => {
  const text = JSON.stringify('x'.repeat(8_000_000))
  assert.equal(formatJsonText(parseJson(bytesOf({ text }))).length, text.length)
  requireCall({ method: 'm', params: `[${text}]` })
  assert.throws(() => requireCall({ method: 'm', params: '['.repeat(1_000_000) }), MalformedError)
})

test('base64 has one form', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7 + length)
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'))
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
  }
  for (const text of [
    'A',
    'AA',
    'AAA',
    'AB==',
    'AA=',
    'AA==\n',
    ' AA==',
    'A===',
    'AA==AA==',
    '-_-_',
    '====',
  ]) {
    assert.throws(() => fromBase64(text), MalformedError, text)
  }
})

test('values cross with their tags', () => {
  const cases: [unknown, string][] = [
    [undefined, 'null'],
    [[1, 'two', undefined], '[1,"two",null]'],
    [Uint8Array.of(1, 2, 3), '{"$bytes":"AQID"}'],
    [-12345678901234567890n, '{"$bigint":"-12345678901234567890"}'],
    [{ a: [Uint8Array.of(), 0n] }, '{"a":[{"$bytes":""},{"$bigint":"0"}]}'],
    [{ $a: 1 }, '{"$$a":1}'],
    [{ $bytes: 'AQID' }, '{"$$bytes":"AQID"}'],
    [{ $$bytes: 'AQID' }, '{"$$$bytes":"AQID"}'],
    [{ $a: 1, b: 2 }, '{"$a":1,"b":2}'],
    [{ $a: { $b: { $c: 1n } } }, '{"$$a":{"$$b":{"$$c":{"$bigint":"1"}}}}'],
  ]
  for (const [value, text] of cases) {
    assert.equal(formatGuestJson(value), text)
    const read = parseGuestJson(text)
    assert.deepEqual(read, JSON.parse(JSON.stringify(value, keepTagged) ?? 'null', readTagged))
  }
  assert.equal(formatGuestJson({ $a: 1, b: undefined }), '{"$$a":1}')
  assert.equal(formatGuestJson(Buffer.from([1, 2, 3])), '{"$bytes":"AQID"}')
  assert.throws(() => formatGuestJson([() => 1]), TypeError)
  assert.throws(() => formatGuestJson({ a: Symbol('a') }), TypeError)
  assert.throws(() => formatGuestJson(2n ** 32769n), RangeError)
  assert.throws(() => parseGuestJson(`{"$bigint":"${'1'.repeat(10_001)}"}`), MalformedError)
  assert.throws(() => parseGuestJson('{'), MalformedError)
  const proto = parseGuestJson('{"__proto__":{"x":1}}') as object
  assert.equal(Object.getPrototypeOf(proto), Object.prototype)
})

// Another way to send such values through JSON, for comparison.
function keepTagged(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key]
  return typeof raw === 'bigint' ? `bigint ${raw}` : raw instanceof Uint8Array ? `bytes ${[...raw]}` : value
}

function readTagged(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') {
    return value
  }
  if (value.startsWith('bytes ')) {
    return Uint8Array.from(value.slice(6).split(',').filter(Boolean), Number)
  }
  return value.startsWith('bigint ') ? BigInt(value.slice(7)) : value
}

test('UTF-8 is not repaired', () => {
  assert.throws(() => decodeUtf8(Uint8Array.of(0xff)), MalformedError)
  assert.equal(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf)), '\ufeff')
})
