import type { HostAddress } from './address.js'
import { backoffMillis } from './backoff.js'
import { ConnectionError, RefusedError } from './errors.js'
import type { WebSocketConstructor } from './web-socket.js'
import { Serial } from './serial.js'
import { Wire } from './wire.js'

/** How many connections one request may lose under it before that is its answer. */
const MAX_LOST = 4
const USED_NUMBER = -32004
const FIRST_PAUSE_MILLIS = 100
const LONGEST_PAUSE_MILLIS = 3000

interface Sent {
  readonly number: number
  readonly params: string
  lost: number
  refusals: number
  refusal: RefusedError | undefined
  /** Not over any wire at the moment. */
  isWaiting: boolean
  resolve(result: string): void
  reject(error: Error): void
}

/**
 * The way to a host. When it is lost another is opened, and every signed request that was not
 * answered is sent again: the same bytes, which a host executes once. So is what a host refused for
 * now, once the time that it named is over; until then no other is sent.
 */
export class Connection {
  // By number: a host refuses one that is below the last it has seen, so they are sent in order.
  private readonly unanswered = new Map<number, Sent>()
  private readonly ordered = new Serial()
  private wire: Promise<Wire>
  private lastNumber = 0
  private isRetired = false
  private isClosed = false
  private stopWaiting: (() => void) | undefined
  // While it lasts, requests wait: one with a higher number that came before would have the host
  // refuse those below it for good.
  private pause: ReturnType<typeof setTimeout> | undefined

  /**
   * @param patience milliseconds for which a lost connection is tried to be opened again
   */
  constructor(
    private readonly address: HostAddress,
    private readonly user: string | null | undefined,
    private readonly WebSocket: WebSocketConstructor,
    private readonly patience: number,
  ) {
    this.wire = this.open()
  }

  /** Resolves when the first connection is open. */
  async opened(): Promise<void> {
    await this.wire
  }

  /**
   * Sends a signed request.
   *
   * @param sign makes the params of `rpc.call`, given the request's number in its session
   * @returns the result's JSON text
   */
  call(sign: (number: number) => Promise<string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const number = ++this.lastNumber
      // To sign takes a while: numbers leave in order.
      this.ordered
        .run(async () => {
          const params = await sign(number)
          if (this.isClosed) {
            throw closedError()
          }
          const sent = { number, params, lost: 0, refusals: 0, refusal: undefined, isWaiting: true, resolve, reject }
          this.unanswered.set(number, sent)
          const wire = await this.current().catch(() => undefined)
          if (wire !== undefined) {
            this.sendWaiting(wire)
          }
        })
        .catch(reject)
    })
  }

  /** Sends any other request, which is lost with its connection. */
  async request(method: string, params: string): Promise<string> {
    const wire = await this.current()
    return wire.request(method, params)
  }

  /** From here on a lost connection stays lost. */
  retire(): void {
    this.isRetired = true
    this.stopWaiting?.()
  }

  close(): void {
    this.retire()
    this.isClosed = true
    clearTimeout(this.pause)
    this.wire.then(
      (wire) => wire.close(),
      () => undefined,
    )
    this.failAll(closedError())
  }

  private send(sent: Sent, wire: Wire): void {
    sent.isWaiting = false
    wire.request('rpc.call', sent.params).then(
      (result) => {
        this.unanswered.delete(sent.number)
        sent.resolve(result)
      },
      (error) => {
        if (error instanceof RefusedError) {
          if (!this.waits(sent, error)) {
            this.unanswered.delete(sent.number)
            sent.reject(told(sent, error))
          }
        } else {
          // It is sent again with the others.
          this.current().catch(() => undefined)
        }
      },
    )
  }

  // Whether a request that was refused is sent again, later.
  private waits(sent: Sent, refused: RefusedError): boolean {
    const millis = backoffMillis(refused, ++sent.refusals)
    if (millis === undefined || this.isRetired) {
      return false
    }
    sent.refusal = refused
    sent.isWaiting = true
    this.pause ??= setTimeout(() => {
      this.pause = undefined
      this.current().then(
        (wire) => this.sendWaiting(wire),
        () => undefined,
      )
    }, millis)
    return true
  }

  // In the order of their numbers.
  private sendWaiting(wire: Wire): void {
    for (const sent of this.pause === undefined ? [...this.unanswered.values()] : []) {
      if (sent.isWaiting) {
        this.send(sent, wire)
      }
    }
  }

  // The open connection; another one if the last was lost.
  private async current(): Promise<Wire> {
    const wire = this.wire
    const isLost = await wire.then(
      (open) => open.isClosed,
      () => true,
    )
    if (!isLost) {
      return wire
    }
    if (this.isRetired) {
      throw closedError()
    }
    if (this.wire === wire) {
      this.wire = this.reopen()
      // Whoever waits for it hears of a failure; nobody may.
      this.wire.catch(() => undefined)
    }
    return this.wire
  }

  private async reopen(): Promise<Wire> {
    const until = Date.now() + this.patience
    for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      try {
        const wire = await this.open()
        this.sendAgain(wire)
        return wire
      } catch (error) {
        if (this.isRetired || Date.now() + pause > until) {
          this.failAll(error as Error)
          throw error
        }
        await this.waitFor(pause)
      }
    }
  }

  private async open(): Promise<Wire> {
    const wire = await Wire.open(this.address.webSocket(this.user), this.address.toString(), this.WebSocket)
    if (this.isClosed) {
      wire.close()
      throw closedError()
    }
    return wire
  }

  private sendAgain(wire: Wire): void {
    for (const sent of [...this.unanswered.values()]) {
      const wasOnItsWay = !sent.isWaiting
      sent.isWaiting = true
      if (wasOnItsWay && ++sent.lost === MAX_LOST) {
        this.unanswered.delete(sent.number)
        sent.reject(
          new ConnectionError(`the connection was lost ${MAX_LOST} times while the host had this call`),
        )
      }
    }
    this.sendWaiting(wire)
  }

  private waitFor(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis)
      this.stopWaiting = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private failAll(error: Error): void {
    const left = [...this.unanswered.values()]
    this.unanswered.clear()
    for (const sent of left) {
      sent.reject(error)
    }
  }
}

// A request that was on its way when this one was refused may have been executed before it.
function told(sent: Sent, refused: RefusedError): RefusedError {
  return refused.code === USED_NUMBER ? (sent.refusal ?? refused) : refused
}

/** What is said to whoever calls over a connection that its user has closed. */
export function closedError(): ConnectionError {
  return new ConnectionError('the connection was closed')
}
