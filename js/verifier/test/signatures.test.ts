import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PublicKey, fromHex, hasSoundForm } from 'glasshouse-formats'

interface Case {
  readonly name: string
  readonly public: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
}

const vectors = new URL('../../../docs/vectors/keys.json', import.meta.url)
const { signatures } = JSON.parse(readFileSync(vectors, 'utf8')) as { signatures: Case[] }
const inside = (name: string): Promise<any> => import(new URL(`../dist/${name}.js`, import.meta.url).href)
const { Signatures, verifyBatch } = await inside('signatures')
const { platform } = await inside('platform-node')
const { webCryptoEd25519 } = await inside('web-crypto')

// Keys of low order and the like are refused when an entry is read: no signature of theirs comes here.
const ofKeys = signatures.flatMap((each) => {
  try {
    const key = PublicKey.fromBytes(fromHex(each.public))
    return [{ ...each, key, bytes: fromHex(each.signature), text: fromHex(each.message) }]
  } catch {
    assert.equal(each.valid, false, each.name)
    return []
  }
})

test('crafted signatures are judged by the rule, whatever the native verifier says', async () => {
  const checks = await Signatures.open()
  try {
    const holds = await checks.verify(
      ofKeys.map(({ key, bytes, text }) => ({ key, message: text, signature: bytes })),
    )
    ofKeys.forEach(({ name, valid }, i) => assert.equal(holds[i], valid, name))
  } finally {
    checks.close()
  }
})

test('so are those of a batch in this thread', () => {
  for (const { key, bytes, text, valid, name } of ofKeys.filter((each) => each.bytes.length === 64)) {
    const batch = { id: 0, keys: key.bytes(), signatures: bytes, messages: text, ends: Uint32Array.of(text.length) }
    assert.deepEqual([...verifyBatch(batch)], [valid ? 1 : 0], name)
  }
})

const natives: [string, (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean> | boolean][] = [
  ['node:crypto', platform.nativeEd25519Here],
  ['WebCrypto', await webCryptoEd25519(webcrypto.subtle)],
]
for (const [name, native] of natives) {
  // What all speed rests on: of keys and signatures of a sound form it accepts nothing that the rule refuses.
  test(`${name} is no more lenient than the rule, and sometimes stricter`, async () => {
    let stricter = 0
    for (const { key, bytes, text, valid, name: which } of ofKeys) {
      const holds = hasSoundForm(bytes) && (await native(key.bytes(), text, bytes))
      assert.ok(valid || !holds, which)
      stricter += valid && !holds ? 1 : 0
    }
    assert.ok(stricter > 0, 'no vector shows the cofactor')
  })
}
