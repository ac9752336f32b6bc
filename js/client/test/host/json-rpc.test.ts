import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { Client, RequestManager, WebSocketTransport } from '@open-rpc/client-js'
import { type JSONRPCRequest, type JSONRPCResponse, JSONRPCClient } from 'json-rpc-2.0'
import { WebSocket } from 'ws'
import { Host } from './host.js'

const SCRIPT = `
let n = 0
exports.increment = () => n++
exports.join = (...parts) => parts.join('-')
exports.echo = (value) => value
exports.fail = () => { throw new RangeError('too far') }
`

/** Other people's clients, as npm has them, against a host that takes unsigned calls. */
describe('an ordinary JSON-RPC client', () => {
  let host: Host

  before(async () => {
    host = await Host.start(SCRIPT, '--debug')
  })
  after(() => host.stop())

  describe('@open-rpc/client-js', () => {
    let client: Client

    before(() => {
      client = new Client(new RequestManager([new WebSocketTransport(`ws://${host.place}/`)]))
    })
    after(() => client.close())

    const call = (method: string, ...params: unknown[]): Promise<unknown> => client.request({ method, params })

    test('calls with positional parameters', async () => {
      assert.equal(await call('join', 'a', 1, true), 'a-1-true')
      assert.deepEqual(await call('echo', { deep: [null, 'ü'] }), { deep: [null, 'ü'] })
      const first = (await call('increment')) as number
      const answers = await Promise.all([1, 2, 3].map(() => call('increment')))
      assert.deepEqual(answers, [first + 1, first + 2, first + 3])
    })

    test('is told of errors with their codes', async () => {
      await assert.rejects(call('fail'), { code: -32000, message: 'too far', data: { name: 'RangeError' } })
      await assert.rejects(call('nothing'), { code: -32601 })
      assert.equal(await call('join', 'still', 'here'), 'still-here')
    })

    test('sends notifications, which are executed and not answered', async () => {
      const before = (await call('increment')) as number
      await client.notify({ method: 'increment', params: [] })
      await client.notify({ method: 'fail', params: [] })
      assert.equal(await call('increment'), before + 2)
    })

    test('sends batches', async () => {
      const before = (await call('increment')) as number
      client.startBatch()
      const answers = [call('increment'), call('join', 'x', 'y'), call('increment')]
      client.stopBatch()
      assert.deepEqual(await Promise.all(answers), [before + 1, 'x-y', before + 2])
    })
  })

  describe('json-rpc-2.0', () => {
    test('sends batches, with notifications and ids of both kinds in them', async () => {
      const socket = new WebSocket(`ws://${host.place}/`)
      await once(socket, 'open')
      const client = new JSONRPCClient((payload) => socket.send(JSON.stringify(payload)))
      socket.on('message', (text) => client.receive(JSON.parse(String(text)) as JSONRPCResponse))
      const before = (await client.request('increment', [])) as number
      const request = (method: string, params: unknown[], id?: string | number): JSONRPCRequest =>
        ({ jsonrpc: '2.0', method, params, ...(id === undefined ? {} : { id }) }) as JSONRPCRequest
      const answers = await client.requestAdvanced([
        request('increment', [], 'one'),
        request('increment', []),
        request('fail', [], 2),
        request('join', ['x', 'y'], 'three'),
      ])
      const byId = new Map(answers.map((answer) => [answer.id, answer]))
      assert.equal(answers.length, 3)
      assert.equal(byId.get('one')?.result, before + 1)
      assert.equal(byId.get(2)?.error?.code, -32000)
      assert.equal(byId.get('three')?.result, 'x-y')
      assert.equal(await client.request('increment', []), before + 3)
      client.notify('increment', [])
      assert.equal(await client.request('increment', []), before + 5)
      await assert.rejects(Promise.resolve(client.request('nothing', [])), { code: -32601 })
      socket.close()
    })
  })

  test('curl is shown the checkpoint, the files and an entry', async () => {
    const get = async (path: string): Promise<string> => (await fetch(`http://${host.place}${path}`)).text()
    assert.match(await get('/checkpoint'), new RegExp(`^\\S+\\n\\d+\\n[A-Za-z0-9+/=]{44}\\n`))
    assert.match(await get('/files/'), /<html/i)
    assert.match(await get('/tile/entries/000.p/1'), /"kind":"genesis"/)
  })
})
