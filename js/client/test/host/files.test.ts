import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type AnyClient, CaughtHostError, GlasshouseError, UnverifiableError, connect } from 'glasshouse-client'
import { ArchiveProof, EntryBundle, Hash, decodeUtf8, encodeUtf8 } from 'glasshouse-formats'
import { Host } from './host.js'
import { Relay } from './relay.js'
import { stopAll } from './running.js'

const SCRIPT = `
exports.write = (path, text) => System.files.writeFile(path, text)
exports.remove = (path) => System.files.unlink(path)
`
let host: Host
let relay: Relay
let client: AnyClient

before(async () => {
  host = await Host.start(SCRIPT)
  const writing = await connect(host.place)
  await writing.write('/notes/one two.txt', 'first')
  await writing.write('/notes/two.txt', 'second')
  await writing.write('/top%', '')
  await writing.remove('/notes/two.txt')
  await writing.$close()
  relay = await Relay.before(host.place)
  client = await connect(relay.place)
})

beforeEach(() => {
  relay.pages.clear()
  relay.isWithheld = () => false
})

after(async () => {
  await client.$close()
  await stopAll()
})

/** What a host serves at a path. */
async function served(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`http://${host.place}${path}`)).arrayBuffer())
}

const lied = (error: unknown) => error instanceof CaughtHostError && error.evidence === undefined

test('listings, files, and what is not there', async () => {
  const files = await client.$files()
  assert.equal(files.index, 4n)
  assert.equal(files.size, 5n)
  assert.equal(files.log.hex(), host.log)
  assert.equal(files.checkpoint, client.$info().checkpoint)
  assert.ok(Math.abs(files.time - Date.now()) < 3_600_000)
  assert.deepEqual([...((await files.list()) ?? [])].map(([name]) => name), ['notes', 'top%'])
  const notes = await files.list('/notes/')
  assert.deepEqual([...(notes ?? []).keys()], ['one two.txt'])
  const file = await files.stat('notes/one two.txt')
  assert.deepEqual(notes?.get('one two.txt'), file)
  assert.ok(typeof file === 'object' && file.length === 5 && file.sha256.equals(Hash.ofText('first')))
  assert.deepEqual(await files.read('/notes/one two.txt'), encodeUtf8('first'))
  assert.deepEqual(await files.read('/top%'), new Uint8Array())
  assert.equal(await files.stat('/notes'), 'directory')
  for (const nothing of [files.list('/none'), files.list('/top%'), files.stat('/none'), files.read('/notes')]) {
    assert.equal(await nothing, undefined)
  }
})

test('files as they were after an entry', async () => {
  const earlier = await client.$files(2)
  assert.equal(decodeUtf8((await earlier.read('/notes/two.txt')) as Uint8Array), 'second')
  assert.deepEqual(await (await client.$files(0n)).list(), new Map())
  await assert.rejects(client.$files(5), GlasshouseError)
  await assert.rejects(client.$files(-1), GlasshouseError)
})

test('what others have written is seen after a look, what one has written at once', async () => {
  const own = await connect(host.place)
  await own.write('/later', 'by me')
  assert.deepEqual(await (await own.$files()).read('/later'), encodeUtf8('by me'))
  assert.equal(await (await client.$files()).stat('/later'), undefined)
  await client.$refresh()
  assert.deepEqual(await (await client.$files()).read('/later'), encodeUtf8('by me'))
  await own.$close()
})

test('other bytes than the log has, fewer and more, are given to nobody', async () => {
  const files = await client.$files()
  for (const lie of ['frist', 'fir', 'first and more']) {
    relay.pages.set(`/blob/${Hash.ofText('first')}`, encodeUtf8(lie))
    await assert.rejects(files.read('/notes/one two.txt'), lied, lie)
  }
})

test('a listing, or a path, that is not that of the root', async () => {
  const files = await client.$files()
  const of = (path: string) => `/files/${path}?proof&root=${files.root}`
  const whole = ArchiveProof.parse(await served(of('notes/')))
  const earlier = await client.$files(2)
  const lies = [
    new ArchiveProof(whole.nodes.slice(0, -1)).format(),
    await served(`/files/notes/?proof&root=${earlier.root}`),
    encodeUtf8('no proof'),
  ]
  for (const lie of lies) {
    relay.pages.set(of('notes/'), lie)
    await assert.rejects(files.list('/notes'), lied)
  }
  relay.pages.set(of('notes/one%20two.txt'), await served(of('none')))
  await assert.rejects(files.stat('/notes/one two.txt'), lied)
})

test('an entry that is not in the signed tree', async () => {
  const { size } = await client.$files()
  const bundle = EntryBundle.holding(0n, size)
  const entries = bundle.decode(await served(`/${bundle.path()}`))
  const last = decodeUtf8(entries.at(-1) as Uint8Array).replace(/"root":"[0-9a-f]{64}"/, `"root":"${Hash.ZERO}"`)
  relay.pages.set(`/${bundle.path()}`, EntryBundle.encode([...entries.slice(0, -1), encodeUtf8(last)]))
  await assert.rejects(client.$files(), lied)
})

test('what is withheld proves nothing', async () => {
  const files = await client.$files()
  relay.isWithheld = (path) => path.startsWith('/blob/') || path.startsWith('/files/notes')
  await assert.rejects(files.list('/notes'), UnverifiableError)
  const top = await files.stat('/top%')
  await assert.rejects(files.content(top as Exclude<typeof top, 'directory' | undefined>), UnverifiableError)
})
