import { encodeUtf8 } from 'glasshouse-formats'
import { platform } from '#platform'
import type { CheckedEntry } from './checked-entry.js'
import type { CheckedBlobs } from './checked-blobs.js'
import { type EntryBatch, type FromReplay, type ToReplay, crossed, uncrossed } from './crossing.js'
import type { LogReader } from './log-reader.js'
import { type WorkerHandle, linkedPorts } from './port.js'
import { serveReplay } from './replay-server.js'
import type { Replayed } from './tally.js'

// What is sent and not replayed yet, at most.
const MAX_BATCHES = 8
const MAX_BYTES = 32 * 2 ** 20

/** Starts a thread that replays; where none can be started, this one does it. */
export function startReplay(): WorkerHandle {
  return platform.startWorker('replay-worker') ?? replayHere()
}

/** Replays in this thread. */
export function replayHere(): WorkerHandle {
  const [here, there] = linkedPorts()
  serveReplay(there)
  return here
}

/**
 * The thread that replays, as the one that reads and checks sees it: entries go there in batches,
 * a bounded number of them ahead, and what it lacks it is given from here.
 */
export class ReplayClient {
  /** How many entries from index 0 on are replayed. */
  next = 0
  // What of them counts, and what of that was asked for.
  private replayed: Replayed = { calls: 0, timerTurns: 0, images: 0 }
  private told = this.replayed
  private readonly sent: { end: number; bytes: number }[] = []
  private readonly wanted = new Map<number, (bytes: Uint8Array | undefined) => void>()
  private nextWanted = 0
  private hasBegun = false
  private failure: Error | undefined
  private wake: () => void = () => undefined

  /** @param progress hears when more is replayed */
  constructor(
    private readonly reader: LogReader,
    private readonly blobs: CheckedBlobs,
    private readonly worker: WorkerHandle,
    private readonly progress: (next: number) => void,
  ) {
    worker.listen((message) => this.hear(message as FromReplay))
    worker.onFailure((error) => this.fail(error))
  }

  /** Starts a guest at genesis, or after an image. */
  async begin(
    genesis: Uint8Array,
    blobs: ReadonlyMap<string, Uint8Array>,
    image: CheckedEntry | undefined,
    counted: number,
  ): Promise<void> {
    this.say({
      type: 'begin',
      genesis,
      blobs: [...blobs],
      counted,
      ...(image === undefined ? {} : { image: image.bytes }),
    })
    this.next = image === undefined ? 0 : image.index + 1
    await this.until(() => this.hasBegun)
  }

  /** Sends entries that have kept the rules; waits while enough is on its way. */
  async replay(entries: readonly CheckedEntry[]): Promise<void> {
    const [first] = entries
    if (first === undefined) {
      return
    }
    const length = entries.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const batch: EntryBatch = {
      type: 'batch',
      first: first.index,
      bytes: new Uint8Array(length),
      ends: new Uint32Array(entries.length),
      blobs: this.requestBlobs(entries),
    }
    let at = 0
    entries.forEach(({ bytes }, i) => {
      batch.bytes.set(bytes, at)
      at += bytes.length
      batch.ends[i] = at
    })
    const size = batch.blobs.reduce((sum, [, bytes]) => sum + bytes.length, length)
    await this.until(
      () =>
        this.sent.length === 0 ||
        (this.sent.length < MAX_BATCHES && this.sent.reduce((sum, { bytes }) => sum + bytes, size) <= MAX_BYTES),
    )
    this.sent.push({ end: first.index + entries.length, bytes: size })
    this.worker.post(batch, [batch.bytes.buffer as ArrayBuffer, batch.ends.buffer as ArrayBuffer])
  }

  /** Waits until all that was sent is replayed. */
  ended(): Promise<void> {
    return this.until(() => this.sent.length === 0)
  }

  /** What was replayed since this was last asked for. */
  counted(): Replayed {
    const [now, before] = [this.replayed, this.told]
    this.told = now
    return {
      calls: now.calls - before.calls,
      timerTurns: now.timerTurns - before.timerTurns,
      images: now.images - before.images,
    }
  }

  /** A blob that the replay derived and still has. */
  derived(sha256: string): Promise<Uint8Array | undefined> {
    if (this.failure !== undefined) {
      return Promise.resolve(undefined)
    }
    const id = this.nextWanted++
    this.say({ type: 'want', id, sha256 })
    return new Promise((resolve) => this.wanted.set(id, resolve))
  }

  close(): void {
    this.worker.onFailure(() => undefined)
    this.worker.end()
  }

  private requestBlobs(entries: readonly CheckedEntry[]): [string, Uint8Array][] {
    const blobs: [string, Uint8Array][] = []
    for (const { parsed } of entries) {
      const entry = parsed?.entry
      const request = entry?.kind === 'call' || entry?.kind === 'abort' ? entry.request : null
      if (request !== null && typeof request !== 'string' && parsed?.request !== undefined) {
        blobs.push([request.sha256.hex(), encodeUtf8(parsed.request)])
      }
    }
    return blobs
  }

  private async until(holds: () => boolean): Promise<void> {
    while (this.failure === undefined && !holds()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    if (this.failure !== undefined) {
      throw this.failure
    }
  }

  private hear(message: FromReplay): void {
    switch (message.type) {
      case 'began':
        this.hasBegun = true
        return this.wake()
      case 'done':
        this.sent.shift()
        this.next = message.next
        this.replayed = message.replayed
        this.progress(message.next)
        return this.wake()
      case 'failed':
        this.replayed = message.replayed
        return this.fail(uncrossed(message.error))
      case 'have':
        this.wanted.get(message.id)?.(message.bytes)
        this.wanted.delete(message.id)
        return
      case 'ask':
        void this.give(message)
    }
  }

  private async give({ id, what, sha256 }: Extract<FromReplay, { type: 'ask' }>): Promise<void> {
    try {
      const bytes = what === 'blob' ? await this.blobs.fetched(sha256) : await this.reader.page(sha256)
      this.say({ type: 'given', id, ...(bytes === undefined ? {} : { bytes }) })
    } catch (error) {
      this.say({ type: 'given', id, error: crossed(error) })
    }
  }

  private fail(error: Error): void {
    this.failure ??= error
    this.wanted.forEach((resolve) => resolve(undefined))
    this.wanted.clear()
    this.wake()
  }

  private say(message: ToReplay): void {
    this.worker.post(message)
  }
}
