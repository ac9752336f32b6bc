// The V8 side of the sandbox: the mailbox that Java and the guest's interpreter (machine.js) share, and
// the turns and copies that Java asks for.
//
// The mailbox is an ArrayBuffer that both can write. A call from Java leaves its request there and finds
// the reply there.
(function (makeMachines, wasmBytes, askJava) {
  'use strict'

  const PAGE = 65536
  let box = new Uint8Array(PAGE)

  // What Java reads after every crossing: how often the mailbox has moved, the polls of the turn and what it
  // has come to. Its watchdog reads at any time how many polls the guest and its forks have come to. And what
  // Java asks for in a turn: here, because to hand over arguments takes longer than many a turn.
  const STATE = {
    generation: 0, progress: 4, polls: 8, result: 16, tag: 20, clock: 24, fuel: 32, method: 40, caller: 44,
    params: 48, bytes: 56
  }
  const state = new DataView(new ArrayBuffer(STATE.bytes))

  function reserve (size) {
    if (size > box.length) {
      const grown = new Uint8Array(Math.ceil(size * 1.5 / PAGE) * PAGE)
      grown.set(box)
      box = grown
      state.setUint32(STATE.generation, state.getUint32(STATE.generation, true) + 1, true)
    }
    return box
  }

  function progress (polls) {
    state.setUint32(STATE.progress, state.getUint32(STATE.progress, true) + polls, true)
  }

  const { Machine, untilTrap, TAG } = makeMachines(
    new WebAssembly.Module(wasmBytes), { reserve, progress, ask: askJava })

  let machine = null
  let stopped = false // in the middle of a turn
  const marks = [null, null]

  // One turn of the module's own machine, from the start of its clock and fuel to Java's look at them.
  function turn (clock, fuel, run) {
    if (stopped) throw new Error('the guest was stopped; it must be rewound first')
    machine.begin(clock, fuel)
    // Should the turn be ended from outside, nothing below this is reached.
    stopped = true
    const length = untilTrap(run)
    stopped = length < 0
    state.setFloat64(STATE.polls, machine.polls, true)
    return length
  }

  // The state says where each of its three parts ends; -1 stands for no caller.
  function call () {
    const caller = state.getInt32(STATE.caller, true)
    const method = state.getInt32(STATE.method, true)
    const params = caller < 0 ? method : caller
    return machine.call(
      box.subarray(0, method),
      caller < 0 ? null : box.subarray(method, caller),
      box.subarray(params, state.getInt32(STATE.params, true)))
  }

  function adopt (memory, pointers) {
    const fresh = new Machine(false)
    fresh.adopt(memory, pointers)
    machine = fresh
    stopped = false
  }

  return {
    mailbox: (size) => reserve(size).buffer,
    state: state.buffer,

    // Mailbox: the bootstrap script.
    boot (length, heapLimit, stackLimit) {
      const fresh = new Machine(false)
      fresh.boot(box.slice(0, length), heapLimit, stackLimit)
      machine = fresh
    },

    // Mailbox: name, then source.
    load (nameLength, length, flags, clock, fuel) {
      const name = box.slice(0, nameLength)
      const source = box.slice(nameLength, length)
      return turn(clock, fuel, () => machine.load(source, name, flags))
    },

    // Mailbox: for a call, its method, caller and parameters, one after the other.
    run () {
      const tag = state.getInt32(STATE.tag, true)
      const result = turn(state.getFloat64(STATE.clock, true), state.getFloat64(STATE.fuel, true), () =>
        tag === TAG.call ? call() : machine.turn(tag, 0))
      state.setInt32(STATE.result, result, true)
    },

    mark (slot) {
      const now = machine.heap()
      // Fresh pages of memory cost more than to copy the heap into those of the mark before.
      if (marks[slot] === null || marks[slot].memory.length !== now.length) {
        marks[slot] = { memory: now.slice(), pointers: machine.pointers() }
      } else {
        marks[slot].memory.set(now)
        marks[slot].pointers = machine.pointers()
      }
      return now.length
    },

    rewind (slot) {
      adopt(marks[slot].memory, marks[slot].pointers)
    },

    // Memory and pointers of the guest at rest.
    memory: () => machine.memory().buffer,

    pointers: () => machine.pointers().join(' '),

    restore (memory, pointers) {
      adopt(new Uint8Array(memory), pointers.split(' ').map(Number))
    }
  }
})
