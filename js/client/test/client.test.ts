import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import 'fake-indexeddb/auto'
import {
  type ConnectOptions,
  ConnectionError,
  GlasshouseError,
  Identity,
  IndexedDbStore,
  MemoryStore,
  RefusedError,
  type Store,
  connect,
  declarations,
} from 'glasshouse-client'
import { FileStore } from 'glasshouse-client/node'
import { PublicKey, callMessage } from 'glasshouse-formats'
import { HostAddress } from '../dist/address.js'
import { CallQueue, FIRST_MOST, WINDOW } from '../dist/call-queue.js'
import { parseResponse } from '../dist/response.js'
import { Wire } from '../dist/wire.js'
import { FakeSocket } from './fake-socket.js'

test('places of hosts', () => {
  const cases: [string, string, string, string][] = [
    ['localhost', 'localhost:5555', 'ws://localhost:5555/', 'http://localhost:5555/checkpoint'],
    ['localhost:1', 'localhost:1', 'ws://localhost:1/', 'http://localhost:1/checkpoint'],
    [
      '10.0.0.1:80/album',
      'http://10.0.0.1/album',
      'ws://10.0.0.1:80/album/',
      'http://10.0.0.1:80/album/checkpoint',
    ],
    ['[::1]:5555', '[::1]:5555', 'ws://[::1]:5555/', 'http://[::1]:5555/checkpoint'],
    [
      'https://example.com',
      'https://example.com',
      'wss://example.com:443/',
      'https://example.com:443/checkpoint',
    ],
    [
      'WSS://example.com:444/a/b/',
      'https://example.com:444/a/b',
      'wss://example.com:444/a/b/',
      'https://example.com:444/a/b/checkpoint',
    ],
    ['http://example.com', 'example.com:80', 'ws://example.com:80/', 'http://example.com:80/checkpoint'],
  ]
  for (const [text, place, socket, http] of cases) {
    const address = HostAddress.parse(text)
    assert.equal(address.toString(), place)
    assert.equal(address.webSocket(undefined), socket)
    assert.equal(address.http('/checkpoint'), http)
    assert.equal(HostAddress.parse(place).toString(), place)
  }
  assert.equal(HostAddress.parse('a:1').webSocket('bob & co'), 'ws://a:1/?user=bob%20%26%20co')
  for (const text of [
    '',
    'a/b',
    'ftp://a',
    'a:0',
    'a:65536',
    'a:b',
    'u@a',
    'http://',
    'a:1/?x',
    'a:1/#x',
    'a b',
    'a:1//b',
  ]) {
    assert.throws(() => HostAddress.parse(text), GlasshouseError, text)
  }
})

test('calls gather while others are on their way', () => {
  const queue = new CallQueue<{ calls: { method: string; params: string }[]; isAlone: boolean }>(4 * 2 ** 20)
  const add = (count: number, isAlone = false, params = '[]'): void => {
    for (let i = 0; i < count; i++) {
      queue.add({ calls: [{ method: 'm', params }], isAlone })
    }
  }
  const sizes = (): number[] => {
    const found = []
    for (let group = queue.next(); group.length > 0; group = queue.next()) {
      found.push(group.length)
    }
    return found
  }
  add(1)
  assert.deepEqual(sizes(), [1])
  add(100)
  assert.deepEqual(sizes(), [FIRST_MOST], 'one more request, of as many as go together at first')
  assert.equal(WINDOW, 2)
  queue.answered(true)
  assert.deepEqual(sizes(), [2 * FIRST_MOST])
  queue.answered(false)
  assert.deepEqual(sizes(), [FIRST_MOST])
  queue.answered(true)
  assert.deepEqual(sizes(), [2 * FIRST_MOST])
  queue.answered(true)
  queue.answered(true)
  assert.deepEqual(sizes(), [4], 'what is left')
  add(2)
  add(1, true)
  add(2)
  assert.deepEqual(sizes(), [2])
  queue.answered(true)
  assert.deepEqual(sizes(), [1], 'alone')
  queue.answered(true)
  queue.answered(true)
  add(3, false, `[${'1'.repeat(200_000)}]`)
  assert.deepEqual(sizes(), [3, 1], 'two small ones and a long one, then a long one for each request')
  assert.equal(queue.clear().length, 1)
})

test('calls that the watchdog ended with others are made alone', () => {
  const queue = new CallQueue<{ calls: { method: string; params: string }[]; isAlone: boolean }>(2 ** 20)
  for (const method of ['a', 'b', 'c']) {
    queue.add({ calls: [{ method, params: '[]' }], isAlone: false })
  }
  const group = queue.next()
  queue.add({ calls: [{ method: 'd', params: '[]' }], isAlone: false })
  queue.separate(group)
  queue.answered(false)
  const order = [queue.next(), queue.next()].map((next) => next.map((asked) => asked.calls[0]?.method))
  assert.deepEqual(order, [['a'], ['b']])
})

test('identities', async () => {
  const message = callMessage('a request')
  const made = await Identity.generate()
  const copies = [Identity.import(made.export()), Identity.fromOpenSSH(made.toOpenSSH())]
  for (const copy of copies) {
    assert.equal(copy.id, made.id)
    assert.deepEqual(await copy.sign(message), await made.sign(message), 'Ed25519 is deterministic')
  }
  assert.ok(PublicKey.parse(made.id).verify(message, await made.sign(message)))
  const hidden = await Identity.generate({ extractable: false })
  assert.ok(hidden.publicKey.verify(message, await hidden.sign(message)))
  assert.equal(hidden.extractable, false)
  assert.throws(() => hidden.export(), GlasshouseError)
  assert.throws(() => Identity.import(new Uint8Array(31)), GlasshouseError)
  const shown = inspect(made, { showHidden: true, depth: 9, maxArrayLength: null }).replace(/\s+/g, '')
  assert.doesNotMatch(shown, new RegExp([...made.export().slice(0, 6)].join(',')))
})

async function keepsThings(store: Store, again: () => Store, key: Identity): Promise<void> {
  assert.equal(await store.read('logs/a/checkpoint'), undefined)
  await store.write('logs/a/checkpoint', Uint8Array.of(1, 2))
  await store.write('logs/a/checkpoint', Uint8Array.of(3))
  assert.deepEqual(await again().read('logs/a/checkpoint'), Uint8Array.of(3))
  assert.equal(await store.readIdentity(), undefined)
  await store.writeIdentity(key)
  assert.equal((await again().readIdentity())?.id, key.id)
  await assert.rejects(store.writeIdentity(await Identity.generate()))
  const kept = await again().readIdentity()
  assert.equal(kept?.id, key.id, 'a key is never replaced')
  assert.ok(key.publicKey.verify(Uint8Array.of(1), await (kept as Identity).sign(Uint8Array.of(1))))
}

test('stores', async () => {
  const memory = new MemoryStore()
  await keepsThings(memory, () => memory, await Identity.generate())
  const home = await mkdtemp(join(tmpdir(), 'glasshouse-js-'))
  await keepsThings(new FileStore(home), () => new FileStore(home), await Identity.generate())
  assert.equal((await stat(join(home, 'identity'))).mode & 0o777, 0o600)
  await writeFile(join(home, 'logs/a/b'), 'x')
  await assert.rejects(new FileStore(home).read('logs/a'), 'a failure to read is no absence')
  await rm(home, { recursive: true })
  await keepsThings(new IndexedDbStore('one'), () => new IndexedDbStore('one'), await Identity.generate())
})

test('responses', () => {
  assert.deepEqual(parseResponse('{"jsonrpc":"2.0","id":7,"result":{"a":[1.0]}}'), {
    id: 7,
    result: '{"a":[1.0]}',
  })
  assert.deepEqual(parseResponse(' {"result":[1],"id":7} '), { id: 7, result: '[1]' })
  const refused = parseResponse(
    '{"jsonrpc":"2.0","id":3,"error":{"code":-32009,"message":"m","data":{"retryMillis":20}}}',
  )
  const error = new RefusedError(refused.error?.code ?? 0, refused.error?.message ?? '', refused.error?.data)
  assert.deepEqual([refused.id, error.code, error.message, error.retryMillis], [3, -32009, 'm', 20])
  assert.equal(new RefusedError(1, '', null).retryMillis, undefined)
  assert.throws(() => parseResponse('no'))
  assert.throws(() => parseResponse('{"id":1,"error":{}}'))
})

test('a wire matches responses with requests, and fails all of them when it is lost', async () => {
  const wire = await Wire.open('ws://a/', 'a', FakeSocket)
  const socket = FakeSocket.made.at(-1) as FakeSocket
  const [one, two] = [wire.request('one', '[]'), wire.request('two', '[1]')]
  assert.equal(socket.sent[1], '{"jsonrpc":"2.0","id":2,"method":"two","params":[1]}')
  socket.say('{"jsonrpc":"2.0","id":99,"result":0}')
  socket.say('{"jsonrpc":"2.0","id":2,"result":"b"}')
  socket.say('{"jsonrpc":"2.0","id":1,"result":"a"}')
  assert.deepEqual(await Promise.all([one, two]), ['"a"', '"b"'])
  const lost = [wire.request('three', '[]'), wire.request('four', '[]')]
  socket.onclose?.({ code: 1006, reason: '' } as never)
  for (const each of lost) {
    await assert.rejects(each, ConnectionError)
  }
  await assert.rejects(wire.request('five', '[]'), ConnectionError)
})

test('a host that is not heard of is asked something, and then given up', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const wire = await Wire.open('ws://a/', 'a', FakeSocket)
  const socket = FakeSocket.made.at(-1) as FakeSocket
  const long = wire.request('long', '[]')
  t.mock.timers.tick(30_000)
  assert.match(socket.sent[1] ?? '', /rpc\.consistency/)
  socket.say('{"jsonrpc":"2.0","id":2,"result":{"proof":[]}}')
  t.mock.timers.tick(15_000)
  assert.equal(wire.isClosed, false, 'it answers, and the call takes its time')
  t.mock.timers.tick(30_000)
  await assert.rejects(long, ConnectionError)
  assert.equal(socket.isClosed, true)
})

test('what is no JSON-RPC closes a wire', async () => {
  for (const data of ['no JSON', new Uint8Array(1), '{"id":1,"error":5}']) {
    const wire = await Wire.open('ws://a/', 'a', FakeSocket)
    const lost = wire.request('m', '[]')
    FakeSocket.made.at(-1)?.say(data)
    await assert.rejects(lost, ConnectionError)
    assert.equal(FakeSocket.made.at(-1)?.isClosed, true)
  }
})

test('a host that cannot be had', async () => {
  class Refusing extends FakeSocket {
    protected override greet(): void {
      this.onerror?.({ message: 'refused' } as never)
    }
  }
  const WebSocket = Refusing as unknown as NonNullable<ConnectOptions['WebSocket']>
  await assert.rejects(
    connect('nowhere', { WebSocket }),
    (error) => error instanceof ConnectionError && /nowhere:5555: refused/.test(error.message),
  )
  await assert.rejects(connect('no where', { WebSocket }), GlasshouseError)
})

test('declarations', () => {
  const methods = [
    { name: 'increment', params: [] },
    { name: 'add', params: [{ name: 'a' }, { name: 'b' }] },
    { name: 'not-a-name' },
    { name: 'default', params: [{}] },
  ]
  const text = declarations({ info: { title: 'ti\ntle', version: 'ab' }, methods }, 'Counter')
  assert.equal(
    text,
    `// The methods of ti?tle, log ab.
// Made by \`npx glasshouse-client types\`: sharpen the types as you know them.
export interface Counter {
  increment(...more: unknown[]): Promise<any>
  add(arg0?: unknown, arg1?: unknown, ...more: unknown[]): Promise<any>
  "not-a-name"(...more: unknown[]): Promise<any>
  (arg0?: unknown, ...more: unknown[]): Promise<any>
}
`,
  )
  assert.throws(() => declarations({}), TypeError)
  assert.throws(() => declarations({ methods }, 'no name'), TypeError)
})
