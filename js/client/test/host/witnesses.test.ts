import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ForkError, GlasshouseError, MemoryStore, QuorumError, connect } from 'glasshouse-client'
import { Checkpoint, Hash, Note, NoteKey, NoteSignature, PublicKey, TreeHead, encodeUtf8 } from 'glasshouse-formats'
import { Host, folder, glass } from './host.js'
import { Relay } from './relay.js'
import { stopAll } from './running.js'
import { Witness, until } from './witness.js'

let alice: Witness
let host: Host
let home: string
let policy: string

before(async () => {
  home = await folder()
  alice = await Witness.make('alice')
  policy = `${alice.line}\nquorum alice\n`
  await writeFile(join(home, 'policy'), policy)
  host = await Host.start('counter.js', '--policy', join(home, 'policy'))
})

after(async () => {
  await stopAll()
  await rm(home, { recursive: true })
})

const withoutAge = (text = ''): string => text.replace(/, [0-9]+ s ago$/, '')

// What `glass repl` says of it at its start.
async function said(): Promise<string> {
  const repl = await glass('repl', host.place, '--policy', join(home, 'policy'), '-e', '1')
  return withoutAge(/^Witnesses: (.*)$/m.exec(repl.said)?.[1])
}

test('a quorum that is not met is said, and keeps nobody from calling unless it is required', async () => {
  const client = await connect(host.place, { policy })
  const { witnesses } = client.$info()
  assert.deepEqual([witnesses?.isMet, witnesses?.witnesses], [false, []])
  assert.equal(witnesses?.text, 'quorum not met for all 1 entries: no cosignatures')
  assert.equal(await client['increment'](), 1)
  await client.$close()
  await assert.rejects(connect(host.place, { policy, requireQuorum: true }), QuorumError)
})

test('what a real witness has cosigned is said as glass repl says it', async () => {
  const client = await connect(host.place, { policy: encodeUtf8(policy) })
  await alice.run(client.$info(), host.place)
  await until(async () => (await client.$refresh()).witnesses?.isMet === true)
  const { witnesses } = client.$info()
  assert.match(witnesses?.text ?? '', /^quorum met for all 2 entries: alice 20[0-9T:-]+Z, [0-9]+ s ago$/)
  assert.deepEqual(
    witnesses?.witnesses.map(({ name, counts }) => [name, counts]),
    [['alice', true]],
  )
  assert.equal(withoutAge(witnesses?.text), await said())
  await client.$close()
  const demanding = await connect(host.place, { policy, requireQuorum: true })
  assert.equal(demanding.$info().witnesses?.size, 2)
  await demanding.$close()
})

test('another history that is shown as cosigned is a fork, and what is no checkpoint shows nothing', async () => {
  const relay = await Relay.before(host.place)
  const honest = await connect(host.place)
  const { origin, key } = honest.$info()
  await honest.$close()
  const text = new Checkpoint(origin, new TreeHead(2n, Hash.ofText('another'))).text()
  const { id } = new NoteKey(origin, PublicKey.parse(key))
  const line = new NoteSignature(origin, id, await host.key.sign(encodeUtf8(text)))
  relay.pages.set('/cosigned', encodeUtf8(new Note(text, [line]).format()))
  await assert.rejects(connect(relay.place, { policy, store: new MemoryStore() }), ForkError)
  relay.pages.set('/cosigned', encodeUtf8('<!doctype html>'))
  const client = await connect(relay.place, { policy })
  assert.match(client.$info().witnesses?.text ?? '', /^quorum /)
  await client.$close()
  await relay.stop()
})

test('a policy of other logs is not met, and what is no policy is refused', async () => {
  const other = new NoteKey('example.com/other', host.key.publicKey).format()
  const client = await connect(host.place, { policy: `log ${other}\nquorum none\n` })
  assert.equal(client.$info().witnesses?.isMet, false)
  await client.$close()
  await assert.rejects(connect(host.place, { policy: 'quorum nobody\n' }), (error) => {
    assert.ok(error instanceof GlasshouseError)
    assert.match(error.message, /^not a policy: line 1: "nobody" is no witness/)
    return true
  })
  await assert.rejects(connect(host.place, { requireQuorum: true }), /requireQuorum needs a policy/)
})

