import {
  type Evidence,
  Hash,
  MalformedError,
  Note,
  type PublicKey,
  SignedCheckpoint,
  UnverifiedError,
  decodeUtf8,
  encodeUtf8,
  formatEvidence,
} from 'glasshouse-formats'
import { GlasshouseError, WrongLogError } from './errors.js'
import { Serial } from './serial.js'
import type { Store } from './store.js'

const SHOWN = 16

/** What a user has seen of logs: the newest checkpoint by the log's id, and which log a place served last. */
export class KnownLogs {
  // Clients of one program may share a store: one compares and keeps after the other.
  private static readonly turns = new WeakMap<Store, Serial>()
  private readonly turn: Serial

  constructor(private readonly store: Store) {
    this.turn = KnownLogs.turns.get(store) ?? new Serial()
    KnownLogs.turns.set(store, this.turn)
  }

  /** Runs what reads a checkpoint and keeps another in its place, while nobody else does. */
  alone<T>(body: () => Promise<T>): Promise<T> {
    return this.turn.run(body)
  }

  /**
   * The newest checkpoint that was kept of a log.
   *
   * @throws GlasshouseError if what is kept is damaged: to go on without it would be to forget
   */
  async checkpoint(log: Hash, origin: string, host: PublicKey): Promise<SignedCheckpoint | undefined> {
    const name = checkpointName(log)
    const bytes = await this.store.read(name)
    try {
      return bytes === undefined ? undefined : SignedCheckpoint.verify(Note.parse(bytes), origin, host)
    } catch (error) {
      if (error instanceof MalformedError || error instanceof UnverifiedError) {
        throw new GlasshouseError(`the kept checkpoint ${name} is damaged (${error.message}); move it away`, {
          cause: error,
        })
      }
      throw error
    }
  }

  /** Keeps a checkpoint that was verified to extend the one that was kept before. */
  async keep(log: Hash, checkpoint: SignedCheckpoint): Promise<void> {
    await this.store.write(checkpointName(log), encodeUtf8(checkpoint.note.format()))
  }

  /**
   * Requires that a place serves the log that is meant: the pinned one or, without a pin, the one
   * that the place served last. To take another without a word would be to forget the first.
   */
  async requireMeant(place: string, pinned: Hash | undefined, served: Hash): Promise<void> {
    if (pinned !== undefined) {
      if (!pinned.equals(served)) {
        throw new WrongLogError(`${place} serves log ${served}, not ${pinned} as you asked for`)
      }
      return
    }
    const before = await this.store.read(placeName(place))
    if (before !== undefined && decodeUtf8(before).trim() !== served.hex()) {
      throw new WrongLogError(
        `${place} served log ${decodeUtf8(before).trim()} before and now serves another one, ${served}: its history may have been replaced. If you mean the new log, pin it: {log: '${served}'}`,
      )
    }
  }

  /** Remembers which log a place serves. */
  async served(place: string, log: Hash): Promise<void> {
    await this.store.write(placeName(place), encodeUtf8(`${log}\n`))
  }

  /** Keeps evidence: the same evidence once, under the name that is answered. */
  async writeEvidence(evidence: Evidence): Promise<string> {
    const bytes = formatEvidence(evidence)
    const digest = Hash.of(bytes).hex().slice(0, SHOWN)
    const name = `evidence/${evidence.log.hex().slice(0, SHOWN)}-${evidence.claim}-${digest}.json`
    await this.store.write(name, bytes)
    return name
  }
}

function checkpointName(log: Hash): string {
  return `logs/${log}/checkpoint`
}

// A name and a port stay readable; two other places never share a name.
function placeName(place: string): string {
  const plain = place.replace(/[^A-Za-z0-9.-]/g, '_')
  return /^[A-Za-z0-9.-]{1,200}:[0-9]{1,5}$/.test(place)
    ? `hosts/${plain}`
    : `hosts/${plain.slice(0, 100)}-${Hash.ofText(place).hex().slice(0, SHOWN)}`
}
