import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type JSONRPCRequest, type JSONRPCResponse, JSONRPCClient } from 'json-rpc-2.0'
import { Client } from 'rpc-websockets'
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

  describe('rpc-websockets', () => {
    async function opened(makeId?: () => string): Promise<Client> {
      const client = new Client(`ws://${host.place}/`, { reconnect: false }, makeId)
      await new Promise((resolve) => client.once('open', resolve))
      return client
    }

    test('calls with positional parameters, and numbers for ids', async () => {
      const client = await opened()
      assert.equal(await client.call('join', ['a', 1, true]), 'a-1-true')
      assert.deepEqual(await client.call('echo', [{ deep: [null, 'ü'] }]), { deep: [null, 'ü'] })
      const first = (await client.call('increment', [])) as number
      const answers = await Promise.all([1, 2, 3].map(() => client.call('increment', [])))
      assert.deepEqual(answers, [first + 1, first + 2, first + 3])
      client.close()
    })

    test('takes texts for ids', async () => {
      let made = 0
      const client = await opened(() => `id-${made++}`)
      assert.equal(await client.call('join', ['a', 'b']), 'a-b')
      assert.equal(made, 1)
      client.close()
    })

    test('is told of errors with their codes', async () => {
      const client = await opened()
      await assert.rejects(client.call('fail', []), { code: -32000, message: 'too far', data: { name: 'RangeError' } })
      await assert.rejects(client.call('nothing', []), { code: -32601 })
      assert.equal(await client.call('join', ['still', 'here']), 'still-here')
      client.close()
    })

    test('sends notifications, which are executed and not answered', async () => {
      const client = await opened()
      const before = (await client.call('increment', [])) as number
      await client.notify('increment', [])
      await client.notify('fail', [])
      assert.equal(await client.call('increment', []), before + 2)
      client.close()
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
