import {
  MalformedError,
  type MethodCall,
  callMessage,
  formatSignature,
  formatSignedCall,
  formatString,
  requireCall,
  toHex,
} from 'glasshouse-formats'
import { platform } from '#platform'
import type { SentRequest } from './answer.js'
import type { AnswerCheck, VerifiedAnswer } from './answer-check.js'
import { type Asked, CallQueue } from './call-queue.js'
import { type Connection, closedError } from './connection.js'
import { RefusedError } from './errors.js'
import type { HostDescription } from './host-description.js'
import type { Identity } from './identity.js'
import type { LogWatch } from './log-watch.js'
import type { CallResult } from './results.js'
import { Serial } from './serial.js'

const MALFORMED_REQUEST = -32602
// Inputs of an entry, and characters of an answer, from which on fewer calls share a request.
const MANY_INPUTS = 256
const LONG_ANSWER = 2 ** 20

/** What some calls came to, and the verified answer to the request that they were in. */
export interface Answered {
  readonly results: readonly CallResult[]
  readonly answer: VerifiedAnswer
}

interface Waiting extends Asked {
  resolve(answered: Answered): void
  reject(error: unknown): void
}

/**
 * The calls of one session: gathers them into requests, signs and sends those, verifies what is
 * answered and hands it out.
 */
export class SignedCalls {
  private readonly session = toHex(platform.crypto.getRandomValues(new Uint8Array(16)))
  private readonly queue: CallQueue<Waiting>
  private readonly verifying = new Serial()
  private isGathering = false

  constructor(
    private readonly host: HostDescription,
    private readonly identity: Identity,
    private readonly connection: Connection,
    private readonly watch: LogWatch,
    private readonly answers: AnswerCheck,
  ) {
    this.queue = new CallQueue(host.start.genesis.limits.request)
  }

  /**
   * Makes calls that stay together.
   *
   * @param isAlone whether no other calls may share their request, and its receipt
   */
  make(calls: readonly MethodCall[], isAlone: boolean): Promise<Answered> {
    return new Promise((resolve, reject) => {
      try {
        // What a host would refuse, it would refuse together with the calls of others.
        calls.forEach(requireCall)
      } catch (error) {
        throw error instanceof MalformedError ? new RefusedError(MALFORMED_REQUEST, error.message) : error
      }
      this.queue.add({ calls, isAlone, resolve, reject })
      this.sendSoon()
    })
  }

  /** Fails the calls that were not sent. */
  close(): void {
    for (const waiting of this.queue.clear()) {
      waiting.reject(closedError())
    }
  }

  // What is called in one go, such as upon one answer, goes together.
  private sendSoon(): void {
    if (!this.isGathering) {
      this.isGathering = true
      queueMicrotask(() => {
        this.isGathering = false
        for (let group = this.queue.next(); group.length > 0; group = this.queue.next()) {
          void this.send(group)
        }
      })
    }
  }

  private async send(group: readonly Waiting[]): Promise<void> {
    const calls = group.flatMap((waiting) => waiting.calls)
    let isLight = false
    try {
      let sent: SentRequest | undefined
      const json = await this.connection.call(async (number) => {
        sent = await this.sign(calls, number)
        return formatParams(sent)
      })
      const answer = await this.verifying.run(() => this.answers.verified(json, sent as SentRequest))
      if (answer.isAborted && group.length > 1) {
        this.queue.separate(group)
      } else {
        isLight = !answer.isAborted && answer.entry.inputs.length < MANY_INPUTS && json.length < LONG_ANSWER
        handOut(group, answer)
      }
    } catch (error) {
      for (const waiting of group) {
        waiting.reject(error)
      }
    }
    this.queue.answered(isLight)
    this.sendSoon()
  }

  private async sign(calls: readonly MethodCall[], n: number): Promise<SentRequest> {
    const call = { log: this.host.log, session: this.session, n, seen: this.watch.seen, calls }
    const request = formatSignedCall(call)
    const signature = await this.identity.sign(callMessage(request))
    return { caller: { key: this.identity.publicKey, signature }, call, request }
  }
}

function formatParams({ caller, request }: SentRequest): string {
  return `{"key":"${caller.key}","sig":"${formatSignature(caller.signature)}","request":${formatString(request)}}`
}

function handOut(group: readonly Waiting[], answer: VerifiedAnswer): void {
  let from = 0
  for (const waiting of group) {
    const to = from + waiting.calls.length
    waiting.resolve({ results: answer.results.slice(from, to), answer })
    from = to
  }
}
