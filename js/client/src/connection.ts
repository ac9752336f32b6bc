import type { HostAddress } from './address.js'
import { ConnectionError, RefusedError } from './errors.js'
import type { WebSocketConstructor } from './web-socket.js'
import { Serial } from './serial.js'
import { Wire } from './wire.js'

/** How often one request is sent, over connections that are lost under it, before that is its answer. */
const MAX_SENDS = 4
const FIRST_PAUSE_MILLIS = 100
const LONGEST_PAUSE_MILLIS = 3000

interface Sent {
  readonly number: number
  readonly params: string
  sends: number
  resolve(result: string): void
  reject(error: Error): void
}

/**
 * The way to a host. When it is lost another is opened, and every signed request that was not
 * answered is sent again: the same bytes, which a host executes once.
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
          const sent: Sent = { number, params, sends: 0, resolve, reject }
          this.unanswered.set(number, sent)
          const wire = await this.current().catch(() => undefined)
          // Whoever opened another connection meanwhile has sent it with all others.
          if (wire !== undefined && sent.sends === 0 && this.unanswered.has(number)) {
            this.send(sent, wire)
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
    this.wire.then(
      (wire) => wire.close(),
      () => undefined,
    )
    this.failAll(closedError())
  }

  private send(sent: Sent, wire: Wire): void {
    sent.sends++
    wire.request('rpc.call', sent.params).then(
      (result) => {
        this.unanswered.delete(sent.number)
        sent.resolve(result)
      },
      (error) => {
        if (error instanceof RefusedError) {
          this.unanswered.delete(sent.number)
          sent.reject(error)
        } else {
          // It is sent again with the others.
          this.current().catch(() => undefined)
        }
      },
    )
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
      if (sent.sends < MAX_SENDS) {
        this.send(sent, wire)
      } else {
        this.unanswered.delete(sent.number)
        sent.reject(
          new ConnectionError(`the connection was lost ${MAX_SENDS} times while the host had this call`),
        )
      }
    }
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

/** What is said to whoever calls over a connection that its user has closed. */
export function closedError(): ConnectionError {
  return new ConnectionError('the connection was closed')
}
