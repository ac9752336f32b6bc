import { encodeUtf8 } from 'glasshouse-formats'
import makeMachines, { type Machine, type Machines } from '../guest/machine.js'
import { SandboxError } from '../errors.js'

const PAGE = 65_536
const HEADER = 9
const FORK = 128

/** The host functions that a replay can be asked for (vm's HostOp). */
export const OP = { file: 1, oracle: 2, entropy: 3, log: 4, fetch: 5, call: 7, resolve: 8, source: 9 } as const

/** What a host function answers; the content must not change afterwards. */
export interface HostReply {
  readonly kind: number
  readonly content: Uint8Array
}

export const REPLY = { none: 0, text: 1, bytes: 2, error: 3, script: 5 } as const

/** The host functions during a turn. The body is only there until the call returns. */
export interface HostCalls {
  answer(op: number, text: string, body: Uint8Array): HostReply
}

/** What one turn of the guest came to; a trap has no text. */
export interface Reply {
  readonly text: string
  readonly trap: 'fuel' | 'memory' | undefined
  /** Interrupt polls used. */
  readonly fuel: number
}

/** A guest's linear memory at rest, and the numbers that are not in it. */
export interface HeapImage {
  readonly memory: Uint8Array
  readonly pointers: string
}

interface Mark {
  readonly memory: Uint8Array
  pointers: number[]
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A text of the guest: UTF-8 in which an unpaired surrogate is encoded, which crosses as U+FFFD. */
export function guestText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  // An encoded surrogate would be three of them.
  return text.includes('\ufffd\ufffd\ufffd') ? decoder.decode(withoutSurrogates(bytes)) : text
}

function withoutSurrogates(bytes: Uint8Array): Uint8Array {
  const whole = bytes.slice()
  for (let i = 0; i + 2 < whole.length; i++) {
    if (whole[i] === 0xed && (whole[i + 1] as number) >= 0xa0) {
      whole.set([0xef, 0xbf, 0xbd], i)
    }
  }
  return whole
}

/** A running guest in this thread's own WebAssembly. */
export class Sandbox {
  private readonly machines: Machines
  private machine: Machine
  private box = new Uint8Array(PAGE)
  private host: HostCalls | undefined
  private stopped = false
  private readonly marks: (Mark | undefined)[] = [undefined, undefined]

  constructor(interpreter: WebAssembly.Module, bootstrap: Uint8Array, heapLimit: number, stackLimit: number) {
    this.machines = makeMachines(interpreter, {
      reserve: (size) => this.reserve(size),
      progress: () => undefined,
      ask: (length) => this.ask(length),
    })
    this.machine = new this.machines.Machine(false)
    this.machine.boot(bootstrap, heapLimit, stackLimit)
  }

  /** Evaluates a module's script and adopts its exports. */
  load(name: Uint8Array, source: Uint8Array, isModule: boolean, clock: number, fuel: number, host: HostCalls): Reply {
    return this.turn(clock, fuel, host, () => this.machine.load(source, name, isModule ? 1 : 0))
  }

  /** Delivers one message and runs the guest until nothing is left to do at this time. */
  run(turn: Turn, clock: number, fuel: number, host: HostCalls): Reply {
    return this.turn(clock, fuel, host, () =>
      turn.call === undefined
        ? this.machine.turn(turn.tag, 0)
        : this.machine.call(turn.call.method, turn.call.caller, turn.call.params),
    )
  }

  /** Remembers the guest as it is now; gives the bytes of memory that this copied. */
  mark(slot: number): number {
    const now = new Uint8Array(this.machine.wasm.memory.buffer)
    const before = this.marks[slot]
    if (before?.memory.length === now.length) {
      before.memory.set(now)
      before.pointers = this.machine.pointers()
    } else {
      this.marks[slot] = { memory: now.slice(), pointers: this.machine.pointers() }
    }
    return now.length
  }

  /** Puts the guest back to a mark, also after it was stopped. */
  rewind(slot: number): void {
    const mark = this.marks[slot] as Mark
    this.adopt(mark.memory, mark.pointers)
  }

  image(): HeapImage {
    return {
      memory: new Uint8Array(this.machine.wasm.memory.buffer),
      pointers: this.machine.pointers().join(' '),
    }
  }

  restore(image: HeapImage): void {
    this.adopt(image.memory, image.pointers.split(' ').map(Number))
  }

  private adopt(memory: Uint8Array, pointers: number[]): void {
    const fresh = new this.machines.Machine(false)
    fresh.adopt(memory, pointers)
    this.machine = fresh
    this.stopped = false
  }

  private turn(clock: number, fuel: number, host: HostCalls, run: () => number): Reply {
    if (this.stopped) {
      throw new SandboxError('the guest was stopped; it must be rewound first')
    }
    this.machine.begin(clock, fuel)
    this.host = host
    // Should the turn be ended by what a host function throws, nothing below this is reached.
    this.stopped = true
    let length: number
    try {
      length = this.machines.untilTrap(run)
    } catch (error) {
      // The guest's own limit comes first where the engine's stack is large enough.
      throw error instanceof RangeError
        ? new SandboxError(`this engine has too little stack or memory for the guest: ${error.message}`)
        : error
    } finally {
      this.host = undefined
    }
    this.stopped = length < 0
    const fuelUsed = this.machine.polls
    if (length < 0) {
      return { text: '', trap: length === this.machines.TRAP.fuel ? 'fuel' : 'memory', fuel: fuelUsed }
    }
    return { text: guestText(this.box.subarray(0, length)), trap: undefined, fuel: fuelUsed }
  }

  private reserve(size: number): Uint8Array {
    if (size > this.box.length) {
      const grown = new Uint8Array(Math.ceil((size * 1.5) / PAGE) * PAGE)
      grown.set(this.box)
      this.box = grown
    }
    return this.box
  }

  private ask(length: number): number {
    const view = new DataView(this.box.buffer)
    const code = this.box[0] as number
    const textEnd = HEADER + view.getUint32(1, true)
    if ((code & FORK) !== 0) {
      throw new SandboxError('a replay runs no oracle')
    }
    const text = guestText(this.box.subarray(HEADER, textEnd))
    const reply = (this.host as HostCalls).answer(code, text, this.box.subarray(textEnd, length))
    const size = 1 + reply.content.length
    const box = this.reserve(size)
    box[0] = reply.kind
    box.set(reply.content, 1)
    return size
  }
}

/** What the guest is asked to do (vm's Turn). */
export interface Turn {
  readonly tag: number
  /** Of a method call, its parts in UTF-8; the caller is null if there is none. */
  readonly call?: {
    readonly method: Uint8Array
    readonly caller: Uint8Array | null
    readonly params: Uint8Array
  }
}

export const TURN = { fire: { tag: 6 }, timer: { tag: 7 }, drop: { tag: 8 } } as const
const CALL = 2

/** A method call; its parameters are a JSON array. */
export function callTurn(method: string, caller: string | null, params: string): Turn {
  return {
    tag: CALL,
    call: {
      method: encodeUtf8(method),
      caller: caller === null ? null : encodeUtf8(caller),
      params: encodeUtf8(params),
    },
  }
}

/** Bytes of what a turn hands over. */
export function turnLength({ call }: Turn): number {
  return call === undefined ? 0 : call.method.length + (call.caller?.length ?? 0) + call.params.length
}
