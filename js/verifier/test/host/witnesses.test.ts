import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import { type AnyClient, MemoryStore, connect } from 'glasshouse-client'
import {
  MalformedError,
  Note,
  NoteSignature,
  WitnessKey,
  concat,
  cosignatureMessage,
  encodeUtf8,
} from 'glasshouse-formats'
import { type Audit, audit } from 'glasshouse-verifier'
import { Host, folder, glass } from '../../../client/build/host/host.js'
import { Relay } from '../../../client/build/host/relay.js'
import { stopAll } from '../../../client/build/host/running.js'
import { Witness, until, vkeyOf } from '../../../client/build/host/witness.js'
import { run } from './run.js'

let alice: Witness
let host: Host
let client: AnyClient
let home: string
let policy: string

before(async () => {
  home = await folder()
  alice = await Witness.make('alice')
  policy = `${alice.line}\nquorum alice\n`
  await writeFile(join(home, 'policy'), policy)
  host = await Host.start('persistent-counter.js', '--policy', join(home, 'policy'))
  client = await connect(host.place, { store: new MemoryStore() })
  await client.increment()
})

after(async () => {
  await client.$close()
  await stopAll()
  await rm(home, { recursive: true })
})

// Of both, without what the clock has to do with, and the engine.
const told = ({ report }: Pick<Audit, 'report'>): unknown => ({
  ...report,
  engine: '',
  witnesses: report.witnesses && { ...report.witnesses, age: 0 },
})

async function java(place: string, file: string, ...options: string[]): Promise<{ told: unknown; said: string }> {
  const json = join(home, 'report.json')
  const { said } = await glass('verify', place, '--jobs', '1', '--policy', join(home, file), '--json', json, ...options)
  return { told: told({ report: JSON.parse(await readFile(json, 'utf8')) }), said }
}

const cosigned = (size: number): Promise<void> =>
  until(async () => {
    const answer = await fetch(`http://${host.place}/cosigned`)
    return (await answer.text()).split('\n')[1] === String(size)
  })

test('a quorum that is not met is no accusation', async () => {
  const found = await audit(host.place, { policy, level: 'hashes' })
  assert.deepEqual([found.verdict, found.exitCode], ['undecided', 3])
  assert.equal(found.report.obstacle, 'the quorum of witnesses is not met: 0 that count have cosigned')
  assert.equal(found.report.witnesses?.met, false)
  assert.equal(found.verified, undefined)
  assert.ok(found.report.filesDigest)
  assert.deepEqual(told(found), (await java(host.place, 'policy', '--level', 'hashes')).told)
})

test('what a real witness has cosigned is verified, by the API, the command and glass verify alike', async () => {
  await alice.run(client.$info(), host.place)
  await cosigned(2)
  const found = await audit(host.place, { policy, maxAgeMillis: 600_000 })
  assert.equal(found.verdict, 'verified', JSON.stringify(found.report, null, 1))
  const theirs = await java(host.place, 'policy', '--max-age', '10m')
  assert.deepEqual(told(found), theirs.told)
  assert.equal(found.cosigned?.length, 1)

  const first = await run(home, host.place, '--policy', join(home, 'policy'))
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /^Witnesses: {6}quorum met for all [0-9]+ entries: alice 20[0-9T:-]+Z, [0-9]+ s ago$/m)
  assert.equal(theirs.said.replace(/[0-9]+ s ago/, ''), first.out.replace(/[0-9]+ s ago/, ''))
})

test('what was cosigned is kept, and entries between two cosignatures are not taken on trust', async () => {
  const kept = JSON.parse(await readFile(join(home, 'logs', host.log, 'cosigned.json'), 'utf8'))
  assert.equal(kept.length, 1)
  await client.increment()
  await cosigned(3)
  const { code, out } = await run(home, host.place, '--policy', join(home, 'policy'), '--json')
  const { witnesses, trusted, since } = JSON.parse(out)
  // Only the entry that is new since the first audit counts here.
  assert.deepEqual([code, witnesses.between, trusted.times, since], [0, 1, 0, 2], out)
  const [, second] = JSON.parse(await readFile(join(home, 'logs', host.log, 'cosigned.json'), 'utf8'))
  assert.match(second, /\n3\n/)
})

test('a policy and an age that make no sense are wrong usage', async () => {
  await writeFile(join(home, 'none'), 'quorum nobody\n')
  const none = await run(home, host.place, '--policy', join(home, 'none'))
  assert.deepEqual([none.code, /line 1: "nobody" is no witness/.test(none.err)], [2, true], none.err)
  await assert.rejects(audit(host.place, { policy: 'quorum nobody\n' }), MalformedError)
  const { UsageError, readWords } = await import(new URL('../../dist/command-line.js', import.meta.url).href)
  const file = join(home, 'policy')
  const wrong = [['--max-age', '10m'], ['--policy', file, '--max-age', '10 days'], ['--policy', join(home, 'missing')]]
  for (const words of [...wrong, ['--watch', '--from-image'], ['--identity', file]]) {
    await assert.rejects(readWords(['localhost', ...words]), UsageError, words.join(' '))
  }
  const { maxAgeMillis } = await readWords(['localhost', '--policy', file, '--max-age', '90s'])
  assert.equal(maxAgeMillis, 90_000)
})

test('an export has what was cosigned', async () => {
  const out = join(home, 'out')
  assert.equal((await glass('export', host.place, out)).code, 0)
  const found = await audit(out, { policy, level: 'hashes' })
  assert.equal(found.verdict, 'verified', JSON.stringify(found.report, null, 1))
})

test('witnesses with ML-DSA keys count', async () => {
  const { secretKey, publicKey } = ml_dsa44.keygen(new Uint8Array(32).fill(7))
  const vkey = vkeyOf('example.com/dora', 6, publicKey)
  await writeFile(join(home, 'dora'), `witness dora ${vkey}\nquorum dora\n`)
  const relay = await Relay.before(host.place)
  const note = Note.parseText(client.$info().checkpoint)
  const cosign = (time: number): Uint8Array => {
    const key = WitnessKey.parse(vkey)
    const timed = new Uint8Array(8)
    new DataView(timed.buffer).setBigUint64(0, BigInt(time))
    const signature = ml_dsa44.sign(cosignatureMessage(key, note.text, BigInt(time)), secretKey)
    const line = new NoteSignature(key.name, key.id, concat(timed, signature))
    return encodeUtf8(new Note(note.text, [...note.signatures, line]).format())
  }
  const now = Math.floor(Date.now() / 1000)
  relay.pages.set('/cosigned', cosign(now))
  const dora = await readFile(join(home, 'dora'), 'utf8')
  const options = { policy: dora, level: 'hashes' } as const
  const met = await audit(relay.place, options)
  assert.equal(met.verdict, 'verified', JSON.stringify(met.report, null, 1))
  // A time that no clock shows.
  relay.pages.set('/cosigned', cosign(now - 400))
  const early = await audit(relay.place, options)
  assert.deepEqual([early.verdict, early.report.divergence?.kind], ['divergence', 'TIME'])
  assert.deepEqual(told(early), (await java(relay.place, 'dora', '--level', 'hashes')).told)
  const forged = cosign(now)
  forged[forged.length - 20] = (forged[forged.length - 20] as number) === 0x41 ? 0x42 : 0x41
  relay.pages.set('/cosigned', forged)
  const rejected = await audit(relay.place, options)
  assert.match(rejected.report.obstacle ?? '', /a checkpoint is void, because the cosignature of example.com\/dora does not/)
  await relay.stop()
})
