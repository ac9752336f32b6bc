import { type Entry, endOf, instantText } from 'glasshouse-formats'
import { divergence } from './divergence.js'
import { DivergenceError } from './errors.js'

/** How far the clocks of hosts and witnesses may be apart, in milliseconds. */
export const CLOCKS = 60_000n

/**
 * How long a host may take until a tree that is its newest is cosigned, in milliseconds: a round of
 * the witnesses, and three requests of a minute.
 */
export const SUBMISSION = 240_000n

// So that milliseconds, and a minute more, have 63 bits.
const LAST_SECOND = (2n ** 63n - 1n) / 1000n - CLOCKS

/** In milliseconds: entries before are not after the one, entries from there not before the other. */
interface Mark {
  readonly newest: bigint
  readonly oldest: bigint
}

/** From which entry on times are not before what. */
interface Floor {
  readonly from: number
  oldest: bigint
}

/**
 * Holds the times of entries against those of the cosignatures around them (docs/witnesses.md, Times).
 * An entry of a tree that was cosigned is not younger than the cosignature. One that came after the
 * tree is not older, as far as a host submits the newest tree it has.
 *
 * Entries are noted in their order, after all else of them was found to hold. What a tree says counts
 * once the log was found to begin with it.
 */
export class TimeBrackets {
  /** How many of the entries that were noted here lie between two cosignatures. */
  between = 0
  private widestMillis = 0n
  private readonly turn: bigint
  private readonly ahead = new Map<number, Mark>()
  // In the order of their entries.
  private floors: Floor[] = []
  // What the clock showed at the end of the last entries, which no tree is known to hold yet.
  private open: number[]
  private first: number
  private size: number

  /**
   * Goes on after so many entries.
   *
   * @param watchdog milliseconds that a turn may run on the host
   * @param since entries that were noted in an earlier audit
   * @param end what the clock showed after the last of them
   */
  constructor(
    watchdog: number,
    private readonly since: number,
    end: bigint,
  ) {
    this.turn = 2n * BigInt(watchdog)
    this.size = since
    this.first = Math.max(0, since - 1)
    this.open = since === 0 ? [] : [Number(end)]
  }

  /** How many seconds at most lie between these two. */
  get widest(): bigint {
    return this.widestMillis / 1000n
  }

  /**
   * Takes what a quorum says of a tree. If the log is that long already, it was found to begin with it.
   *
   * @param of the size of the tree
   * @param oldest time of the oldest cosignature, in seconds
   * @param newest time of the newest cosignature, in seconds
   */
  cosigned(of: number, oldest: bigint, newest: bigint): void {
    const before = this.ahead.get(of)
    const mark = { newest: millis(newest), oldest: millis(oldest) }
    this.ahead.set(of, before === undefined ? mark : both(before, mark))
    if (of > this.size) {
      return
    }
    this.pass(of)
    // Whether the entry that came next had waited long is forgotten, and of the others the first is the oldest.
    const next = Math.max(of + 1, this.first)
    if (next < this.size) {
      this.requireNotBefore(next, this.endAt(next), this.floorAt(of) as Floor)
    }
  }

  /** Notes the next entry. */
  passed(entry: Entry): void {
    const index = this.size
    const end = Number(endOf(entry))
    this.open.push(end)
    this.size++
    const floor = waits(entry) ? this.floorAt(index - 1) : this.floorAt(index)
    if (floor !== undefined) {
      this.requireNotBefore(index, end, floor)
    }
    if (this.ahead.has(this.size)) {
      this.pass(this.size)
    }
  }

  // The log has the tree of that size.
  private pass(of: number): void {
    const mark = this.ahead.get(of) as Mark
    this.ahead.delete(of)
    this.raiseFloor(of, mark.oldest)
    if (of <= this.first) {
      return
    }
    for (let index = this.first; index < of; index++) {
      this.requireNotAfter(index, this.endAt(index), mark.newest, of)
      const floor = this.floorAt(index)
      if (floor !== undefined && index >= this.since) {
        this.between++
        const width = mark.newest - floor.oldest
        this.widestMillis = width > this.widestMillis ? width : this.widestMillis
      }
    }
    this.open.splice(0, of - this.first)
    this.first = of
    const last = (this.floorAt(of) as Floor).from
    this.floors = this.floors.filter(({ from }) => from >= last)
  }

  private raiseFloor(of: number, oldest: bigint): void {
    const before = this.floorAt(of)
    const raised = before === undefined || oldest > before.oldest ? oldest : before.oldest
    this.floors = [...this.floors.filter(({ from }) => from !== of), { from: of, oldest: raised }]
    this.floors.sort((a, b) => a.from - b.from)
    for (const floor of this.floors) {
      if (floor.from >= of && oldest > floor.oldest) {
        floor.oldest = oldest
      }
    }
  }

  // There are few of them, and the last ones are asked for.
  private floorAt(index: number): Floor | undefined {
    for (let i = this.floors.length - 1; i >= 0; i--) {
      const floor = this.floors[i] as Floor
      if (floor.from <= index) {
        return floor
      }
    }
    return undefined
  }

  private endAt(index: number): number {
    return this.open[index - this.first] as number
  }

  private requireNotAfter(index: number, end: number, newest: bigint, of: number): void {
    if (end > newest + CLOCKS) {
      const expected = `a time not after ${instantText(newest)}, when its first ${of} entries were cosigned`
      throw contradicted(index, end, expected)
    }
  }

  private requireNotBefore(index: number, end: number, { oldest }: Floor): void {
    if (end < oldest - CLOCKS - SUBMISSION - this.turn) {
      const expected = `a time not before ${instantText(oldest)}, when a tree without it was cosigned`
      throw contradicted(index, end, expected)
    }
  }
}

function contradicted(index: number, end: number, expected: string): DivergenceError {
  return new DivergenceError(divergence('TIME', index, expected, `time ${instantText(BigInt(end))}`))
}

function both(one: Mark, other: Mark): Mark {
  return {
    newest: one.newest < other.newest ? one.newest : other.newest,
    oldest: one.oldest > other.oldest ? one.oldest : other.oldest,
  }
}

// It may have begun long before it was logged: nothing in it tells how long an oracle took.
function waits(entry: Entry): boolean {
  return entry.kind === 'abort' || entry.inputs.some(({ kind }) => kind === 'oracle')
}

function millis(seconds: bigint): bigint {
  return (seconds < LAST_SECOND ? seconds : LAST_SECOND) * 1000n
}
