import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DivergenceError } from '../dist/errors.js'
import type { TimeBrackets } from '../dist/time-brackets.js'

// Inside of the package: in every order in which times of cosignatures may come.
const inside = (name: string): Promise<any> => import(new URL(`../dist/${name}.js`, import.meta.url).href)
const { TimeBrackets: Brackets } = await inside('time-brackets')

const START = 1_767_225_600
const HOUR = 3600
const CLOCKS = 60
const WATCHDOG = 10_000

type Kind = 'plain' | 'oracle' | 'entropy' | 'timer' | 'abort'

/** The entries of a log, each so many seconds after the start as its index. */
class Noted {
  readonly brackets: TimeBrackets = new Brackets(WATCHDOG, 0, 0n)
  private size = 0

  pass(until: number): this {
    while (this.size < until) {
      this.passAt(START + this.size)
    }
    return this
  }

  passAt(time: number, kind: Kind = 'plain'): this {
    const inputs = kind === 'plain' || kind === 'abort' ? [] : [{ kind, answer: String(time * 1000) }]
    this.size++
    this.brackets.passed({ kind: kind === 'abort' ? 'abort' : 'call', time: time * 1000, inputs } as never)
    return this
  }

  cosigned(of: number, time: number): this {
    this.brackets.cosigned(of, BigInt(time), BigInt(time))
    return this
  }

  requireBetween(between: number, widest: number | bigint): void {
    assert.deepEqual([this.brackets.between, this.brackets.widest], [between, BigInt(widest)])
  }
}

function requireFound(index: number, change: () => unknown): void {
  assert.throws(change, (error) => {
    const { kind, index: found } = (error as DivergenceError).divergence
    assert.deepEqual([kind, found], ['TIME', index])
    return true
  })
}

test('an entry lies after the newest of the trees before it', () => {
  // The larger tree was cosigned by a witness whose clock is behind.
  const noted = new Noted().cosigned(2, START + 50).cosigned(4, START + 10)
  noted.pass(6).cosigned(6, START + 70).requireBetween(4, 20)
})

test('a tree that is heard of late counts for all after it', () => {
  const noted = new Noted().pass(4).cosigned(4, START + 10).cosigned(2, START + 50)
  noted.pass(6).cosigned(6, START + 70).requireBetween(2, 20)
  requireFound(5, () => new Noted().pass(6).cosigned(4, START + HOUR))
})

test('what no tree holds yet is remembered as it is', () => {
  const noted = (): Noted => new Noted().pass(7).cosigned(4, START + 10)
  requireFound(6, () => noted().cosigned(7, START + 6 - CLOCKS - 1))
  noted().cosigned(7, START + 6 - CLOCKS).requireBetween(3, 0)
})

test('a long log may wait for its first cosignature', () => {
  new Noted().pass(600).cosigned(600, START + 600).requireBetween(0, 0)
  requireFound(599, () => new Noted().pass(600).cosigned(600, START + 599 - CLOCKS - 1))
})

test('an entry that may have waited long is held against older trees only', () => {
  const signed = (size: number): Noted => new Noted().pass(size).cosigned(size, START + HOUR)
  // An oracle, and a turn that the watchdog ended, may take long.
  signed(5).passAt(START + 5, 'oracle')
  signed(2).passAt(START + 2, 'abort')
  // Entropy and waiting for a timer take no longer than the host says itself.
  requireFound(5, () => signed(5).passAt(START + 5, 'entropy'))
  requireFound(3, () => signed(3).passAt(START + 3, 'timer'))
  // One entry later there is no excuse.
  requireFound(6, () => signed(5).passAt(START + 5, 'oracle').passAt(START + 6, 'oracle'))
})

test('times that no clock shows are held against entries, too', () => {
  const noted = new Noted().pass(3).cosigned(3, START)
  noted.brackets.cosigned(4, 1n, 2n ** 63n - 1n)
  noted.passAt(START + 1).requireBetween(1, (2n ** 63n - 1n) / 1000n - 60_000n - BigInt(START))
})
