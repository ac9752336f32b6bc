import { type Limits, MAX_INPUTS } from 'glasshouse-formats'
import type { GuestHost } from './guest-host.js'
import { type HeapImage, type Reply, type Sandbox, TURN, type Turn, callTurn } from './sandbox.js'
import { Trail } from './trail.js'

/** The `due` of a guest without timers. */
export const NO_TIMER = -1

/** What a call or a timer's turn came to: `v…` or `e…`, or a trap. */
export interface GuestAnswer {
  readonly text: string
  readonly trap: 'fuel' | 'memory' | undefined
  readonly fuel: number
  /** What the guest's clock showed at the end. */
  readonly time: number
}

/** The guest of one log: its sandbox, the trail by which turns are undone, its timers. */
export class Guest {
  private trail: Trail | undefined
  private dueTime = NO_TIMER
  private dueAtEntry = NO_TIMER

  constructor(
    private readonly sandbox: Sandbox,
    private readonly limits: Limits,
  ) {}

  /** Loads a script. After a trap the guest is of no more use. */
  load(name: Uint8Array, source: Uint8Array, isModule: boolean, time: number, host: GuestHost): GuestAnswer {
    const loaded = this.sandbox.load(name, source, isModule, time, this.limits.fuel, host)
    if (loaded.trap !== undefined) {
      return { text: '', trap: loaded.trap, fuel: loaded.fuel, time }
    }
    this.trail = new Trail(this.sandbox, this.limits.fuel)
    return this.settle(loaded, time, host)
  }

  /** Puts an image in the place of the guest. */
  restore(image: HeapImage, due: number): void {
    this.sandbox.restore(image)
    this.trail = new Trail(this.sandbox, this.limits.fuel)
    this.dueTime = due
  }

  beginEntry(): void {
    this.trail?.beginEntry()
    this.dueAtEntry = this.dueTime
  }

  /** A method call. After a trap the guest is what it was before. */
  call(method: string, caller: string | null, params: string, time: number, host: GuestHost): GuestAnswer {
    return this.undoneIfTrapped(callTurn(method, caller, params), time, host)
  }

  /** The turn of the earliest timer. After a trap the guest is what it was before, but for that timer. */
  timer(time: number, host: GuestHost): GuestAnswer {
    const answer = this.undoneIfTrapped(TURN.timer, time, host)
    if (answer.trap !== undefined) {
      this.drop(time, host)
    }
    return answer
  }

  /** Forgets the earliest timer. */
  drop(time: number, host: GuestHost): void {
    if (this.undoneIfTrapped(TURN.drop, time, host).trap !== undefined) {
      // A guest without room even for this has no timers until a call finds room again.
      this.dueTime = NO_TIMER
    }
  }

  /** Puts the guest back to where the entry began. */
  undoEntry(): void {
    this.trail?.undoEntry()
    this.dueTime = this.dueAtEntry
  }

  /** When the earliest outstanding timer is due, or {@link NO_TIMER}. */
  get due(): number {
    return this.dueTime
  }

  image(): HeapImage {
    return this.sandbox.image()
  }

  private undoneIfTrapped(turn: Turn, time: number, host: GuestHost): GuestAnswer {
    const trail = this.trail as Trail
    trail.beginCall()
    const dueBefore = this.dueTime
    const answer = this.settle(trail.run(turn, time, this.limits.fuel, host), time, host)
    if (answer.trap !== undefined) {
      trail.undoCall()
      this.dueTime = dueBefore
    }
    return answer
  }

  // While the call waits for a timer, so does the log: each firing moves the guest's clock.
  private settle(first: Reply, start: number, host: GuestHost): GuestAnswer {
    let reply = first
    let fuel = reply.fuel
    let time = start
    while (reply.trap === undefined && reply.text.startsWith('w')) {
      const due = Number(reply.text.slice(1))
      this.dueTime = due
      if (due - start > this.limits.wait) {
        const late = `${due - start} ms after its start, more than the limit of ${this.limits.wait} ms`
        return failed('TimeoutError', `the call waits for a timer that is due ${late}`, fuel, time)
      }
      if (due > time) {
        if (host.isFull) {
          return failed(
            'RangeError',
            `more than ${MAX_INPUTS} oracle answers, random seeds and waits in one request`,
            fuel,
            time,
          )
        }
        time = host.waitUntil(due)
      }
      reply = (this.trail as Trail).run(TURN.fire, time, this.limits.fuel - fuel, host)
      fuel += reply.fuel
    }
    if (reply.trap !== undefined) {
      return { text: '', trap: reply.trap, fuel, time }
    }
    const end = reply.text.indexOf(';')
    const hasTimer = reply.text.startsWith('t')
    this.dueTime = hasTimer ? Number(reply.text.slice(1, end)) : NO_TIMER
    return { text: hasTimer ? reply.text.slice(end + 1) : reply.text, trap: undefined, fuel, time }
  }
}

function failed(name: string, message: string, fuel: number, time: number): GuestAnswer {
  return { text: `e["${name}","${message}"]`, trap: undefined, fuel, time }
}
