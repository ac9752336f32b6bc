import {
  Hash,
  MalformedError,
  type MethodCall,
  SignedCheckpoint,
  UnverifiedError,
  formatGuestJson,
} from 'glasshouse-formats'
import { platform } from '#platform'
import type { HostAddress } from './address.js'
import { AnswerCheck } from './answer-check.js'
import { type CallReceipt, callReceipt } from './call-receipt.js'
import { Connection } from './connection.js'
import { EntryEvidence } from './entry-evidence.js'
import { CaughtHostError, ConnectionError, GlasshouseError, QuorumError } from './errors.js'
import { Files } from './files.js'
import { type HostDescription, readHostDescription } from './host-description.js'
import { Identity } from './identity.js'
import { KnownLogs } from './known-logs.js'
import { LogWatch } from './log-watch.js'
import type { ConnectOptions } from './options.js'
import { PlainCalls } from './plain-calls.js'
import { Published } from './published.js'
import { type QuorumInfo, QuorumWatch } from './quorum.js'
import type { CallResult } from './results.js'
import { SignedCalls } from './signed-calls.js'
import { MemoryStore, type Store } from './store.js'

const ANSWER_MILLIS = 60_000
const PATIENCE_MILLIS = 30_000

/** A connection to one module, with all that it takes to believe its answers. */
export class Session {
  /** What the witnesses of the policy have cosigned, when it was asked last. */
  witnesses: QuorumInfo | undefined

  private constructor(
    private readonly connection: Connection,
    private readonly published: Published,
    private readonly watch: LogWatch,
    private readonly evidence: EntryEvidence,
    readonly host: HostDescription,
    /** Who signs; undefined for a debug host that takes its caller at their word. */
    readonly identity: Identity | undefined,
    private readonly signed: SignedCalls | undefined,
    private readonly plain: PlainCalls,
    private readonly quorum: QuorumWatch | undefined,
  ) {}

  static async open(address: HostAddress, options: ConnectOptions): Promise<Session> {
    const { user, store = new MemoryStore(), reconnectMillis = PATIENCE_MILLIS } = options
    const pinned = options.log === undefined ? undefined : Hash.parseHex(options.log)
    const quorum = await quorumOf(options)
    const fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
    const published = new Published(address, fetch)
    const connection = new Connection(address, user, options.WebSocket ?? platform.WebSocket, reconnectMillis)
    try {
      await connection.opened()
      const ask = (method: string, params: string) => answeredSoon(connection.request(method, params))
      const place = address.toString()
      const known = new KnownLogs(store)
      const host = await readHostDescription(await ask('rpc.info', '{}'), published)
      await known.requireMeant(place, pinned, host.log)
      const watch = await LogWatch.open(known, host, ask, published)
      await watch.presented(host.checkpoint)
      await known.served(place, host.log)
      const identity = user === undefined ? (options.identity ?? (await ownIdentity(store))) : undefined
      const evidence = new EntryEvidence(host, watch, published)
      const check = new AnswerCheck(host, watch, published, evidence)
      const signed = identity && new SignedCalls(host, identity, connection, watch, check)
      const plain = new PlainCalls(connection)
      const session = new Session(connection, published, watch, evidence, host, identity, signed, plain, quorum)
      await session.askWitnesses(host.checkpoint)
      if (options.requireQuorum && !session.witnesses?.isMet) {
        throw new QuorumError(session.witnesses?.text)
      }
      return session
    } catch (error) {
      connection.close()
      if (error instanceof MalformedError || error instanceof UnverifiedError) {
        const message = `${address} does not describe a log that holds together: ${error.message}`
        throw new CaughtHostError(message, undefined, false, { cause: error })
      }
      throw error
    }
  }

  /** The newest checkpoint that was verified, a C2SP signed note. */
  get checkpoint(): string {
    return this.newest.note.format()
  }

  /** The files after an entry; after the last one of the newest tree, if no other is meant. */
  files(index = this.newest.head.size - 1n): Promise<Files> {
    return Files.open(this.published, this.host, this.evidence, this.newest, index)
  }

  /** Takes the checkpoint that the host publishes as its newest, once it is verified to extend all others. */
  async refresh(): Promise<void> {
    const { genesis } = this.host.start
    const before = this.watch.seen.size
    try {
      const note = await this.published.checkpoint()
      const served = SignedCheckpoint.verify(note, genesis.origin, genesis.host)
      // One that a call was answered with meanwhile may be newer.
      await (served.head.size < before ? this.watch.presented(served) : this.watch.accept(served, [], -1n))
      await this.askWitnesses(served)
    } catch (error) {
      if (error instanceof MalformedError || error instanceof UnverifiedError) {
        const message = `the host's newest checkpoint is none of this log: ${error.message}`
        throw new CaughtHostError(message, undefined, false, { cause: error })
      }
      throw error
    }
  }

  private async askWitnesses(served: SignedCheckpoint): Promise<void> {
    this.witnesses = await this.quorum?.ask(this.host, served, this.published, this.watch)
  }

  /** Makes calls one after another, no call of anybody else between them; a plain session makes them one by one. */
  async make(calls: readonly MethodCall[]): Promise<readonly CallResult[]> {
    return this.signed === undefined ? this.plain.make(calls) : (await this.signed.make(calls, false)).results
  }

  /** Makes calls in a request of their own, and gives its receipt. */
  async makeForReceipt(
    calls: readonly MethodCall[],
  ): Promise<{ results: readonly CallResult[]; receipt: CallReceipt }> {
    if (this.signed === undefined) {
      throw new GlasshouseError('only signed calls have a receipt')
    }
    const { results, answer } = await this.signed.make(calls, true)
    return { results, receipt: callReceipt(this.host, answer) }
  }

  private get newest(): SignedCheckpoint {
    return this.watch.newest ?? this.host.checkpoint
  }

  /** Closes the connection, and keeps the newest checkpoint. Calls that were not answered fail. */
  async close(): Promise<void> {
    this.signed?.close()
    // To keep a checkpoint may take to ask how it and that of another program go together.
    this.connection.retire()
    try {
      await this.watch.close()
    } catch (error) {
      // A host that is gone can no longer be asked.
      if (!(error instanceof ConnectionError)) {
        throw error
      }
    } finally {
      this.connection.close()
    }
  }
}

/** One call as it is written. */
export function methodCall(method: string, params: readonly unknown[]): MethodCall {
  return { method, params: formatGuestJson(params) }
}

async function quorumOf({ policy, requireQuorum }: ConnectOptions): Promise<QuorumWatch | undefined> {
  if (requireQuorum && policy === undefined) {
    throw new GlasshouseError('requireQuorum needs a policy that says which')
  }
  return policy === undefined ? undefined : QuorumWatch.of(policy)
}

async function ownIdentity(store: Store): Promise<Identity> {
  const kept = await store.readIdentity()
  if (kept !== undefined) {
    return kept
  }
  const made = await Identity.generate()
  try {
    await store.writeIdentity(made)
    return made
  } catch (error) {
    // Another program of this user may have made one meanwhile.
    const theirs = await store.readIdentity()
    if (theirs === undefined) {
      throw error
    }
    return theirs
  }
}

// Unlike a call, which may wait for its turn as long as it takes, this is answered at once.
async function answeredSoon(answer: Promise<string>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionError('the host does not answer')), ANSWER_MILLIS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
