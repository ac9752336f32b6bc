// A plain Node service that does what the samples do, without the proof: unsigned, unlogged, unsynced.
//
//   node server.mjs DIR      serves on a free loopback port; its second method keeps DIR/counter.json
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'

const dir = process.argv[2]
await mkdir(dir, { recursive: true })
const file = join(dir, 'counter.json')
let inMemory = 0
let persistent = await readFile(file, 'utf8').then(JSON.parse, () => 0)

const methods = {
  increment: () => ++inMemory,
  incrementPersistent: async () => {
    await writeFile(file, JSON.stringify(++persistent))
    return persistent
  }
}

// One call at a time, in order, as a script-wide lock has it.
let last = Promise.resolve()

function locked (run) {
  last = last.then(run, run)
  return last
}

async function answer (text) {
  const { id, method, params } = JSON.parse(text)
  if (!Object.hasOwn(methods, method)) {
    return { jsonrpc: '2.0', id, error: { code: -32601, message: `no method ${method}` } }
  }
  return { jsonrpc: '2.0', id, result: await locked(() => methods[method](...params)) }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
  console.log(`Serving at localhost:${server.address().port}`)
})
server.on('connection', (socket) => {
  socket.on('message', async (text) => socket.send(JSON.stringify(await answer(text))))
})
