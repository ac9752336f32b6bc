import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type AnyClient,
  CaughtHostError,
  ForkError,
  Identity,
  MemoryStore,
  RollbackError,
  UnverifiableError,
  connect,
  formatEvidence,
} from 'glasshouse-client'
import { Hash, TreeHead, encodeUtf8, formatJson, parseJson } from 'glasshouse-formats'
import { Forgery, entriesOf, newestOf, signedBy } from './forgery.js'
import { Host, folder, glass } from './host.js'
import { Relay } from './relay.js'
import { stopAll } from './running.js'

let host: Host
let relay: Relay
let store: MemoryStore
let identity: Identity

before(async () => {
  host = await Host.start('counter.js')
  relay = await Relay.before(host.place)
  identity = await Identity.generate()
})

after(stopAll)

/** A client that has seen the log as it is, through a relay that has passed everything on so far. */
async function honestClient(): Promise<AnyClient> {
  relay.alter = () => undefined
  relay.pages.clear()
  store = new MemoryStore()
  const client = await connect(relay.place, { store, identity, log: host.log })
  await client.increment()
  return client
}

/** The error that a call ends with, from a client that is closed then. */
async function caughtBy(client: AnyClient): Promise<CaughtHostError> {
  const error = await client.increment().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  relay.alter = () => undefined
  relay.pages.clear()
  await client.$close()
  assert.ok(error instanceof CaughtHostError, `${error}`)
  return error
}

/** What `glass verify --evidence` says of the evidence. */
async function judged(error: CaughtHostError): Promise<{ code: number; said: string }> {
  assert.ok(error.evidence)
  const home = await folder()
  const file = join(home, 'evidence.json')
  await writeFile(file, formatEvidence(error.evidence))
  const verdict = await glass('verify', '--evidence', file, '--log', host.log)
  await rm(home, { recursive: true })
  return verdict
}

/** An entry of canonical JSON with some members changed. */
function changed(entry: string | Uint8Array, members: Record<string, any>): Uint8Array {
  const bytes = typeof entry === 'string' ? encodeUtf8(entry) : entry
  return formatJson(
    new Map<string, any>([...(parseJson(bytes) as Map<string, any>), ...Object.entries(members)]),
  )
}

test('another outcome than was logged', async () => {
  const client = await honestClient()
  relay.alter = ({ method, result }) =>
    method === 'rpc.call' ? { ...result, results: [{ ...result.results[0], ok: '1000000' }] } : undefined
  const error = await caughtBy(client)
  assert.match(error.message, /has logged something else/)
  assert.equal(error.evidence, undefined)
})

test('a proof that does not hold', async () => {
  const client = await honestClient()
  relay.alter = ({ method, result }) => {
    const proof = result.receipt && [Hash.ofText('another').base64(), ...result.receipt.proof.slice(1)]
    return method === 'rpc.call' ? { ...result, receipt: { ...result.receipt, proof } } : undefined
  }
  assert.match((await caughtBy(client)).message, /is not at index [0-9]+ of the signed tree/)
})

test('a signature of another key', async () => {
  const client = await honestClient()
  relay.alter = ({ method, result }) => {
    const note = result.receipt?.checkpoint.replace(/.{6}==?\n$|.{6}\n$/, 'AAAAA=\n')
    return method === 'rpc.call' ? { ...result, receipt: { ...result.receipt, checkpoint: note } } : undefined
  }
  await caughtBy(client)
})

test('the receipt of an earlier call', async () => {
  const client = await honestClient()
  let first: unknown
  relay.alter = ({ method, result }) => (method === 'rpc.call' ? (first ??= result) : undefined)
  await client.increment()
  assert.match((await caughtBy(client)).message, /the receipt is of another call/)
})

test('one result too few, and a message that is no answer', async () => {
  for (const lie of [
    (result: object) => ({ ...result, results: [] }),
    () => ({}),
    () => 'nothing',
    () => [1.5],
  ]) {
    const client = await honestClient()
    relay.alter = ({ method, result }) => (method === 'rpc.call' ? lie(result) : undefined)
    await caughtBy(client)
  }
})

test('a long result whose blob is another text', async () => {
  const long = await Host.start('exports.long = (n) => "long ".repeat(n)')
  const liar = await Relay.before(long.place)
  const client = await connect(liar.place)
  liar.alter = ({ method, result }) =>
    method === 'rpc.call'
      ? { ...result, results: [{ ...result.results[0], ok: result.results[0].ok.replace('long', 'lang') }] }
      : undefined
  await assert.rejects(client.long(1000), CaughtHostError)
  liar.alter = () => undefined
  await client.$close()
  await liar.stop()
  await long.stop()
})

test('a log of the same size, when the client comes again', async () => {
  const client = await honestClient()
  await client.increment()
  const { size } = await newestOf(host)
  await client.$close()
  const forged = await signedBy(host, new TreeHead(BigInt(size), Hash.ofText('another root')))
  relay.alter = ({ method, result }) =>
    method === 'rpc.info' ? { ...result, checkpoint: forged } : undefined
  const error = await connect(relay.place, { store }).then(undefined, (thrown: unknown) => thrown)
  assert.ok(error instanceof ForkError && error.proved, `${error}`)
  const verdict = await judged(error)
  assert.equal(verdict.code, 4, verdict.said)
  assert.match(verdict.said, /signed two different trees/)
})

test('a larger log that begins otherwise, in the answer to a call', async () => {
  const client = await honestClient()
  await client.increment()
  const [genesis, first, ...rest] = (await entriesOf(host)) as [Uint8Array, Uint8Array, ...Uint8Array[]]
  let forgery: Forgery
  relay.alter = async ({ method, params, result }) => {
    if (method === 'rpc.consistency') {
      return { proof: await forgery.consistency(params.old) }
    }
    if (method !== 'rpc.call') {
      return undefined
    }
    const { entry, index } = result.receipt
    forgery = new Forgery(host, [genesis, changed(first, { time: 1 }), ...rest, encodeUtf8(entry)])
    forgery.publish(relay)
    return { ...result, consistency: [], from: 0, receipt: await forgery.receipt(index) }
  }
  const error = await caughtBy(client)
  assert.ok(error instanceof ForkError && error.proved, `${error}`)
  assert.match(error.message, /has forked its log/)
  const verdict = await judged(error)
  assert.equal(verdict.code, 4, verdict.said)
})

test('an entry that breaks a rule, in a tree that the host signed', async () => {
  const client = await honestClient()
  const before = await entriesOf(host)
  relay.alter = async ({ method, result }) => {
    if (method !== 'rpc.call') {
      return undefined
    }
    const { entry, index } = result.receipt
    const results = [...result.results, ...result.results]
    const forgery = new Forgery(host, [...before, changed(entry, { outcomes: results })])
    forgery.publish(relay)
    return { consistency: [], from: 0, receipt: await forgery.receipt(index), results }
  }
  const error = await caughtBy(client)
  assert.ok(error.proved, `${error}`)
  const verdict = await judged(error)
  assert.equal(verdict.code, 4, verdict.said)
  assert.match(verdict.said, /must have 1 outcomes, and has 2 outcomes/)
})

test('files that an entry names which breaks a rule', async () => {
  const client = await honestClient()
  const before = await entriesOf(host)
  const forgery = new Forgery(host, [...before, changed(before.at(-1) as Uint8Array, { seq: 1000 })])
  forgery.publish(relay)
  relay.pages.set('/checkpoint', encodeUtf8(await forgery.checkpoint()))
  relay.alter = async ({ method, params }) =>
    method === 'rpc.consistency' ? { proof: await forgery.consistency(params.old) } : undefined
  await client.$refresh()
  const error = await client.$files().then(undefined, (thrown: unknown) => thrown)
  await client.$close()
  assert.ok(error instanceof CaughtHostError && error.proved, `${error}`)
  const verdict = await judged(error)
  assert.equal(verdict.code, 4, verdict.said)
})

test('a log that was rolled back', async () => {
  const client = await honestClient()
  const old = await (await fetch(`http://${host.place}/checkpoint`)).text()
  await client.increment()
  await client.$close()
  relay.alter = ({ method, result }) => (method === 'rpc.info' ? { ...result, checkpoint: old } : undefined)
  const error = await connect(relay.place, { store }).then(undefined, (thrown: unknown) => thrown)
  assert.ok(error instanceof RollbackError && !error.proved, `${error}`)
  const verdict = await judged(error)
  assert.notEqual(verdict.code, 0)
  assert.match(verdict.said, /is the word of whoever wrote this/)
})

test('a host that does not show how two checkpoints go together', async () => {
  const client = await honestClient()
  await client.$close()
  const { size } = await newestOf(host)
  const forged = await signedBy(host, new TreeHead(BigInt(size + 5), Hash.ofText('another root')))
  relay.alter = ({ method, result }) =>
    method === 'rpc.info' ? { ...result, checkpoint: forged } : undefined
  const error = await connect(relay.place, { store }).then(undefined, (thrown: unknown) => thrown)
  assert.ok(error instanceof ForkError && !error.proved, `${error}`)
  assert.match(error.message, /does not show/)
})

test('a description that does not hold together', async () => {
  await honestClient().then((client) => client.$close())
  for (const lie of [{ genesis: '{}' }, { genesis: undefined }, { checkpoint: 'none' }]) {
    relay.alter = ({ method, result }) => (method === 'rpc.info' ? { ...result, ...lie } : undefined)
    await assert.rejects(connect(relay.place), CaughtHostError)
  }
})

test('a host that withholds a blob is not believed, and not accused', async () => {
  const wordy = await Host.start('exports.text = () => "text ".repeat(20)')
  const withholding = await Relay.before(wordy.place)
  const client = await connect(withholding.place)
  const calls = Array.from({ length: 250 }, () => ['text'] as const)
  const settled = await client.$batch(calls)
  assert.ok(settled.every((each) => each.status === 'fulfilled' && each.value.length === 100))
  withholding.isWithheld = (path) => path.startsWith('/blob/')
  await assert.rejects(client.$batch(calls), UnverifiableError)
  await client.$close()
  await withholding.stop()
  await wordy.stop()
})

test('a host that gives another blob', async () => {
  const wordy = await Host.start('exports.text = () => "text ".repeat(20)')
  const lying = await Relay.before(wordy.place)
  const client = await connect(lying.place)
  lying.alter = ({ method, result }) => {
    if (method === 'rpc.call') {
      lying.pages.set(`/blob/${JSON.parse(result.receipt.entry).outcomes.sha256}`, encodeUtf8('[]'))
    }
    return undefined
  }
  await assert.rejects(client.$batch(Array.from({ length: 250 }, () => ['text'] as const)), CaughtHostError)
  await client.$close()
  await lying.stop()
  await wordy.stop()
})
