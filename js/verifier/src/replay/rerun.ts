import {
  type BlobReader,
  type CallEntry,
  type Caller,
  type Entry,
  type GenesisEntry,
  Hash,
  type ImageEntry,
  MalformedError,
  MissingBlobError,
  type Outcome,
  UnknownEntryError,
  decodeUtf8,
  equalBytes,
  formatJsonText,
  formatOutcome,
  readPages,
  requireBlob,
} from 'glasshouse-formats'
import { EMPTY_ARCHIVE } from '../archive/archive-files.js'
import { type Divergence, type DivergenceKind, divergence } from '../divergence.js'
import {
  DamagedImageError,
  DivergenceError,
  InputMismatchError,
  SandboxError,
  ScriptError,
  UnknownInterpreterError,
  WrongBlobError,
} from '../errors.js'
import {
  type ReplayedEntry,
  divergedCall,
  onlyCall,
  withOutcomes,
  withWrites,
  withoutFuel,
} from './diverged-call.js'
import { type Execution, Executor } from './executor.js'
import { filesDifference, isWithheld } from './files-difference.js'
import { HeapPages, joinPages } from './heap-pages.js'
import { InputTape } from './input-tape.js'
import type { ReplayBlobs } from './replay-blobs.js'
import { Sandbox } from './sandbox.js'
import type { ScriptSources } from './script-text.js'

/** The interpreter and the bootstrap script that this build has. */
export interface GuestFiles {
  readonly interpreter: Uint8Array
  readonly bootstrap: Uint8Array
}

/** Executes entries again, one after the other, and requires of each what the log has. */
export class Rerun {
  private readonly pages = new HeapPages()

  private constructor(
    private readonly executor: Executor,
    private readonly blobs: ReplayBlobs,
    private readonly isFromGenesis: boolean,
  ) {}

  /** Begins at genesis, which is the first entry to be replayed. */
  static async atGenesis(guest: GuestFiles, genesis: GenesisEntry, blobs: ReplayBlobs): Promise<Rerun> {
    return new Rerun(await executorOf(guest, genesis, blobs, EMPTY_ARCHIVE), blobs, true)
  }

  /**
   * Begins after an image, as if all entries up to it had been replayed. What it comes to is worth
   * as much as the image, which only a replay of the entries before shows to be right.
   *
   * @param page gives a page by its hash, which it has
   */
  static async atImage(
    guest: GuestFiles,
    genesis: GenesisEntry,
    image: ImageEntry,
    blobs: ReplayBlobs,
    page: (hash: Hash) => Promise<Uint8Array | undefined>,
  ): Promise<Rerun> {
    try {
      const executor = await executorOf(guest, genesis, blobs, image.root)
      const hashes = await blobs.with(() => readPages(image.heap, blobs))
      executor.restore(await joinPages(image.heap.globals, hashes, page), image.due)
      blobs.entryEnded(new Map())
      return new Rerun(executor, blobs, false)
    } catch (error) {
      throw isWithheld(error) ? new DamagedImageError((error as Error).message) : error
    }
  }

  /** Replays the next entry, or throws in what it differs or what kept it from being replayed. */
  async replay(replayed: ReplayedEntry): Promise<void> {
    const execution = await this.executed(replayed)
    const { entry } = replayed
    const { change } = execution
    const ofOutcome = this.outcomeDifference(replayed, execution)
    if (ofOutcome !== undefined) {
      const { call } = ofOutcome
      throw new DivergenceError(
        call === null ? ofOutcome : { ...ofOutcome, call: withWrites(call, change.writes) },
      )
    }
    if (entry.kind === 'image') {
      await this.requireImage(replayed.index, entry)
    }
    if (!entry.writes.equals(change.writes) || !entry.root.equals(change.root)) {
      throw new DivergenceError(await this.filesDivergence(replayed, execution))
    }
    this.blobs.entryEnded(change.blobs)
  }

  private async executed(replayed: ReplayedEntry): Promise<Execution> {
    const { index, entry } = replayed
    for (const input of entry.inputs) {
      if (typeof input.answer !== 'string') {
        await this.found(replayed, () => this.blobs.require((input.answer as { sha256: Hash }).sha256.hex()))
      }
    }
    for (;;) {
      const before = this.executor.begin()
      try {
        return this.execute(entry, replayed)
      } catch (error) {
        if (error instanceof MissingBlobError && index > 0) {
          this.executor.undo(before)
          await this.found(replayed, () => this.blobs.require(error.sha256))
          continue
        }
        throw this.failure(replayed, error)
      }
    }
  }

  private async found<T>(replayed: ReplayedEntry, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw this.failure(replayed, error)
    }
  }

  // A guest that began at an image may need blobs that a replay from genesis derives itself: what is
  // wrong with those is no finding.
  private failure(replayed: ReplayedEntry, error: unknown): unknown {
    const { index, entry } = replayed
    const method = replayed.calls[0]?.method ?? null
    if (error instanceof InputMismatchError) {
      const isTimers = entry.kind === 'timer' || (entry.kind === 'abort' && entry.caller === null)
      const expected = isTimers ? 'a timer that is due, and the recorded inputs' : 'the recorded inputs'
      return new DivergenceError({
        ...divergence('INPUTS', index, expected, error.message, method),
        call: onlyCall(replayed),
      })
    }
    if (error instanceof ScriptError) {
      return new DivergenceError(divergence('SCRIPT', 0, 'a script that loads', error.message))
    }
    if (error instanceof SandboxError) {
      return new SandboxError(`entry ${index}: ${error.message}`, { cause: error })
    }
    if (!this.isFromGenesis || error instanceof UnknownEntryError) {
      return error
    }
    if (error instanceof WrongBlobError) {
      return new DivergenceError(divergence('BLOB', index, 'the bytes of that hash', error.message))
    }
    if (error instanceof MalformedError) {
      return new DivergenceError(divergence('MALFORMED', index, 'a log in its published form', error.message))
    }
    return error
  }

  private execute(entry: Entry, replayed: ReplayedEntry): Execution {
    const { executor } = this
    const tape = new InputTape(entry.inputs, this.blobs)
    switch (entry.kind) {
      case 'genesis':
        return executor.load(entry.time, tape)
      case 'call':
        return executor.execute(callerId(entry.caller), replayed.calls, entry.time, tape)
      case 'timer':
        return executor.timer(entry.time, tape)
      case 'abort':
        return entry.caller === null ? executor.drop(entry.time) : executor.nothing()
      case 'image':
        return executor.nothing()
    }
  }

  private outcomeDifference(replayed: ReplayedEntry, execution: Execution): Divergence | undefined {
    const { entry, index } = replayed
    if (entry.kind === 'genesis' || entry.kind === 'timer') {
      const kind = entry.kind === 'genesis' ? 'SCRIPT' : 'OUTCOME'
      return compareOutcome(kind, null, replayed, 0, entry.outcome, execution)
    }
    if (entry.kind !== 'call') {
      return undefined
    }
    const { outcomes } = entry
    if (outcomes.length !== execution.outcomes.length) {
      const method = replayed.calls[0]?.method ?? null
      const right = `${execution.outcomes.length} outcomes`
      return divergence('OUTCOME', index, right, `${outcomes.length} outcomes`, method)
    }
    for (let i = 0; i < outcomes.length; i++) {
      const method = replayed.calls[i]?.method ?? null
      const found = compareOutcome('OUTCOME', method, replayed, i, outcomes[i] as Outcome, execution)
      if (found !== undefined) {
        return found
      }
    }
    return undefined
  }

  private async requireImage(index: number, said: ImageEntry): Promise<void> {
    const { heap, pages } = this.pages.cut(this.executor.image())
    const due = this.executor.due < 0 ? null : this.executor.due
    const isSame =
      heap.root.equals(said.heap.root) &&
      heap.globals === said.heap.globals &&
      heap.pages.length === said.heap.pages.length &&
      heap.pages.sha256.equals(said.heap.pages.sha256) &&
      due === said.due
    if (isSame) {
      return
    }
    let expected = heapText({ heap, due })
    let actual = heapText(said)
    let claimed: readonly Hash[] = []
    try {
      claimed = await this.blobs.with(() => readPages(said.heap, this.blobs))
    } catch (error) {
      if (!isWithheld(error)) {
        throw error
      }
    }
    const at = pages.findIndex((page, i) => claimed[i] !== undefined && !page.equals(claimed[i] as Hash))
    if (at >= 0) {
      expected += `; page ${at} with SHA-256 ${pages[at]}`
      actual += `; page ${at} with SHA-256 ${claimed[at]}`
    }
    throw new DivergenceError(divergence('HEAP', index, expected, actual))
  }

  private async filesDivergence(replayed: ReplayedEntry, execution: Execution): Promise<Divergence> {
    const { entry, index } = replayed
    const { change } = execution
    const files = await filesDifference(change.root, entry.root, change.blobs, this.blobs)
    const named = (which: 'expected' | 'actual'): string =>
      files.map((file) => `; ${file.path} ${file[which]}`).join('')
    return {
      ...divergence(
        'FILES',
        index,
        `writes ${change.writes}, archive root ${change.root}${named('expected')}`,
        `writes ${entry.writes}, archive root ${entry.root}${named('actual')}`,
        replayed.calls[0]?.method ?? null,
      ),
      call: withWrites(onlyCall(replayed), change.writes),
      files,
    }
  }
}

function compareOutcome(
  kind: DivergenceKind,
  method: string | null,
  replayed: ReplayedEntry,
  at: number,
  said: Outcome,
  execution: Execution,
): Divergence | undefined {
  const right = execution.outcomes[at] as Outcome
  if (isSameInline(right, said)) {
    return undefined
  }
  const expected = formatJsonText(formatOutcome(right))
  const actual = formatJsonText(formatOutcome(said))
  if (expected === actual) {
    return undefined
  }
  const inFuelOnly = withoutFuel(right) === withoutFuel(said)
  const call = withOutcomes(divergedCall(replayed, at, execution.inputEnds), right, said)
  return { ...divergence(inFuelOnly ? 'FUEL' : kind, replayed.index, expected, actual, method), call }
}

// What most outcomes are.
function isSameInline(one: Outcome, other: Outcome): boolean {
  return (
    'ok' in one && 'ok' in other && one.fuel === other.fuel && typeof one.ok === 'string' && one.ok === other.ok
  )
}

function heapText({ heap, due }: Pick<ImageEntry, 'heap' | 'due'>): string {
  const pages = `${heap.pages.length / Hash.BYTES} pages listed in blob ${heap.pages.sha256}`
  const timer = due === null ? 'no timer due' : `a timer due at ${due}`
  return `heap root ${heap.root}, ${pages}, globals ${heap.globals}, ${timer}`
}

function callerId(caller: CallEntry['caller'] | Caller): string | null {
  return 'key' in caller ? caller.key.format() : caller.user
}

// Of one thread; an interpreter is the same for every guest.
let last: { interpreter: Uint8Array; module: Promise<WebAssembly.Module> } | undefined

function compiled(interpreter: Uint8Array): Promise<WebAssembly.Module> {
  if (last === undefined || !equalBytes(last.interpreter, interpreter)) {
    last = { interpreter, module: WebAssembly.compile(interpreter as BufferSource) }
  }
  return last.module
}

async function executorOf(
  guest: GuestFiles,
  genesis: GenesisEntry,
  blobs: ReplayBlobs,
  root: Hash,
): Promise<Executor> {
  requireInterpreter(guest, genesis)
  const script = await blobs.with(() => scriptSources(genesis, blobs))
  const { heap, stack } = genesis.limits
  requireMemory(heap)
  const sandbox = new Sandbox(await compiled(guest.interpreter), guest.bootstrap, heap, stack)
  return blobs.with(() => new Executor(sandbox, script, genesis.limits, blobs, root))
}

/** Throws {@link UnknownInterpreterError} unless this build has what the log is pinned to. */
export function requireInterpreter(guest: GuestFiles, genesis: GenesisEntry): void {
  const interpreter = Hash.of(guest.interpreter)
  const bootstrap = Hash.of(guest.bootstrap)
  if (!genesis.interpreter.sha256.equals(interpreter) || !genesis.bootstrap.sha256.equals(bootstrap)) {
    throw new UnknownInterpreterError(
      `the log runs on interpreter ${genesis.interpreter.sha256} and bootstrap ${genesis.bootstrap.sha256}; this build has ${interpreter} and ${bootstrap}. Use the build that made the log.`,
    )
  }
  requireLength('interpreter', genesis.interpreter.length, guest.interpreter.length)
  requireLength('bootstrap', genesis.bootstrap.length, guest.bootstrap.length)
}

// Where the guest could not have all the memory that it may, its calls would come to something else
// than on the host.
function requireMemory(heap: number): void {
  const pages = Math.ceil(heap / 65_536)
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 65_536 }).grow(pages)
  } catch {
    throw new SandboxError(`there is not room here for the ${heap} bytes of heap that the log allows`)
  }
}

function requireLength(what: string, said: number, length: number): void {
  if (said !== length) {
    throw new MalformedError(`entry.${what} has ${length} bytes, not ${said}`)
  }
}

function sourceText(name: string, bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw new MalformedError(`the source of ${name} is not UTF-8`)
  }
}

function scriptSources(genesis: GenesisEntry, blobs: BlobReader): ScriptSources {
  const { main, kind, files } = genesis.script
  const sources = new Map<string, string>()
  for (const { name, source } of files) {
    const bytes = requireBlob(blobs, source.sha256)
    requireLength('script', source.length, bytes.length)
    sources.set(name, sourceText(name, bytes))
  }
  return { main, kind, files: sources }
}
