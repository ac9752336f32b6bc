import { type HostCalls, type HostReply, type Reply, type Sandbox, type Turn, turnLength } from './sandbox.js'

// Turns between two copies of a heap of up to SMALL_HEAP; larger heaps wait longer.
const TURNS = 512
const SMALL_HEAP = 4 * 2 ** 20
// Bytes of requests and answers between two copies; also of the answers to one turn.
const MAX_BYTES = 8 * 2 ** 20
const OVERHEAD = 64
// Interrupt polls between two copies of a small heap, so that undoing a call is never long.
const POLLS = 50

interface Step {
  readonly turn: Turn
  readonly time: number
  readonly answers: readonly HostReply[]
}

/**
 * Runs a guest so that a call, or a whole entry, can be undone: a copy of the heap every now and
 * then, and since then each turn with the answers that the host gave it. Undoing puts the copy back
 * and runs those turns again. Where copies are made changes no guest.
 */
export class Trail {
  // An entry can be undone from the first leg, a call from the last. They are the same until a copy
  // is made in the middle of an entry.
  private leg: Leg
  private entryLeg: Leg
  private entryStart = 0
  private callStart = 0

  /** Starts at the guest as it is now. */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly fuel: number,
  ) {
    this.leg = new Leg(sandbox, fuel, 0)
    this.entryLeg = this.leg
  }

  /** An entry begins here: `undoEntry` comes back to this point. */
  beginEntry(): void {
    this.entryLeg = this.leg.isLong ? new Leg(this.sandbox, this.fuel, this.leg.slot) : this.leg
    this.leg = this.entryLeg
    this.entryStart = this.leg.steps.length
    this.callStart = this.entryStart
  }

  /** A call begins here: `undoCall` comes back to this point. */
  beginCall(): void {
    if (this.leg.isLong) {
      this.markAgain()
    }
    this.callStart = this.leg.steps.length
  }

  /** One turn. When it was trapped or threw, the call or the entry must be undone. */
  run(turn: Turn, time: number, allowed: number, host: HostCalls): Reply {
    const recorder = new Recorder(host)
    const reply = this.sandbox.run(turn, time, allowed, recorder)
    if (reply.trap === undefined) {
      this.leg.add({ turn, time, answers: recorder.answers }, recorder, reply.fuel)
    }
    return reply
  }

  undoCall(): void {
    this.leg.goBack(this.callStart)
    if (this.callStart > 0) {
      // The next trap may come at once, and would pay for the same turns again.
      this.markAgain()
      this.callStart = 0
    }
  }

  undoEntry(): void {
    this.leg = this.entryLeg
    this.leg.goBack(this.entryStart)
    if (this.entryStart > 0) {
      // As above: an entry that lacks a blob may soon lack another.
      this.leg = new Leg(this.sandbox, this.fuel, this.leg.slot)
      this.entryLeg = this.leg
      this.entryStart = 0
    }
    this.callStart = this.entryStart
  }

  // The copy from which the entry can be undone stays.
  private markAgain(): void {
    const atEntry = this.leg === this.entryLeg && this.leg.steps.length === this.entryStart
    this.leg = new Leg(this.sandbox, this.fuel, atEntry ? this.leg.slot : 1 - this.entryLeg.slot)
    if (atEntry) {
      this.entryLeg = this.leg
      this.entryStart = 0
    }
  }
}

/** A copy of the heap, and the turns since. */
class Leg {
  readonly steps: Step[] = []
  private readonly scale: number
  private bytes = 0
  private polls = 0
  private broken = false

  constructor(
    private readonly sandbox: Sandbox,
    private readonly fuel: number,
    readonly slot: number,
  ) {
    this.scale = 1 + Math.floor(sandbox.mark(slot) / SMALL_HEAP)
  }

  add(step: Step, recorder: Recorder, used: number): void {
    this.steps.push(step)
    this.bytes += turnLength(step.turn) + OVERHEAD + recorder.bytes
    this.polls += used
    this.broken ||= recorder.isFull
  }

  get isLong(): boolean {
    return (
      this.broken ||
      this.steps.length >= TURNS * this.scale ||
      this.polls > POLLS * this.scale ||
      this.bytes > MAX_BYTES
    )
  }

  // What was broken lies behind the point to go back to: after it, no call began in this leg.
  goBack(size: number): void {
    this.sandbox.rewind(this.slot)
    this.steps.length = size
    for (const step of this.steps) {
      this.sandbox.run(step.turn, step.time, this.fuel, player(step.answers))
    }
    this.broken = false
  }
}

// Keeps the answers of one turn up to a limit: a turn may ask for more than memory holds.
class Recorder implements HostCalls {
  answers: HostReply[] = []
  bytes = 0

  constructor(private readonly host: HostCalls) {}

  get isFull(): boolean {
    return this.bytes > MAX_BYTES
  }

  answer(op: number, text: string, body: Uint8Array): HostReply {
    const reply = this.host.answer(op, text, body)
    if (!this.isFull) {
      this.answers.push(reply)
      this.bytes += reply.content.length + OVERHEAD
      if (this.isFull) {
        this.answers = []
      }
    }
    return reply
  }
}

function player(answers: readonly HostReply[]): HostCalls {
  let next = 0
  return { answer: () => answers[next++] as HostReply }
}
