import { HostAddress, KnownLogs, type Store } from 'glasshouse-client/host'
import {
  Checkpoint,
  Hash,
  MalformedError,
  Note,
  PublicKey,
  SignedCheckpoint,
  decodeUtf8,
  encodeUtf8,
  parseEvidence,
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

  /** @param warn hears of what is damaged and only costs time */
  constructor(
    private readonly store: Store,
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
    host: string,
    pinned: string | undefined,
    served: Hash,
  ): Promise<Pick<AuditOptions, 'log' | 'kept' | 'start'>> {
    if (pinned === undefined) {
      await this.logs.requireMeant(placeOf(host), undefined, served)
    }
    const log = pinned ?? served.hex()
    const kept = await this.store.read(`logs/${log}/checkpoint`)
    const start = await this.verified(log)
    return {
      log,
      ...(kept === undefined ? {} : { kept: decodeUtf8(kept) }),
      ...(start === undefined ? {} : { start }),
    }
  }

  /** Remembers what an audit has verified. */
  async keep(host: string, { report, verified }: Audit): Promise<void> {
    if (report.verdict !== 'verified' || report.log === null || report.checkpoint === null) {
      return
    }
    const log = Hash.parseHex(report.log)
    const note = Note.parse(encodeUtf8(report.checkpoint))
    const { origin } = Checkpoint.parse(note.text)
    const key = PublicKey.parse(report.host as string)
    await this.logs.keep(log, SignedCheckpoint.verify(note, origin, key))
    await this.logs.served(placeOf(host), log)
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

function placeOf(host: string): string {
  return HostAddress.parse(host).toString()
}
