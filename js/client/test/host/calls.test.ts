import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type AnyClient,
  CallError,
  ConnectionError,
  Identity,
  MemoryStore,
  RefusedError,
  TrapError,
  WrongLogError,
  connect,
} from 'glasshouse-client'
import { FileStore, saveReceipt } from 'glasshouse-client/node'
import { Host, folder, glass } from './host.js'
import { Relay } from './relay.js'
import { stopAll } from './running.js'

const SCRIPT = `
let count = 0
exports.increment = (by = 1) => { count += by; return count }
exports.echo = (...params) => params
exports.caller = () => System.caller.id
exports.fail = (name, message) => { const error = new Error(message); error.name = name; throw error }
exports.spin = () => { for (;;) ; }
exports.$call = () => 'mine'
exports.then = () => 'then'
`
let host: Host
let client: AnyClient

before(async () => {
  host = await Host.start(SCRIPT, '--fuel', '50')
  client = await connect(host.place, { log: host.log })
})

after(async () => {
  await client.$close()
  await stopAll()
})

test('methods take any number of parameters of any kind that crosses', async () => {
  assert.equal(await client.increment(), 1)
  assert.equal(await client.increment(5), 6)
  assert.deepEqual(await client.echo(), [])
  const values = [
    1.5,
    'zwölf 😀',
    null,
    true,
    { a: [{}] },
    Uint8Array.of(0, 255),
    -(2n ** 100n),
    { $bytes: 'no bytes' },
  ]
  assert.deepEqual(await client.echo(...values), values)
  const long = 'long '.repeat(100_000)
  assert.deepEqual(await client.echo(long, [long]), [long, [long]])
  assert.equal(await client.caller(), client.$info().identity?.id)
})

test('a client can be awaited, and has an escape for names that collide', async () => {
  assert.equal(await client, client)
  assert.equal(await client.$call('then'), 'then')
  assert.equal(await client.$call('$call'), 'mine')
  assert.equal(client['$other'], undefined)
})

test('what a method throws, and what stops it', async () => {
  const thrown = client.fail('OddError', 'so it is')
  await assert.rejects(
    thrown,
    (error) => error instanceof CallError && error.name === 'OddError' && error.message === 'so it is',
  )
  await assert.rejects(
    client.nothing(),
    (error) => error instanceof CallError && error.name === 'MethodNotFoundError',
  )
  await assert.rejects(client.spin(), (error) => error instanceof TrapError && error.limit === 'fuel')
  await assert.rejects(
    client.echo(() => 1),
    TypeError,
  )
  await assert.rejects(
    client.$call('m'.repeat(257)),
    (error) => error instanceof RefusedError && error.code === -32602,
  )
})

test('many calls in flight share signatures, in order', async () => {
  const relay = await Relay.before(host.place)
  const many = await connect(relay.place)
  const first = (await many.increment()) as number
  const values = await Promise.all(Array.from({ length: 1000 }, () => many.increment()))
  assert.deepEqual(
    values,
    values.map((_, i) => first + 1 + i),
  )
  assert.ok(relay.calls.length < 50, `${relay.calls.length} requests`)
  const settled = await many.$batch([
    ['increment', 10],
    ['fail', 'E', 'm'],
    ['increment', 0],
  ])
  assert.deepEqual(
    settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message)),
    [first + 1010, 'm', first + 1010],
  )
  await many.$close()
  await relay.stop()
})

test('a receipt is what glass receipt checks, offline', async () => {
  const home = await folder()
  const file = join(home, 'call.tlog-proof')
  const long = 'long '.repeat(1000)
  const { settled, receipt } = await client.$receipt('echo', long)
  assert.deepEqual(settled, { status: 'fulfilled', value: [long] })
  await saveReceipt(file, receipt)
  const checked = await glass('receipt', '--check', file, '--log', host.log)
  assert.equal(checked.code, 0, checked.said)
  assert.match(checked.said, /echo/)
  const other = await glass('receipt', '--check', file, '--log', '0'.repeat(64))
  assert.equal(other.code, 1, other.said)
  await rm(home, { recursive: true })
})

test('an answer that was lost is asked for again, and the call is made once', async () => {
  const relay = await Relay.before(host.place)
  const unlucky = await connect(relay.place)
  const first = (await unlucky.increment()) as number
  let cuts = 0
  relay.alter = ({ method }) => (method === 'rpc.call' && cuts++ < 2 ? 'cut' : undefined)
  const values = await Promise.all([unlucky.increment(), unlucky.increment(), unlucky.increment()])
  assert.deepEqual(values, [first + 1, first + 2, first + 3])
  assert.equal(cuts, 3)
  assert.deepEqual(relay.calls[2], relay.calls[1], 'the same bytes')
  let refusals = 0
  relay.admit = (method) => method !== 'rpc.call' || refusals++ > 1
  assert.equal(await unlucky.increment(), first + 4)
  assert.equal(relay.connections, 5)
  relay.alter = ({ method }) => (method === 'rpc.call' ? 'cut' : undefined)
  await assert.rejects(unlucky.increment(), ConnectionError)
  relay.alter = () => undefined
  assert.equal(await unlucky.increment(), first + 6)
  await unlucky.$close()
  await relay.stop()
})

test('another log than the pinned one, or than the last one there', async () => {
  const store = new MemoryStore()
  await assert.rejects(connect(host.place, { log: '0'.repeat(64), store }), WrongLogError)
  const relay = await Relay.before(host.place)
  await (await connect(relay.place, { store })).$close()
  const other = await Host.start('counter.js')
  const moved = await Relay.before(other.place)
  await store.write(`hosts/${moved.place.replace(':', '_')}`, new TextEncoder().encode(`${host.log}\n`))
  await assert.rejects(connect(moved.place, { store }), WrongLogError)
  await (await connect(moved.place, { store, log: other.log })).$close()
  await relay.stop()
  await moved.stop()
  await other.stop()
})

test('keys and checkpoints are those of glass', async () => {
  const home = await folder()
  const store = new FileStore(home)
  const mine = await connect(host.place, { store })
  const id = await mine.caller()
  const { checkpoint } = mine.$info()
  await mine.$close()
  const again = await connect(host.place, { store: new FileStore(home) })
  assert.equal(await again.caller(), id)
  await again.$close()
  const kept = await store.read(`logs/${host.log}/checkpoint`)
  assert.ok(Number(new TextDecoder().decode(kept).split('\n')[1]) >= Number(checkpoint.split('\n')[1]))
  const repl = await glass('repl', host.place, '--identity', join(home, 'identity'), '-e', 'client.caller()')
  assert.match(repl.said, new RegExp(id as string))
  await rm(home, { recursive: true })
})

test('two programs of one user share what they have seen', async () => {
  const store = new MemoryStore()
  const [one, other] = await Promise.all([connect(host.place, { store }), connect(host.place, { store })])
  assert.equal(await one.caller(), await other.caller(), 'one key was made')
  for (let i = 0; i < 3; i++) {
    await one.increment()
    await other.increment()
  }
  await Promise.all([other.$close(), one.$close()])
  const size = (note: string): number => Number(note.split('\n')[1])
  const kept = new TextDecoder().decode(await store.read(`logs/${host.log}/checkpoint`))
  assert.ok(size(kept) >= size(other.$info().checkpoint))
})

test('a module that is a function is called as the client; several modules; no host', async () => {
  const module = await Host.start('module.exports = (who) => `hello ${who}`')
  const greet = await connect(module.place, { identity: await Identity.generate({ extractable: false }) })
  assert.equal(await greet('you'), 'hello you')
  assert.deepEqual(greet.$info().methods, ['default'])
  await greet.$close()
  await assert.rejects(greet('you'), ConnectionError)
  await module.stop()
  await assert.rejects(connect(module.place), ConnectionError)
})

test('a debug host takes a user at their word', async () => {
  const debug = await Host.start(SCRIPT, '--debug', '--fuel', '50')
  const bob = await connect(debug.place, { user: 'bob bobsøn' })
  assert.equal(await bob.caller(), 'bob bobsøn')
  assert.deepEqual(await bob.echo(1n, Uint8Array.of(1)), [1n, Uint8Array.of(1)])
  await assert.rejects(
    bob.fail('OddError', 'm'),
    (error) => error instanceof CallError && error.name === 'OddError',
  )
  await assert.rejects(bob.spin(), TrapError)
  await assert.rejects(bob.nothing(), (error) => error instanceof RefusedError && error.code === -32601)
  assert.equal(bob.$info().isDebug, true)
  await bob.$close()
  const nobody = await connect(debug.place, { user: null })
  assert.equal(await nobody.caller(), null)
  await nobody.$close()
  await debug.stop()
  await assert.rejects(
    connect(host.place, { user: 'bob' }).then(async (plain) => {
      await plain.increment().finally(() => plain.$close())
    }),
    (error) => error instanceof RefusedError && error.code === -32001,
  )
})

test('a call outlives its host', async () => {
  let mortal = await Host.start(SCRIPT)
  const survivor = await connect(mortal.place, { log: mortal.log, reconnectMillis: 120_000 })
  assert.equal(await survivor.increment(), 1)
  await mortal.kill()
  const call = survivor.increment()
  mortal = await mortal.again()
  assert.equal(await call, 2)
  await survivor.$close()
  await mortal.stop()
})

test('the examples of the two READMEs run', async () => {
  const home = await folder()
  const client = await example('../../README.md', home)
  assert.match(client, /^[0-9]+\n/)
  const checked = await glass('receipt', '--check', join(home, 'increment.tlog-proof'), '--log', host.log)
  assert.equal(checked.code, 0, checked.said)
  const formats = await example('../../../formats/README.md', home)
  assert.match(formats, new RegExp(`^log ${host.log} of `))
  await rm(home, { recursive: true })
})

/** What the first program of a README says, run in a folder. */
async function example(readme: string, home: string): Promise<string> {
  const text = await readFile(new URL(readme, import.meta.url), 'utf8')
  const program = /```js\n(.*?)```/s.exec(text)?.[1] ?? ''
  const file = fileURLToPath(new URL('example.mjs', import.meta.url))
  const own = program.replace('localhost:5555', host.place).replaceAll('call.tlog', 'increment.tlog')
  await writeFile(file, own)
  const env = { ...process.env, GLASSHOUSE_HOME: home }
  return (await promisify(execFile)(process.execPath, [file], { env, cwd: home })).stdout
}

test('declarations of a backend, from the command line', async () => {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [
    cli,
    'types',
    host.place,
    '--name',
    'Counter',
  ])
  assert.match(stdout, /^export interface Counter \{$/m)
  assert.match(
    stdout,
    /^ {2}fail\(arg0\?: unknown, arg1\?: unknown, \.\.\.more: unknown\[\]\): Promise<any>$/m,
  )
  assert.match(stdout, new RegExp(host.log))
})
