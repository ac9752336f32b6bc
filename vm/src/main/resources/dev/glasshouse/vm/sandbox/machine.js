// One instance of the guest's interpreter, and all that an engine does with it: quickjs.wasm is told what
// to evaluate, its host calls are carried out, its fuel is counted.
//
// Everything here decides the guest's heap, byte for byte: which allocations are made, of what size, in
// which order. Every other engine has to do the same. Integers are little-endian.
//
// The link to the host is one mailbox of bytes that both sides can write. A host call of the guest
// leaves its arguments there and finds the answer there.
//
//   link.reserve(size)  the mailbox with room for this many bytes; its content is kept
//   link.progress(n)    the guest has used n more interrupt polls
//   link.ask(length)    asks the host what the mailbox holds; gives the length of the answer, or one of ASK
(function (wasm, link) {
  'use strict'

  const PAGE = 65536
  const POINTERS = ['dispatch', 'scratch', 'tags', 'runtime', 'context']
  const TAG = {
    commonjs: 0, module: 1, call: 2, take: 3, describe: 4, fork: 5, fire: 6, timer: 7, drop: 8
  }
  const SCRATCH = 32 // four words for lengths, then the arguments of a call
  const ARGV = 16
  const TAGS = Object.keys(TAG).length
  const TRAP = { fuel: -1, memory: -2 }
  const ASK = { stopped: -1, runFork: -2 }
  const REPLY = { none: 0, text: 1, bytes: 2, error: 3, runFork: 4, script: 5 }
  const OP = { oracleResult: 6, resolve: 8, source: 9, wait: 10 }
  const FROM_FORK = 128
  const HEADER = 9 // operation, length of the text, length of the body
  const LINE_END = 10
  const WAITING = 119 // "w"
  // A host call works outside the interpreter's own count: it is charged by the call and by the byte,
  // in both directions. A poll is what 64 KiB cost.
  const CALL_TOLL = 1024
  const POLL_TOLL = 65536
  const OUT_OF_FUEL = Object.freeze({ message: 'out of fuel' })
  const ascii = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0))

  // The module's own, or a fork of it that runs an oracle.
  class Machine {
    constructor (fork) {
      this.fork = fork
      this.clock = 0 // milliseconds since 1970, what the guest sees as now
      this.fuel = 0 // interrupt polls left
      this.polls = 0 // interrupt polls used in this turn
      this.toll = 0 // what host calls owe, less than a poll
      this.forkPolls = 0 // polls that the forks of this turn have used
      const self = this
      const instance = new WebAssembly.Instance(wasm, {
        env: {
          host_call: (name, nameLength, that, argc, argv) => self.hostCall(argc, argv),
          host_interrupt: () => self.interrupt(),
          host_promise_rejection: (promise, reason) => {
            self.wasm.qjs_free_value(promise)
            self.wasm.qjs_free_value(reason)
          },
          host_module_normalize: (base, name) => self.resolve(base, name),
          host_module_load: (name, length) => self.source(name, length),
          host_get_timezone_offset: () => 0
        },
        wasi_snapshot_preview1: {
          clock_time_get: (id, precision, at) => {
            const now = BigInt(self.fork ? self.outsideTime() : self.clock)
            self.view().setBigUint64(at, now * 1000000n, true)
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
      this.seen = new Uint8Array(0)
      this.words = null
    }

    // All of its memory as it is now. When it grows, what was seen of it before is empty; to look at that
    // takes far less time than to ask for the memory.
    heap () {
      if (this.seen.length === 0) {
        this.seen = new Uint8Array(this.wasm.memory.buffer)
        this.words = new DataView(this.wasm.memory.buffer)
      }
      return this.seen
    }

    view () {
      this.heap()
      return this.words
    }

    bytes (at, length) {
      return this.heap().subarray(at, at + length)
    }

    // The start of a turn.
    begin (clock, fuel) {
      this.clock = clock
      this.fuel = fuel
      this.polls = 0
      this.toll = 0
      this.forkPolls = 0
    }

    // Milliseconds since 1970: an oracle sees the host's clock.
    outsideTime () {
      return String.fromCharCode(...this.ask(OP.wait, ascii('0'), []).content)
    }

    // At the end of the fuel the interpreter is not told to stop but left for good: it would make an
    // exception of it, and a few of its own functions (new Promise, async functions) swallow those.
    // The machine is then in the middle of something, and of no more use.
    interrupt () {
      this.use(1)
      return 0
    }

    use (polls) {
      this.polls += polls
      link.progress(polls)
      if (this.polls <= this.fuel) return
      this.polls = this.fuel + 1
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
      const make = this.evaluate(bootstrap, ascii('bootstrap'), 0)
      if (w.qjs_is_exception(make)) throw new Error('the bootstrap script does not load')
      const name = this.copyIn(ascii('host'))
      const host = w.qjs_new_host_function(name, 4, 0)
      w.wasm_free(name)
      this.dispatch = this.invoke(make, 1, host)
      if (w.qjs_is_exception(this.dispatch)) throw new Error('the bootstrap script does not run')
      w.qjs_free_value(make)
      w.qjs_free_value(host)
    }

    // Copies bytes into a fresh, zero-terminated allocation of the guest; 0 if there is no room.
    copyIn (source) {
      const at = this.wasm.wasm_malloc(source.length + 1)
      if (at === 0) return 0
      const heap = this.heap()
      heap.set(source, at)
      heap[at + source.length] = 0
      return at
    }

    // A copy of a zero-terminated string.
    nameAt (at) {
      const heap = this.heap()
      let end = at
      while (heap[end] !== 0) end++
      return heap.slice(at, end)
    }

    evaluate (source, name, flags) {
      const code = this.copyIn(source)
      const file = this.copyIn(name)
      if (code === 0 || file === 0) return this.noRoom(code, file)
      const value = this.wasm.qjs_eval(code, source.length, file, flags)
      this.wasm.wasm_free(code)
      this.wasm.wasm_free(file)
      return value
    }

    // An exception that says so.
    noRoom (code, file) {
      this.wasm.wasm_free(code)
      this.wasm.wasm_free(file)
      this.raise([])
      return this.wasm.qjs_throw(this.wasm.qjs_get_undefined())
    }

    invoke (f, count, first, second, third, fourth) {
      const w = this.wasm
      const view = this.view()
      const at = this.scratch + ARGV
      view.setUint32(at, first, true)
      view.setUint32(at + 4, second, true)
      view.setUint32(at + 8, third, true)
      view.setUint32(at + 12, fourth, true)
      const that = w.qjs_get_undefined()
      const result = w.qjs_call(f, that, count, at)
      w.qjs_free_value(that)
      return result
    }

    number (tag) {
      return this.view().getUint32(this.tags + 4 * tag, true)
    }

    send (tag, value) {
      return this.invoke(this.dispatch, value === 0 ? 1 : 2, this.number(tag), value, 0, 0)
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
      const started = this.send(tag, value)
      if (value !== 0) this.wasm.qjs_free_value(value)
      return this.quiet(started)
    }

    quiet (started) {
      const w = this.wasm
      // The guest catches what a module throws: what comes through is that there was no room to.
      if (w.qjs_is_exception(started)) return TRAP.memory
      if (w.qjs_is_string(started) && !w.qjs_is_job_pending()) return this.take(started)
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
        link.reserve(text.length).set(text)
        return text.length
      })
      w.qjs_free_value(answer)
      return length
    }

    // Evaluates a script and lets the guest adopt what it exports.
    load (source, name, flags) {
      const w = this.wasm
      const value = this.evaluate(source, name, flags)
      if (!w.qjs_is_exception(value)) {
        return this.turn(flags === 1 ? TAG.module : TAG.commonjs, value)
      }
      const exception = w.qjs_get_exception()
      const text = this.send(TAG.describe, exception)
      w.qjs_free_value(exception)
      return this.take(text)
    }

    // A method call. The caller is null if there is none.
    call (method, caller, params) {
      const w = this.wasm
      const first = this.newString(method)
      const second = caller === null ? w.qjs_get_undefined() : this.newString(caller)
      const third = this.newString(params)
      if (first === 0 || second === 0 || third === 0) return TRAP.memory
      const started = this.invoke(this.dispatch, 4, this.number(TAG.call), first, second, third)
      w.qjs_free_value(first)
      w.qjs_free_value(second)
      w.qjs_free_value(third)
      return this.quiet(started)
    }

    // Asks the host. The answer is the kind of the reply, and its content until the next question.
    ask (op, text, body) {
      const length = HEADER + text.length + body.length
      const box = link.reserve(length)
      const view = new DataView(box.buffer)
      box[0] = op | (this.fork ? FROM_FORK : 0)
      view.setUint32(1, text.length, true)
      view.setUint32(5, body.length, true)
      box.set(text, HEADER)
      box.set(body, HEADER + text.length)
      return this.answered(link.ask(length))
    }

    answered (length) {
      if (length === ASK.runFork) return { kind: REPLY.runFork, content: null }
      if (length < 0) throw new Error('stopped by the host')
      const box = link.reserve(length)
      return { kind: box[0], content: box.subarray(1, length) }
    }

    // A host call: (op, text, body) with body a string or a Uint8Array. See HostOp for what each does.
    hostCall (argc, argv) {
      const w = this.wasm
      const arg = (i) => this.view().getUint32(argv + 4 * i, true)
      const op = w.qjs_get_float64(arg(0))
      const text = this.withString(arg(1), (bytes) => bytes.slice())
      if (typeof text === 'number') return this.raise([])
      const last = argc > 2 ? arg(2) : 0
      const ask = (body) => {
        this.charge(CALL_TOLL + text.length + body.length)
        return this.ask(op, text, body)
      }
      let reply
      if (last !== 0 && w.qjs_is_string(last)) reply = this.withString(last, ask)
      else if (last !== 0 && !w.qjs_is_function(last)) reply = this.withBytes(last, ask)
      else reply = ask([])
      if (typeof reply === 'number') return this.raise([])
      if (reply.kind === REPLY.runFork) {
        reply = this.ask(OP.oracleResult, [], runFork(this, last))
      }
      return this.received(reply)
    }

    // The guest's value of a reply; 0 if it is thrown.
    received ({ kind, content }) {
      const w = this.wasm
      this.charge(1 + content.length)
      if (kind === REPLY.none) return w.qjs_dup_value(w.qjs_get_undefined())
      if (kind === REPLY.error) return this.raise(content)
      if (kind === REPLY.script) return this.script(content)
      const value = kind === REPLY.text ? this.newString(content) : this.newBytes(content)
      return value === 0 ? this.raise([]) : value
    }

    // The value of a script that the host gave: the length of its name, the name, the source.
    script (content) {
      const nameLength = content[0] | content[1] << 8 | content[2] << 16 | content[3] << 24
      const name = content.slice(4, 4 + nameLength)
      const value = this.evaluate(content.slice(4 + nameLength), name, 0)
      return this.wasm.qjs_is_exception(value) ? 0 : value
    }

    // --- import ---

    resolve (base, name) {
      return this.imported(OP.resolve, this.nameAt(base), this.nameAt(name), 0)
    }

    source (name, length) {
      return this.imported(OP.source, this.nameAt(name), ascii('module'), length)
    }

    // A zero-terminated text of the guest, its length at lengthAt; 0 if something is thrown.
    imported (op, text, body, lengthAt) {
      this.charge(CALL_TOLL + text.length + body.length)
      const { kind, content } = this.ask(op, text, body)
      this.charge(1 + content.length)
      if (kind === REPLY.error) return this.raiseError(content)
      const at = this.copyIn(content)
      if (at === 0) return this.raise([])
      if (lengthAt !== 0) this.view().setUint32(lengthAt, content.length, true)
      return at
    }

    // Throws an Error made of "Name\nmessage".
    raiseError (content) {
      const cut = content.indexOf(LINE_END)
      const error = this.wasm.qjs_new_error()
      const said = content.slice()
      const set = this.setText(error, 'name', said.subarray(0, cut)) &&
        this.setText(error, 'message', said.subarray(cut + 1))
      if (!set) {
        this.wasm.qjs_free_value(error)
        return this.raise([])
      }
      this.wasm.qjs_throw(error)
      this.wasm.qjs_free_value(error)
      return 0
    }

    setText (target, name, bytes) {
      const value = this.newString(bytes)
      if (value === 0) return false
      const key = this.copyIn(ascii(name))
      if (key !== 0) this.wasm.qjs_set_prop_string(target, key, value)
      this.wasm.wasm_free(key)
      this.wasm.qjs_free_value(value)
      return key !== 0
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
      return this.heap().slice()
    }

    pointers () {
      return [...POINTERS.map((name) => this[name]), this.wasm.__stack_pointer.value]
    }

    adopt (memory, pointers) {
      const w = this.wasm
      const missing = (memory.length - this.heap().length) / PAGE
      if (missing > 0) w.memory.grow(missing)
      this.heap().set(memory)
      POINTERS.forEach((name, i) => { this[name] = pointers[i] })
      w.qjs_set_runtime_and_context(this.runtime, this.context)
      w.__stack_pointer.value = pointers[POINTERS.length]
    }
  }

  // Runs an oracle's function in a copy of the whole guest, with its stack as it stands inside the
  // host call, and throws the copy away. Gives its answer; an empty one tells the host that the oracle
  // ran out of fuel or memory, or was not allowed to wait any longer.
  function runFork (parent, runner) {
    const fork = new Machine(true)
    fork.adopt(parent.heap(), parent.pointers())
    // Its own work is no part of the log; that all forks of a call share one budget bounds the host's.
    fork.fuel = Math.max(0, parent.fuel - parent.forkPolls)
    const length = untilTrap(() => {
      let taken = fork.turn(TAG.fork, fork.wasm.qjs_dup_value(runner))
      while (taken > 0 && link.reserve(taken)[0] === WAITING) {
        const due = link.reserve(taken).slice(1, taken)
        if (fork.ask(OP.wait, due, []).kind === REPLY.error) return 0
        taken = fork.turn(TAG.fire, 0)
      }
      return taken
    })
    parent.forkPolls += fork.polls
    return length < 0 ? [] : link.reserve(length).slice(0, length)
  }

  // Runs the interpreter. It has places where it recurses and does not look at its own limit; the
  // stack then runs out of the bottom of its memory, which WebAssembly traps at the same instruction
  // everywhere.
  function untilTrap (run) {
    try {
      return run()
    } catch (e) {
      if (e === OUT_OF_FUEL) return TRAP.fuel
      if (!(e instanceof WebAssembly.RuntimeError)) throw e
      return TRAP.memory
    }
  }

  return { Machine, untilTrap, TAG, TRAP }
})
