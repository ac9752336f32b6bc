import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MemoryStore, RollbackError, connect } from 'glasshouse-client'
import { encodeUtf8 } from 'glasshouse-formats'
import { Host } from './host.js'
import { Relay } from './relay.js'
import { stopAll } from './running.js'

after(stopAll)

const sizeOf = (note: string) => Number(note.split('\n')[1])

test('a client that only looks hears of what others have called', async () => {
  const host = await Host.start('counter.js')
  const looking = await connect(host.place)
  const calling = await connect(host.place)
  assert.equal(sizeOf(looking.$info().checkpoint), 1)
  await calling.increment()
  assert.equal(sizeOf(looking.$info().checkpoint), 1)
  assert.equal(sizeOf((await looking.$refresh()).checkpoint), 2)
  await looking.$close()
  await calling.$close()
  await host.stop()
})

test('a checkpoint that is older than the last one is a rollback', async () => {
  const host = await Host.start('counter.js')
  const relay = await Relay.before(host.place)
  const client = await connect(relay.place, { store: new MemoryStore() })
  const before = client.$info().checkpoint
  await client.increment()
  relay.pages.set('/checkpoint', encodeUtf8(before))
  await assert.rejects(client.$refresh(), RollbackError)
  await client.$close()
  await relay.stop()
  await host.stop()
})
