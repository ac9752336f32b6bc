import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { type AnyClient, MemoryStore, connect } from 'glasshouse-client'
import { encodeUtf8 } from 'glasshouse-formats'
import { type Audit, watch } from 'glasshouse-verifier'
import { GLASS, Host, folder } from '../../../client/build/host/host.js'
import { Relay } from '../../../client/build/host/relay.js'
import { running, stopAll } from '../../../client/build/host/running.js'
import { until } from '../../../client/build/host/witness.js'
import { CLI } from './run.js'

let host: Host
let client: AnyClient

before(async () => {
  host = await Host.start('persistent-counter.js', '--image-entries', '4')
  client = await connect(host.place, { store: new MemoryStore() })
  await client.increment()
})

after(async () => {
  await client.$close()
  await stopAll()
})

const sizeOf = ({ report }: Audit): number => Number(report.checkpoint?.split('\n')[1])

async function next(audits: AsyncGenerator<Audit, void>): Promise<Audit> {
  const { value, done } = await audits.next()
  assert.equal(done, false, 'it has ended')
  return value as Audit
}

test('each newer checkpoint is verified, in the same guest, until the signal ends it', async () => {
  const stop = new AbortController()
  const audits = watch(host.place, { signal: stop.signal, pauseMillis: 20 })
  const first = await next(audits)
  assert.deepEqual([first.verdict, sizeOf(first)], ['verified', 2])
  assert.ok(first.report.filesDigest)
  for (let calls = 2; calls <= 6; calls++) {
    await client.increment()
    let found = await next(audits)
    // A timer may take an image between the two.
    while (found.report.checked.calls < calls) {
      found = await next(audits)
    }
    assert.deepEqual([found.verdict, found.report.since], ['verified', 0], JSON.stringify(found.report))
    assert.equal(found.report.checked.entries, sizeOf(found))
    assert.equal(found.verified?.size, sizeOf(found))
  }
  const waiting = audits.next()
  stop.abort()
  assert.deepEqual(await waiting, { value: undefined, done: true })
})

test('nothing is begun after its signal, and a lesser audit goes on too', async () => {
  const [ended] = [await watch(host.place, { signal: AbortSignal.abort() }).next()]
  assert.equal(ended.done, true)
  for (const level of ['receipt', 'hashes'] as const) {
    const audits = watch(host.place, { level, pauseMillis: 20 })
    const first = await next(audits)
    await client.increment()
    const second = await next(audits)
    assert.deepEqual([second.verdict, second.verified], ['verified', undefined])
    assert.ok(sizeOf(second) > sizeOf(first))
    assert.equal(second.report.checked.entries, level === 'receipt' ? 1 : sizeOf(second))
    await audits.return()
  }
})

test('a host that is away is waited for, and the watch goes on where it was', async () => {
  const audits = watch(host.place, { level: 'signatures', pauseMillis: 20 })
  const first = await next(audits)
  await host.kill('SIGTERM')
  const away = await next(audits)
  assert.deepEqual([away.verdict, away.exitCode], ['undecided', 3])
  assert.match(away.report.obstacle ?? '', /cannot read/)
  host = await host.again()
  const back = await next(audits)
  assert.equal(back.verdict, 'verified', JSON.stringify(back.report))
  assert.equal(back.report.since, sizeOf(first))
  await client.increment()
  const grown = await next(audits)
  assert.ok(sizeOf(grown) > sizeOf(back) && grown.verdict === 'verified')
  await audits.return()
})

test('a finding ends it', async () => {
  const relay = await Relay.before(host.place)
  const older = client.$info().checkpoint
  await client.increment()
  const audits = watch(relay.place, { level: 'hashes', pauseMillis: 20 })
  assert.equal((await next(audits)).verdict, 'verified')
  relay.pages.set('/checkpoint', encodeUtf8(older))
  const found = await next(audits)
  assert.deepEqual([found.verdict, found.report.divergence?.kind], ['divergence', 'ROLLBACK'])
  assert.ok(found.evidence)
  assert.deepEqual(await audits.next(), { value: undefined, done: true })
  await relay.stop()
})

test('the verifier itself failing is thrown', async () => {
  await assert.rejects(watch(host.place, { policy: 'quorum nobody\n' }).next(), /no witness or group/)
})

/** A command that goes on; what it says so far. */
class Watching {
  out = ''
  err = ''

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    child.stdout?.on('data', (text) => (this.out += text))
    child.stderr?.on('data', (text) => (this.err += text))
    running.add(this)
  }

  static async start(command: string, ...args: string[]): Promise<Watching> {
    const home = await folder()
    return new Watching(spawn(command, args, { env: { ...process.env, GLASSHOUSE_HOME: home } }), home)
  }

  async said(text: string): Promise<void> {
    await until(async () => this.out.includes(text) || this.child.exitCode !== null)
    assert.ok(this.out.includes(text), `${this.out}${this.err}`)
  }

  interrupt(): void {
    this.child.kill('SIGINT')
  }

  async code(): Promise<number | null> {
    if (this.child.exitCode === null) {
      await once(this.child, 'close')
    }
    return this.child.exitCode
  }

  async stop(): Promise<void> {
    running.delete(this)
    this.child.kill('SIGKILL')
    await this.code()
    await rm(this.home, { recursive: true, force: true })
  }
}

test('the command says what glass verify --watch says', async () => {
  const both = [
    await Watching.start(process.execPath, CLI, host.place, '--watch'),
    await Watching.start(GLASS, 'verify', host.place, '--watch'),
  ] as const
  const size = Number((await client.$refresh()).checkpoint.split('\n')[1])
  await Promise.all(both.map((each) => each.said(`Verified ${size} entries.\n`)))
  await client.increment()
  const grown = Number((await client.$refresh()).checkpoint.split('\n')[1])
  await Promise.all(both.map((each) => each.said(`Verified ${grown} entries.\n`)))
  both.forEach((each) => each.interrupt())
  assert.deepEqual(await Promise.all(both.map((each) => each.code())), [0, 0])
  assert.match(both[0].out, /entries\.\nLog [0-9a-f]{64}\nCall log verified\.\nOutput files verified\.\n\nChecked: /)
  assert.equal(both[0].out, both[1].out)
  await Promise.all(both.map((each) => each.stop()))
})

test('a finding ends the command with its code, and the evidence is kept', async () => {
  const relay = await Relay.before(host.place)
  const older = client.$info().checkpoint
  await client.increment()
  const watching = await Watching.start(process.execPath, CLI, relay.place, '--watch', '--json', '--level', 'hashes')
  await until(async () => watching.err.includes('Verified '))
  relay.pages.set('/checkpoint', encodeUtf8(older))
  assert.equal(await watching.code(), 1)
  assert.equal(JSON.parse(watching.out).divergence.kind, 'ROLLBACK')
  await watching.stop()
  await relay.stop()
})
