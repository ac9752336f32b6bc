import {
  type GenesisEntry,
  Hash,
  type ImageEntry,
  type MethodCall,
  parseEntry,
  parseRequest,
  parseSignedCall,
  readText,
} from 'glasshouse-formats'
import { platform } from '#platform'
import { type CrossedError, type EntryBatch, type FromReplay, type ToReplay, crossed, uncrossed } from './crossing.js'
import type { Port } from './port.js'
import type { ReplayedEntry } from './replay/diverged-call.js'
import { ReplayBlobs } from './replay/replay-blobs.js'
import { Rerun } from './replay/rerun.js'
import { type Replayed, countReplayed } from './tally.js'

/** Replays for whoever is at the other end of a port: begins, takes batches, answers how far it is. */
export function serveReplay(port: Port): void {
  const server = new ReplayServer(port)
  port.listen((message) => server.hear(message as ToReplay))
}

class ReplayServer {
  private readonly asked = new Map<number, (given: { bytes?: Uint8Array; error?: CrossedError }) => void>()
  private readonly blobs = new ReplayBlobs(async (sha256) => this.ask('blob', sha256))
  private readonly replayed: Replayed = { calls: 0, timerTurns: 0, images: 0 }
  private rerun: Rerun | undefined
  private counted = 0
  private next = 0
  private hasFailed = false
  // One message after the other, but for answers.
  private turn: Promise<void> = Promise.resolve()

  constructor(private readonly port: Port) {}

  hear(message: ToReplay): void {
    if (message.type === 'given') {
      this.asked.get(message.id)?.(message)
      this.asked.delete(message.id)
      return
    }
    this.turn = this.turn.then(() => this.obey(message)).catch((error) => this.fail(error))
  }

  private async obey(message: Exclude<ToReplay, { type: 'given' }>): Promise<void> {
    if (message.type === 'want') {
      const bytes = this.blobs.get(message.sha256)?.slice()
      this.say({ type: 'have', id: message.id, ...(bytes === undefined ? {} : { bytes }) })
      return
    }
    if (this.hasFailed) {
      return
    }
    if (message.type === 'begin') {
      this.counted = message.counted
      const given = new Map(message.blobs)
      const genesis = parseEntry(message.genesis, given) as GenesisEntry
      const guest = await platform.guestFiles()
      const image = message.image === undefined ? undefined : parseEntry(message.image, given)
      this.rerun =
        image === undefined
          ? await Rerun.atGenesis(guest, genesis, this.blobs)
          : await Rerun.atImage(guest, genesis, image as ImageEntry, this.blobs, async (hash) => {
              const page = await this.ask('page', hash.hex())
              return page !== undefined && Hash.of(page).equals(hash) ? page : undefined
            })
      this.say({ type: 'began' })
      return
    }
    await this.replay(message)
  }

  private async replay(batch: EntryBatch): Promise<void> {
    const given = new Map(batch.blobs)
    let from = 0
    for (const [i, end] of batch.ends.entries()) {
      const index = batch.first + i
      const bytes = batch.bytes.subarray(from, end)
      const entry = await this.blobs.with(() => this.read(index, bytes, given))
      await (this.rerun as Rerun).replay(entry)
      if (index >= this.counted) {
        countReplayed(this.replayed, entry.entry, entry.calls.length)
      }
      this.next = index + 1
      from = end
    }
    this.say({ type: 'done', next: this.next, replayed: { ...this.replayed } })
  }

  // The bytes were read strictly before they came here.
  private read(index: number, bytes: Uint8Array, given: ReadonlyMap<string, Uint8Array>): ReplayedEntry {
    const blobs = { get: (sha256: string) => given.get(sha256) ?? this.blobs.get(sha256) }
    const entry = parseEntry(bytes, blobs)
    let calls: readonly MethodCall[] = []
    if ((entry.kind === 'call' || entry.kind === 'abort') && entry.request !== null && entry.caller !== null) {
      const request = readText(entry.request, blobs)
      calls = 'key' in entry.caller ? parseSignedCall(request).calls : parseRequest(request)
    }
    return { index, entry, calls }
  }

  private async ask(what: 'blob' | 'page', sha256: string): Promise<Uint8Array | undefined> {
    const id = this.asked.size === 0 ? 0 : Math.max(...this.asked.keys()) + 1
    const answer = new Promise<{ bytes?: Uint8Array; error?: CrossedError }>((resolve) =>
      this.asked.set(id, resolve),
    )
    this.say({ type: 'ask', id, what, sha256 })
    const { bytes, error } = await answer
    if (error !== undefined) {
      throw uncrossed(error)
    }
    return bytes
  }

  private fail(error: unknown): void {
    this.hasFailed = true
    this.say({ type: 'failed', error: crossed(error), replayed: { ...this.replayed } })
  }

  private say(message: FromReplay): void {
    this.port.post(message)
  }
}
