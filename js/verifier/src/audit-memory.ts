import { GlasshouseError, KnownLogs, type Store } from 'glasshouse-client/host'
import {
  Checkpoint,
  Hash,
  MalformedError,
  Note,
  PublicKey,
  SignedCheckpoint,
  decodeUtf8,
  encodeUtf8,
  formatJson,
  parseEvidence,
  parseJson,
} from 'glasshouse-formats'
import type { Audit, AuditOptions } from './options.js'
import { LEVELS } from './report.js'
import { type Verified, formatVerified, parseVerified } from './verified.js'

/**
 * What a user has seen and verified of logs, in a store under the names that `glass verify` uses:
 * the newest checkpoint of each log, and how far it was verified.
 */
export class AuditMemory {
  private readonly logs: KnownLogs

  /**
   * @param place what is audited, under which is remembered which log is there
   * @param warn hears of what is damaged and only costs time
   */
  constructor(
    private readonly store: Store,
    private readonly place: string,
    private readonly warn: (text: string) => void,
  ) {
    this.logs = new KnownLogs(store)
  }

  /**
   * What an audit is to begin with.
   *
   * @param pinned the log that the user named
   * @param served the log that is there
   * @throws WrongLogError if nobody named a log and another one was there before
   */
  async begin(
    pinned: string | undefined,
    served: Hash,
  ): Promise<Pick<AuditOptions, 'log' | 'kept' | 'start' | 'cosigned'>> {
    if (pinned === undefined) {
      await this.logs.requireMeant(this.place, undefined, served)
    }
    const log = pinned ?? served.hex()
    const kept = await this.store.read(`logs/${log}/checkpoint`)
    const start = await this.verified(log)
    return {
      log,
      cosigned: await this.cosigned(log),
      ...(kept === undefined ? {} : { kept: decodeUtf8(kept) }),
      ...(start === undefined ? {} : { start }),
    }
  }

  /** Remembers what an audit has verified. */
  async keep({ report, verified, cosigned }: Audit): Promise<void> {
    if (report.verdict !== 'verified' || report.log === null || report.checkpoint === null) {
      return
    }
    const log = Hash.parseHex(report.log)
    const note = Note.parse(encodeUtf8(report.checkpoint))
    const { origin } = Checkpoint.parse(note.text)
    const key = PublicKey.parse(report.host as string)
    await this.logs.keep(log, SignedCheckpoint.verify(note, origin, key))
    if (cosigned !== undefined) {
      await this.store.write(cosignedName(report.log), formatJson([...cosigned]))
    }
    await this.logs.served(this.place, log)
    if (verified !== undefined) {
      const before = await this.verified(report.log)
      // A quick look must not make forgotten what was replayed.
      if (before === undefined || LEVELS.indexOf(verified.level) >= LEVELS.indexOf(before.level)) {
        await this.store.write(`logs/${log}/verified.json`, formatVerified(verified))
      }
    }
  }

  /** Keeps evidence; the name that it has in the store. */
  keepEvidence(evidence: string): Promise<string> {
    return this.logs.writeEvidence(parseEvidence(encodeUtf8(evidence)))
  }

  private async cosigned(log: string): Promise<string[]> {
    const bytes = await this.store.read(cosignedName(log))
    if (bytes === undefined) {
      return []
    }
    const damaged = (why: string): Error =>
      new GlasshouseError(`the cosigned checkpoints ${cosignedName(log)} are damaged (${why}); move the file away`)
    let notes: unknown
    try {
      notes = parseJson(bytes)
    } catch (error) {
      throw damaged((error as Error).message)
    }
    if (!Array.isArray(notes) || !notes.every((note) => typeof note === 'string')) {
      throw damaged('no list of notes')
    }
    return notes
  }

  private async verified(log: string): Promise<Verified | undefined> {
    const name = `logs/${log}/verified.json`
    const bytes = await this.store.read(name)
    try {
      return bytes === undefined ? undefined : parseVerified(bytes)
    } catch (error) {
      if (!(error instanceof MalformedError)) {
        throw error
      }
      this.warn(`Warning: ${name} cannot be used, so the audit begins at genesis: ${error.message}`)
      return undefined
    }
  }
}

function cosignedName(log: string): string {
  return `logs/${log}/cosigned.json`
}
