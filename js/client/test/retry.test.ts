import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { RefusedError } from 'glasshouse-client'
import { HostAddress } from '../dist/address.js'
import { MAX_MILLIS, MAX_REFUSALS, backoffMillis } from '../dist/backoff.js'
import { Connection } from '../dist/connection.js'
import { FakeSocket } from './fake-socket.js'

const LATER = '"error":{"code":-32005,"message":"overloaded","data":{"retryMillis":100}}'
const TAKEN = '"error":{"code":-32004,"message":"used"}'

test('a refusal that passes is waited for as long as it says, and longer the next time', () => {
  const refused = (retryMillis: unknown): RefusedError => new RefusedError(-32005, 'later', { retryMillis })
  assert.equal(
    backoffMillis(refused(100), 1, () => 0),
    100,
  )
  assert.equal(
    backoffMillis(refused(100), 1, () => 0.5),
    125,
  )
  assert.equal(
    backoffMillis(refused(100), 3, () => 0),
    400,
  )
  assert.equal(
    backoffMillis(refused(MAX_MILLIS), 2, () => 0),
    MAX_MILLIS,
  )
  for (let i = 0; i < 100; i++) {
    const millis = backoffMillis(refused(100), 1) ?? 0
    assert.ok(millis >= 100 && millis < 150, `${millis}`)
  }
  assert.equal(backoffMillis(refused(100), MAX_REFUSALS + 1), undefined)
  for (const named of [0, -1, NaN, MAX_MILLIS + 1, Infinity, '1', undefined, null]) {
    assert.equal(backoffMillis(refused(named), 1), undefined, String(named))
  }
})

/** A connection over fake sockets, with a clock that is turned by hand. */
class Setting {
  private heardUpTo = 0
  private readonly before = FakeSocket.made.length
  readonly connection: Connection

  constructor(private readonly t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    this.connection = new Connection(HostAddress.parse('a'), undefined, FakeSocket, 1000)
  }

  get socket(): FakeSocket {
    return FakeSocket.made.at(-1) as FakeSocket
  }

  get sockets(): number {
    return FakeSocket.made.length - this.before
  }

  call(): Promise<string> {
    const answer = this.connection.call(async (number) => `{"n":${number}}`)
    // Looked at later.
    answer.catch(() => undefined)
    return answer
  }

  /** What has come to the host over the last socket since this was asked. */
  async heard(): Promise<number[]> {
    await settled()
    const texts = this.socket.sent.slice(this.heardUpTo)
    this.heardUpTo = this.socket.sent.length
    return texts.map((text) => JSON.parse(text).params.n)
  }

  /** Answers the newest message with a number. */
  async answer(n: number, answer: string): Promise<void> {
    const sent = this.socket.sent.map((text) => JSON.parse(text)).filter(({ params }) => params.n === n)
    this.socket.say(`{"jsonrpc":"2.0","id":${sent.at(-1).id},${answer}}`)
    await settled()
  }

  async lose(): Promise<void> {
    this.socket.onclose?.({ code: 1006, reason: '' } as never)
    this.heardUpTo = 0
    await settled()
  }

  async tick(millis: number): Promise<void> {
    this.t.mock.timers.tick(millis)
    await settled()
  }
}

// Once all that is due without any clock is done.
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) {
    await Promise.resolve()
  }
}

test('the same bytes are sent again when the time is over', async (t) => {
  const it = new Setting(t)
  const answer = it.call()
  assert.deepEqual(await it.heard(), [1])
  await it.answer(1, LATER)
  await it.tick(99)
  assert.deepEqual(await it.heard(), [])
  await it.tick(51)
  assert.deepEqual(await it.heard(), [1])
  await it.answer(1, '"result":5')
  assert.equal(await answer, '5')
})

test('in the end the caller is told', async (t) => {
  const it = new Setting(t)
  const answer = it.call()
  for (let i = 0; i < MAX_REFUSALS; i++) {
    assert.deepEqual(await it.heard(), [1])
    await it.answer(1, LATER)
    await it.tick(100 * 2 ** i - 1)
    assert.deepEqual(await it.heard(), [])
    await it.tick(50 * 2 ** i + 1)
  }
  assert.deepEqual(await it.heard(), [1])
  await it.answer(1, LATER)
  await assert.rejects(answer, (error) => error instanceof RefusedError && error.retryMillis === 100)
  await it.tick(MAX_MILLIS)
  assert.deepEqual(await it.heard(), [])
})

test('later requests wait, and all are sent in their order', async (t) => {
  const it = new Setting(t)
  const answers = [it.call(), it.call()]
  assert.deepEqual(await it.heard(), [1, 2])
  await it.answer(2, LATER)
  await it.answer(1, LATER)
  answers.push(it.call())
  assert.deepEqual(await it.heard(), [], 'a number above would make those below unusable')
  await it.tick(150)
  assert.deepEqual(await it.heard(), [1, 2, 3])
  for (const n of [1, 2, 3]) {
    await it.answer(n, `"result":${n}`)
  }
  assert.deepEqual(await Promise.all(answers), ['1', '2', '3'])
})

test('what was overtaken was refused for the reason it had', async (t) => {
  const it = new Setting(t)
  const [first, second] = [it.call(), it.call()]
  await it.heard()
  await it.answer(1, LATER)
  await it.answer(2, '"result":2')
  assert.equal(await second, '2')
  await it.tick(150)
  await it.answer(1, TAKEN)
  await assert.rejects(first, (error) => error instanceof RefusedError && error.code === -32005)
})

test('what does not pass is told at once, also when nothing was waited for', async (t) => {
  const it = new Setting(t)
  const answer = it.call()
  await it.heard()
  await it.answer(1, TAKEN)
  await assert.rejects(answer, (error) => error instanceof RefusedError && error.code === -32004)
})

test('who closes does not wait', async (t) => {
  const it = new Setting(t)
  const answer = it.call()
  await it.heard()
  await it.answer(1, LATER)
  it.connection.close()
  await assert.rejects(answer, /the connection was closed/)
  await it.tick(MAX_MILLIS)
  assert.deepEqual(await it.heard(), [])
  assert.equal(it.sockets, 1)
})

test('a connection that is lost meanwhile is opened again, and all wait', async (t) => {
  const it = new Setting(t)
  const answers = [it.call(), it.call()]
  await it.heard()
  await it.answer(1, LATER)
  await it.lose()
  assert.equal(it.sockets, 2, 'for the second')
  assert.deepEqual(await it.heard(), [], 'which waits for the first')
  await it.tick(150)
  assert.deepEqual(await it.heard(), [1, 2])
  await it.answer(1, '"result":1')
  await it.answer(2, '"result":2')
  assert.deepEqual(await Promise.all(answers), ['1', '2'])
})

test('a connection that is lost while all wait is opened when the time is over', async (t) => {
  const it = new Setting(t)
  const answer = it.call()
  await it.heard()
  await it.answer(1, LATER)
  await it.lose()
  assert.equal(it.sockets, 1)
  await it.tick(150)
  assert.equal(it.sockets, 2)
  assert.deepEqual(await it.heard(), [1])
  await it.answer(1, '"result":1')
  assert.equal(await answer, '1')
})
