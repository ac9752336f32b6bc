import assert from 'node:assert/strict'
import { type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Download, UnreachableError } from 'glasshouse-client/host'
import { MalformedError } from 'glasshouse-formats'

let server: Server
let answer: (response: ServerResponse) => void = (response) => response.end()

before(async () => {
  server = createServer((_, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

after(() => {
  server.closeAllConnections()
  server.close()
})

const place = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`

test('a body up to its limit is read, and no more', async () => {
  answer = (response) => response.end('abc')
  const download = new Download(fetch)
  assert.equal((await (await download.get(place())).body(3)).length, 3)
  await assert.rejects((await download.get(place())).body(2), MalformedError)
})

test('a server that answers nothing, or drips, holds nobody', async () => {
  const download = new Download(fetch, undefined, 200)
  answer = () => undefined
  await assert.rejects(download.get(place()), /too slowly/)
  answer = (response) => {
    response.write('x')
    const dripping = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(dripping))
  }
  await assert.rejects((await download.get(place())).body(1000), (error: Error) => {
    assert.ok(error instanceof UnreachableError)
    assert.match(error.message, /too slowly/)
    return true
  })
})

test('who ends it is told why', async () => {
  const abort = new AbortController()
  answer = () => abort.abort(new Error('enough'))
  await assert.rejects(new Download(fetch, abort.signal).get(place()), /enough/)
  await assert.rejects(new Download(fetch, abort.signal).get(place()), /enough/)
})
