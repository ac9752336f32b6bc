// The V8 side of the sandbox: instantiates quickjs.wasm and moves bytes between Java and the guest.
//
// Java and this file share one mailbox, an ArrayBuffer that both can write. Integers in it are
// little-endian. A call from Java leaves its request there and finds the reply there; a host call of
// the guest leaves its arguments there and finds Java's answer there. Nothing here may touch the
// guest's memory in a way that depends on anything but the bytes exchanged: the heap of a replay must
// equal the heap of the host, byte for byte, on every engine.
(function (wasmBytes, askJava) {
  'use strict'

  const PAGE = 65536
  const POINTERS = ['dispatch', 'scratch', 'tags', 'runtime', 'context']
  const TAG = { commonjs: 0, module: 1, call: 2, take: 3, describe: 4, fork: 5 }
  const EVAL_MODULE = 1
  const SCRATCH = 32 // four words for lengths, then the arguments of a call
  const ARGV = 16
  const TAGS = Object.keys(TAG).length
  const TRAP = { fuel: -1, memory: -2 }
  const REPLY = { none: 0, text: 1, bytes: 2, error: 3, runFork: 4 }
  const OP_ORACLE_RESULT = 6
  // A host call works outside the interpreter's own count: it is charged by the call and by the byte,
  // in both directions. A poll is what 64 KiB cost.
  const CALL_TOLL = 1024
  const POLL_TOLL = 65536
  const OUT_OF_FUEL = Object.freeze({ message: 'out of fuel' })
  const wasm = new WebAssembly.Module(wasmBytes)

  let box = new Uint8Array(PAGE)
  let boxView = new DataView(box.buffer)

  // What Java reads after every crossing: how often the mailbox has moved, and the polls of this call.
  const STATE = { generation: 0, polls: 8, bytes: 16 }
  const state = new DataView(new ArrayBuffer(STATE.bytes))

  function mailbox (size) {
    if (size > box.length) {
      box = new Uint8Array(Math.ceil(size * 1.5 / PAGE) * PAGE)
      boxView = new DataView(box.buffer)
      state.setUint32(STATE.generation, state.getUint32(STATE.generation, true) + 1, true)
    }
    return box.buffer
  }

  // One instance of the interpreter: the module's own, or a fork of it that runs an oracle.
  class Machine {
    constructor (fork) {
      this.fork = fork
      this.clock = 0 // milliseconds since 1970, what the guest sees as now
      this.fuel = 0 // interrupt polls left
      this.polls = 0 // interrupt polls used in this call
      this.toll = 0 // what host calls owe, less than a poll
      this.forkPolls = 0 // polls that the forks of this call have used
      this.stopped = false // by a trap; then its memory is in the middle of something
      const self = this
      const instance = new WebAssembly.Instance(wasm, {
        env: {
          host_call: (name, nameLength, that, argc, argv) => self.hostCall(argc, argv),
          host_interrupt: () => self.interrupt(),
          host_promise_rejection: (promise, reason) => {
            self.wasm.qjs_free_value(promise)
            self.wasm.qjs_free_value(reason)
          },
          host_module_normalize: (base, name) => self.copyName(name),
          host_module_load: (name) => 0,
          host_get_timezone_offset: () => 0
        },
        wasi_snapshot_preview1: {
          clock_time_get: (id, precision, at) => {
            const now = self.fork ? Date.now() : self.clock
            self.view().setBigUint64(at, BigInt(now) * 1000000n, true)
            return 0
          },
          random_get: (at, length) => {
            self.bytes(at, length).fill(0)
            return 0
          },
          fd_write: () => 8,
          fd_close: () => 8,
          fd_fdstat_get: () => 8,
          fd_seek: () => 8
        }
      })
      this.wasm = instance.exports
    }

    view () {
      return new DataView(this.wasm.memory.buffer)
    }

    bytes (at, length) {
      return new Uint8Array(this.wasm.memory.buffer, at, length)
    }

    // At the end of the fuel the interpreter is not told to stop but left for good: it would make an
    // exception of it, and a few of its own functions (new Promise, async functions) swallow those.
    // The machine is then of no more use.
    interrupt () {
      this.use(1)
      return 0
    }

    use (polls) {
      this.polls += polls
      if (this.polls <= this.fuel) return
      this.polls = this.fuel + 1
      this.stopped = true
      throw OUT_OF_FUEL
    }

    charge (toll) {
      this.toll += toll
      const due = Math.floor(this.toll / POLL_TOLL)
      this.toll -= due * POLL_TOLL
      if (due > 0) this.use(due)
    }

    // Starts the interpreter and evaluates the bootstrap script, whose value is the dispatch function.
    boot (bootstrap, heapLimit, stackLimit) {
      const w = this.wasm
      w._initialize()
      if (w.qjs_init() !== 0) throw new Error('the interpreter did not start')
      w.qjs_set_memory_limit(heapLimit)
      w.qjs_set_max_stack_size(stackLimit)
      w.qjs_set_interrupt_handler(1)
      w.qjs_set_module_loader(1)
      this.fuel = Number.MAX_SAFE_INTEGER
      this.runtime = w.qjs_get_runtime_ptr()
      this.context = w.qjs_get_context_ptr()
      this.scratch = w.wasm_malloc(SCRATCH)
      this.tags = w.wasm_malloc(4 * TAGS)
      for (let i = 0; i < TAGS; i++) this.view().setUint32(this.tags + 4 * i, w.qjs_new_number(i), true)
      const make = this.evaluate(bootstrap, [98, 111, 111, 116, 115, 116, 114, 97, 112], 0)
      if (w.qjs_is_exception(make)) throw new Error('the bootstrap script does not load')
      const name = this.copyIn([104, 111, 115, 116])
      const host = w.qjs_new_host_function(name, 4, 0)
      w.wasm_free(name)
      this.dispatch = this.invoke(make, host, 0)
      if (w.qjs_is_exception(this.dispatch)) throw new Error('the bootstrap script does not run')
      w.qjs_free_value(make)
      w.qjs_free_value(host)
    }

    // Copies bytes into a fresh, zero-terminated allocation of the guest; 0 if there is no room.
    copyIn (source) {
      const at = this.wasm.wasm_malloc(source.length + 1)
      if (at === 0) return 0
      const target = this.bytes(at, source.length + 1)
      target.set(source)
      target[source.length] = 0
      return at
    }

    copyName (name) {
      const memory = new Uint8Array(this.wasm.memory.buffer)
      let end = name
      while (memory[end] !== 0) end++
      return this.copyIn(memory.slice(name, end))
    }

    evaluate (source, name, flags) {
      const code = this.copyIn(source)
      const file = this.copyIn(name)
      const value = this.wasm.qjs_eval(code, source.length, file, flags)
      this.wasm.wasm_free(code)
      this.wasm.wasm_free(file)
      return value
    }

    invoke (f, first, second) {
      const w = this.wasm
      const view = this.view()
      view.setUint32(this.scratch + ARGV, first, true)
      view.setUint32(this.scratch + ARGV + 4, second, true)
      const that = w.qjs_get_undefined()
      const result = w.qjs_call(f, that, second === 0 ? 1 : 2, this.scratch + ARGV)
      w.qjs_free_value(that)
      return result
    }

    send (tag, value) {
      const number = this.view().getUint32(this.tags + 4 * tag, true)
      return this.invoke(this.dispatch, number, value)
    }

    newString (source) {
      const at = this.copyIn(source)
      if (at === 0) return 0
      const value = this.wasm.qjs_new_string(at, source.length)
      this.wasm.wasm_free(at)
      if (this.wasm.qjs_is_exception(value)) return 0
      return value
    }

    newBytes (source) {
      const at = this.copyIn(source)
      if (at === 0) return 0
      const value = this.wasm.qjs_new_uint8_array(at, source.length)
      this.wasm.wasm_free(at)
      return value
    }

    // Calls use(bytes) with the string's bytes: UTF-8, except that unpaired surrogates stay encoded.
    withString (value, use) {
      const w = this.wasm
      const at = w.qjs_get_string_len(value, this.scratch)
      if (at === 0) return TRAP.memory
      const result = use(this.bytes(at, this.view().getUint32(this.scratch, true)))
      w.qjs_free_cstring(at)
      return result
    }

    withBytes (value, use) {
      const w = this.wasm
      const buffer = w.qjs_get_typed_array_buffer(value, this.scratch, this.scratch + 4, this.scratch + 8)
      if (w.qjs_is_exception(buffer)) {
        w.qjs_free_value(buffer)
        w.qjs_free_value(w.qjs_get_exception())
        return use(new Uint8Array(0))
      }
      const offset = this.view().getUint32(this.scratch, true)
      const length = this.view().getUint32(this.scratch + 4, true)
      const at = w.qjs_get_array_buffer(buffer, this.scratch + 12)
      const result = use(this.bytes(at + offset, length))
      w.qjs_free_value(buffer)
      return result
    }

    // Runs jobs until none is left.
    drain () {
      const w = this.wasm
      while (w.qjs_is_job_pending()) {
        if (w.qjs_execute_pending_job() < 0) w.qjs_free_value(w.qjs_get_exception())
      }
    }

    // Sends one message to the guest, runs it to quiescence and leaves its answer in the mailbox.
    // Answers its length, or a trap.
    turn (tag, value) {
      const w = this.wasm
      const started = this.send(tag, value)
      w.qjs_free_value(value)
      if (w.qjs_is_exception(started)) w.qjs_free_value(w.qjs_get_exception())
      w.qjs_free_value(started)
      this.drain()
      return this.take(this.send(TAG.take, 0))
    }

    take (answer) {
      const w = this.wasm
      if (w.qjs_is_exception(answer)) {
        w.qjs_free_value(w.qjs_get_exception())
        return TRAP.memory
      }
      const length = this.withString(answer, (text) => {
        mailbox(text.length)
        box.set(text)
        return text.length
      })
      w.qjs_free_value(answer)
      return length
    }

    // A host call: (op, text, body) with body a string or a Uint8Array. See HostOp for what each does.
    hostCall (argc, argv) {
      const w = this.wasm
      const arg = (i) => this.view().getUint32(argv + 4 * i, true)
      const op = w.qjs_get_float64(arg(0))
      const length = this.withString(arg(1), (text) => {
        mailbox(9 + text.length)
        boxView.setUint32(1, text.length, true)
        box.set(text, 9)
        return text.length
      })
      if (length < 0) return this.raise([])
      let body = 0
      const append = (more) => {
        if (9 + length + more.length > box.length) {
          const old = box
          mailbox(9 + length + more.length)
          box.set(old.subarray(0, 9 + length))
        }
        box.set(more, 9 + length)
        return more.length
      }
      const last = argc > 2 ? arg(2) : 0
      if (last !== 0 && w.qjs_is_string(last)) body = this.withString(last, append)
      else if (last !== 0 && !w.qjs_is_function(last)) body = this.withBytes(last, append)
      if (body < 0) return this.raise([])
      this.charge(CALL_TOLL + length + body)
      boxView.setUint8(0, op | (this.fork ? 128 : 0))
      boxView.setUint32(5, body, true)
      let answered = askJava(9 + length + body)
      if (answered === -2) {
        const ran = runFork(this, last)
        boxView.setUint8(0, OP_ORACLE_RESULT)
        boxView.setUint32(1, 0, true)
        boxView.setUint32(5, ran, true)
        answered = askJava(9 + ran)
      }
      if (answered < 0) throw new Error('stopped by the host')
      this.charge(answered)
      const kind = box[0]
      if (kind === REPLY.none) return w.qjs_dup_value(w.qjs_get_undefined())
      const content = box.subarray(1, answered)
      if (kind === REPLY.error) return this.raise(content)
      const value = kind === REPLY.text ? this.newString(content) : this.newBytes(content)
      return value === 0 ? this.raise([]) : value
    }

    raise (text) {
      const value = this.newString(text)
      if (value !== 0) {
        this.wasm.qjs_throw(value)
        this.wasm.qjs_free_value(value)
      }
      return 0
    }

    memory () {
      return new Uint8Array(this.wasm.memory.buffer).slice()
    }

    pointers () {
      return [...POINTERS.map((name) => this[name]), this.wasm.__stack_pointer.value]
    }

    adopt (memory, pointers) {
      const w = this.wasm
      const missing = (memory.length - w.memory.buffer.byteLength) / PAGE
      if (missing > 0) w.memory.grow(missing)
      new Uint8Array(w.memory.buffer).set(memory)
      POINTERS.forEach((name, i) => { this[name] = pointers[i] })
      w.qjs_set_runtime_and_context(this.runtime, this.context)
      w.__stack_pointer.value = pointers[POINTERS.length]
    }
  }

  let machine = null
  let mark = null

  // Runs an oracle's function in a copy of the whole guest, with its stack as it stands inside the
  // host call, and throws the copy away. Leaves the answer at offset 9 of the mailbox, and gives its
  // length: 0 tells Java that the oracle ran out of fuel or memory.
  function runFork (parent, runner) {
    const fork = new Machine(true)
    fork.adopt(new Uint8Array(parent.wasm.memory.buffer), parent.pointers())
    // Its own work is no part of the log; that all forks of a call share one budget bounds the host's.
    fork.fuel = Math.max(0, parent.fuel - parent.forkPolls)
    const length = untilTrap(fork, () => {
      const started = fork.send(TAG.fork, runner)
      if (fork.wasm.qjs_is_exception(started)) return TRAP.memory
      fork.drain()
      return fork.take(fork.send(TAG.take, 0))
    })
    parent.forkPolls += fork.polls
    if (length < 0) return 0
    const text = box.slice(0, length)
    mailbox(9 + length)
    box.set(text, 9)
    return length
  }

  // Runs the interpreter. It has places where it recurses and does not look at its own limit; the
  // stack then runs out of the bottom of its memory, which WebAssembly traps at the same instruction
  // everywhere.
  function untilTrap (of, run) {
    try {
      return run()
    } catch (e) {
      if (e === OUT_OF_FUEL) return TRAP.fuel
      if (!(e instanceof WebAssembly.RuntimeError)) throw e
      of.stopped = true
      return TRAP.memory
    }
  }

  // One turn of the module's own machine, from the start of its clock and fuel to Java's look at them.
  function turn (clock, fuel, run) {
    if (machine.stopped) throw new Error('the guest was stopped; it must be rewound first')
    machine.clock = clock
    machine.fuel = fuel
    machine.polls = 0
    machine.toll = 0
    machine.forkPolls = 0
    const length = untilTrap(machine, run)
    state.setFloat64(STATE.polls, machine.polls, true)
    return length
  }

  return {
    mailbox,
    state: state.buffer,

    // Mailbox: the bootstrap script.
    boot (length, heapLimit, stackLimit) {
      const fresh = new Machine(false)
      fresh.boot(box.slice(0, length), heapLimit, stackLimit)
      machine = fresh
    },

    // Mailbox: name, then source. Evaluates a script and lets the guest adopt its exports.
    load (nameLength, length, flags, clock, fuel) {
      const name = box.slice(0, nameLength)
      const source = box.slice(nameLength, length)
      return turn(clock, fuel, () => {
        const w = machine.wasm
        const value = machine.evaluate(source, name, flags)
        if (!w.qjs_is_exception(value)) {
          return machine.turn(flags === EVAL_MODULE ? TAG.module : TAG.commonjs, value)
        }
        const exception = w.qjs_get_exception()
        const text = machine.send(TAG.describe, exception)
        w.qjs_free_value(exception)
        return machine.take(text)
      })
    },

    // Mailbox: the request's JSON text.
    call (length, clock, fuel) {
      return turn(clock, fuel, () => {
        const request = machine.newString(box.subarray(0, length))
        return request === 0 ? TRAP.memory : machine.turn(TAG.call, request)
      })
    },

    mark () {
      mark = { memory: machine.memory(), pointers: machine.pointers() }
      return mark.memory.length
    },

    rewind () {
      const fresh = new Machine(false)
      fresh.adopt(mark.memory, mark.pointers)
      machine = fresh
    },

    // Memory and pointers of the guest at rest.
    memory () {
      return machine.memory().buffer
    },

    pointers () {
      return machine.pointers().join(' ')
    },

    restore (memory, pointers) {
      const fresh = new Machine(false)
      fresh.adopt(new Uint8Array(memory), pointers.split(' ').map(Number))
      machine = fresh
    }
  }
})
