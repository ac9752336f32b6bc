import {
  type Evidence,
  Hash,
  Members,
  MalformedError,
  type SignedCheckpoint,
  TreeHead,
  accuseFork,
  accuseRollback,
  encodeUtf8,
  judgeEvidence,
  parseJson,
  verifyConsistency,
} from 'glasshouse-formats'
import { CaughtHostError, ForkError, RefusedError, RollbackError } from './errors.js'
import type { HostDescription } from './host-description.js'
import type { KnownLogs } from './known-logs.js'
import type { Published } from './published.js'
import { Serial } from './serial.js'

// A busy client sees hundreds of checkpoints a second. What a crash loses is the last moments.
const KEEP_MILLIS = 100
const MAX_PROOF_BYTES = 65_536

/** Asks a host something that it answers at once, and gives the result's JSON text. */
export type Ask = (method: string, params: string) => Promise<string>

/**
 * The newest checkpoint that was verified of one log, and the demand that every other one is
 * consistent with it. What contradicts is kept as evidence before it is thrown.
 */
export class LogWatch {
  private readonly ordered = new Serial()
  private keeping: ReturnType<typeof setTimeout> | undefined
  private failure: unknown

  private constructor(
    private readonly known: KnownLogs,
    private readonly host: HostDescription,
    private readonly ask: Ask,
    private readonly published: Published,
    private kept: SignedCheckpoint | undefined,
    private verified = kept,
  ) {}

  /** A watch over the log that the user means: whoever opens it has compared the id. */
  static async open(
    known: KnownLogs,
    host: HostDescription,
    ask: Ask,
    published: Published,
  ): Promise<LogWatch> {
    const { genesis } = host.start
    return new LogWatch(
      known,
      host,
      ask,
      published,
      await known.checkpoint(host.log, genesis.origin, genesis.host),
    )
  }

  /** What a call says that its caller has seen. */
  get seen(): TreeHead {
    return this.verified?.head ?? TreeHead.EMPTY
  }

  /** The newest checkpoint that was verified. */
  get newest(): SignedCheckpoint | undefined {
    return this.verified
  }

  /** Takes the checkpoint that a host presents as its newest: it must not be older than the kept one. */
  presented(served: SignedCheckpoint): Promise<void> {
    return this.ordered.run(async () => {
      const newest = this.verified
      if (newest !== undefined && served.head.size < newest.head.size) {
        const evidence = accuseRollback(this.host.start, served, newest)
        throw await this.caught(
          RollbackError,
          `the host has rolled back its log: it has signed ${newest.head.size} entries and now serves ${served.head.size}`,
          evidence,
        )
      }
      await this.take(served, undefined)
    })
  }

  /**
   * Takes a verified checkpoint.
   *
   * @param proof a consistency proof from the tree of size `from` that came with it
   */
  accept(served: SignedCheckpoint, proof: readonly Hash[], from: bigint): Promise<void> {
    return this.ordered.run(() => this.take(served, this.verified?.head.size === from ? proof : undefined))
  }

  /** Keeps evidence against the host, and makes the error that says so. */
  async caught(
    kind: new (message: string, evidence: Evidence, proved: boolean) => CaughtHostError,
    claim: string,
    evidence: Evidence,
  ): Promise<CaughtHostError> {
    const { proved } = judgeEvidence(evidence)
    const what = proved ? 'proves it to anybody' : 'has what it signed, which is no proof'
    let kept: string
    try {
      kept = `the evidence, kept as ${await this.known.writeEvidence(evidence)},`
    } catch (error) {
      // What was found outweighs that it could not be written down.
      kept = `the evidence, which could not be kept (${(error as Error).message}),`
    }
    return new kind(`${claim}; ${kept} ${what}`, evidence, proved)
  }

  /** Keeps the newest checkpoint. */
  async close(): Promise<void> {
    clearTimeout(this.keeping)
    await this.ordered.run(() => this.known.alone(() => this.keepNow()))
    if (this.failure !== undefined) {
      throw this.failure
    }
  }

  private async take(served: SignedCheckpoint, proof: readonly Hash[] | undefined): Promise<void> {
    const newest = this.verified
    if (newest !== undefined) {
      const isNewer = served.head.size >= newest.head.size
      await (isNewer
        ? this.requireConsistent(newest, served, proof)
        : this.requireConsistent(served, newest, undefined))
    }
    if (newest === undefined || served.head.size > newest.head.size) {
      this.verified = served
      this.keepSoon()
    }
  }

  private async requireConsistent(
    older: SignedCheckpoint,
    newer: SignedCheckpoint,
    given: readonly Hash[] | undefined,
  ): Promise<void> {
    if (older.head.size === newer.head.size) {
      if (!older.head.root.equals(newer.head.root)) {
        throw await this.fork(older, newer, 'the host has signed two logs of the same size', [])
      }
      return
    }
    if (given !== undefined && verifyConsistency(older.head, newer.head, given)) {
      return
    }
    const asked = await this.askConsistency(older.head.size, newer.head.size)
    if (verifyConsistency(older.head, newer.head, asked)) {
      return
    }
    const sizes = `its tree of ${newer.head.size} entries`
    const before = `the tree of ${older.head.size} entries that it signed`
    const evidence = await this.accuse(older, newer, asked)
    if (evidence.prefix === null) {
      const claim = `the host does not show that ${sizes} begins with ${before}, too`
      throw await this.caught(ForkError, claim, evidence)
    }
    // Its tiles may show what its proof does not.
    if (!evidence.prefix.root.equals(older.head.root)) {
      const claim = `the host has forked its log: ${sizes} does not begin with ${before} before`
      throw await this.caught(ForkError, claim, evidence)
    }
  }

  private async fork(
    older: SignedCheckpoint,
    newer: SignedCheckpoint,
    claim: string,
    given: readonly Hash[],
  ): Promise<CaughtHostError> {
    return this.caught(ForkError, claim, await this.accuse(older, newer, given))
  }

  private accuse(
    older: SignedCheckpoint,
    newer: SignedCheckpoint,
    given: readonly Hash[],
  ): Promise<Evidence> {
    return accuseFork(this.host.start, older, newer, given, this.published.tree(newer.head.size))
  }

  // A host that refuses a proof must not get away with it: what it publishes is asked next.
  private async askConsistency(older: bigint, newer: bigint): Promise<Hash[]> {
    try {
      const json = await this.ask('rpc.consistency', `{"new":${newer},"old":${older}}`)
      return Members.of('rpc.consistency', parseJson(encodeUtf8(json), MAX_PROOF_BYTES)).proof('proof')
    } catch (error) {
      if (error instanceof RefusedError || error instanceof MalformedError) {
        return []
      }
      throw error
    }
  }

  private keepSoon(): void {
    this.keeping ??= setTimeout(() => {
      this.keeping = undefined
      this.ordered
        .run(() => this.known.alone(() => this.keepNow()))
        .catch((error) => {
          this.failure = error
        })
    }, KEEP_MILLIS)
  }

  // Another program of this user may have kept another one meanwhile. The host must not show two
  // histories to two programs, either.
  private async keepNow(): Promise<void> {
    const mine = this.verified
    if (mine === undefined || mine === this.kept) {
      return
    }
    const { genesis } = this.host.start
    const other = await this.known.checkpoint(this.host.log, genesis.origin, genesis.host)
    if (other !== undefined && !(this.kept?.note.equals(other.note) ?? false)) {
      const isNewer = other.head.size > mine.head.size
      await (isNewer
        ? this.requireConsistent(mine, other, undefined)
        : this.requireConsistent(other, mine, undefined))
      if (isNewer) {
        this.verified = other
        this.kept = other
        return
      }
    }
    await this.known.keep(this.host.log, mine)
    this.kept = mine
  }
}
