import {
  type BlobReader,
  type Hash,
  type Limits,
  type MethodCall,
  type Outcome,
  encodeUtf8,
  textOf,
  utf8Length,
} from 'glasshouse-formats'
import { type ArchiveChange, Archive } from '../archive/archive.js'
import { InputMismatchError, SandboxError } from '../errors.js'
import { type GuestAnswer, Guest, NO_TIMER } from './guest.js'
import { GuestHost } from './guest-host.js'
import { InputTape } from './input-tape.js'
import { ModuleFiles } from './module-files.js'
import { type HeapImage, type Sandbox } from './sandbox.js'
import { type ScriptSources, brokenScript, commonJs, trappedScript } from './script-text.js'

/** What executing one entry came to. */
export interface Execution {
  readonly outcomes: readonly Outcome[]
  /** Of each call, how many inputs were consumed when it ended. */
  readonly inputEnds: readonly number[]
  readonly change: ArchiveChange
}

/**
 * Executes the entries of one log again. When anything throws, {@link undo} puts heap and files back
 * to where the entry began; after another failure than a missing blob they are of no more use.
 */
export class Executor {
  private readonly archive: Archive
  private readonly guest: Guest
  private readonly files: ModuleFiles

  /** @param root of the archive to begin with */
  constructor(
    sandbox: Sandbox,
    private readonly script: ScriptSources,
    private readonly limits: Limits,
    private readonly blobs: BlobReader,
    root: Hash,
  ) {
    this.guest = new Guest(sandbox, limits)
    this.archive = new Archive(root, blobs, limits)
    this.files = new ModuleFiles(script.files)
  }

  /** Puts an image in the place of the guest. */
  restore(image: HeapImage, due: number | null): void {
    this.guest.restore(image, due ?? NO_TIMER)
  }

  /** Loads the script: the genesis entry. */
  load(time: number, tape: InputTape): Execution {
    const { main, kind, files } = this.script
    const source = files.get(main) as string
    const isModule = kind === 'module'
    const text = encodeUtf8(isModule ? source : commonJs(source))
    const answer = this.guest.load(encodeUtf8(main), text, isModule, time, this.host(tape))
    if (answer.trap !== undefined) {
      throw trappedScript(this.script, answer.trap)
    }
    if (!answer.text.startsWith('v')) {
      const [said, ...stack] = answer.text.slice(1).split('\n') as [string, ...string[]]
      throw brokenScript(this.script, thrown(said), stack)
    }
    const outcome = this.outcome(answer)
    if (!('ok' in outcome)) {
      throw trappedScript(this.script, 'room for the list of its methods')
    }
    return this.execution([outcome], [], tape)
  }

  /** Executes the calls of one request, in order; each sees what the ones before it did. */
  execute(caller: string | null, calls: readonly MethodCall[], time: number, tape: InputTape): Execution {
    const host = this.host(tape)
    const outcomes: Outcome[] = []
    const inputEnds: number[] = []
    let now = time
    this.guest.beginEntry()
    for (const call of calls) {
      const before = this.archive.begin()
      const answer = this.guest.call(call.method, caller, call.params, now, host)
      const outcome = this.outcome(answer)
      // Only a call that returns keeps what it wrote.
      if (!('ok' in outcome)) {
        this.archive.rollback(before)
      }
      outcomes.push(outcome)
      inputEnds.push(tape.position)
      now = answer.time
    }
    return this.execution(outcomes, inputEnds, tape)
  }

  /** Runs the earliest timer, in an entry of its own. */
  timer(time: number, tape: InputTape): Execution {
    this.requireDue(time)
    this.guest.beginEntry()
    const before = this.archive.begin()
    const outcome = this.outcome(this.guest.timer(time, this.host(tape)))
    if (!('ok' in outcome)) {
      this.archive.rollback(before)
    }
    return this.execution([outcome], [], tape)
  }

  /** What an entry does whose request the watchdog ended, or that is an image: nothing. */
  nothing(): Execution {
    return this.execution([], [], new InputTape([], this.blobs))
  }

  /** What an entry does whose timer's turn the watchdog ended: it forgets that timer. */
  drop(time: number): Execution {
    this.requireDue(time)
    this.guest.beginEntry()
    this.guest.drop(time, this.host(new InputTape([], this.blobs)))
    return this.nothing()
  }

  /** Puts heap and files back to where the last entry began, which threw. */
  undo(mark: ReturnType<Archive['begin']>): void {
    this.archive.rollback(mark)
    this.guest.undoEntry()
  }

  /** The files as they are between two entries, to {@link undo} to. */
  begin(): ReturnType<Archive['begin']> {
    return this.archive.begin()
  }

  /** When the earliest outstanding timer is due, or -1. */
  get due(): number {
    return this.guest.due
  }

  /** The guest as it is now; the memory is the guest's own. */
  image(): HeapImage {
    return this.guest.image()
  }

  private requireDue(time: number): void {
    const { due } = this
    if (due < 0 || due > time) {
      const earliest = due < 0 ? '' : `; the earliest is due at ${due}`
      throw new InputMismatchError(`no timer is due at ${time}${earliest}`)
    }
  }

  private host(tape: InputTape): GuestHost {
    return new GuestHost(this.archive, this.files, tape)
  }

  private execution(outcomes: Outcome[], inputEnds: number[], tape: InputTape): Execution {
    tape.requireEnd()
    return { outcomes, inputEnds, change: this.archive.commit() }
  }

  private outcome(answer: GuestAnswer): Outcome {
    const { fuel, trap, text } = answer
    if (trap !== undefined) {
      return { fuel, trap }
    }
    const value = text.slice(1)
    if (text.startsWith('v')) {
      if (utf8Length(value) > this.limits.result) {
        const message = `the result is over the limit of ${this.limits.result} bytes`
        return { fuel, throw: { name: 'RangeError', message } }
      }
      return { fuel, ok: textOf(value) }
    }
    const [name, message] = thrown(value)
    return { fuel, throw: { name, message } }
  }
}

function thrown(json: string): [string, string] {
  const parts: unknown = JSON.parse(json)
  if (Array.isArray(parts) && typeof parts[0] === 'string' && typeof parts[1] === 'string') {
    return [parts[0], parts[1]]
  }
  throw new SandboxError("the guest's answer is not in its form")
}
