import { formatString } from 'glasshouse-formats'
import { ConnectionError, RefusedError } from './errors.js'
import type { WebSocketConstructor, WebSocketLike } from './web-socket.js'
import { parseResponse } from './response.js'
import { MAX_MESSAGE } from './wire-limits.js'

const CONNECT_MILLIS = 10_000
// A host that has not been heard of for so long is asked something that it answers at once …
const PROBE_MILLIS = 15_000
// … and given up after so long again.
const PROBE = 'rpc.consistency'
const PROBE_PARAMS = '{"new":0,"old":0}'

interface Waiting {
  resolve(result: string): void
  reject(error: Error): void
}

/**
 * One WebSocket connection that carries JSON-RPC requests and their responses. While a response is
 * waited for it is looked after: one that was lost without a word is closed.
 */
export class Wire {
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private failed: ConnectionError | undefined
  private watch: ReturnType<typeof setInterval> | undefined
  private silences = 0

  private constructor(private readonly socket: WebSocketLike) {}

  /** Opens a connection, or throws {@link ConnectionError}. */
  static open(url: string, place: string, WebSocket: WebSocketConstructor): Promise<Wire> {
    return new Promise((resolve, reject) => {
      let socket: WebSocketLike
      try {
        socket = new WebSocket(url)
      } catch (error) {
        reject(new ConnectionError(`cannot connect to ${place}`, { cause: error }))
        return
      }
      const wire = new Wire(socket)
      const fail = (why: string): void => {
        clearTimeout(patience)
        wire.fail(new ConnectionError(why))
        reject(new ConnectionError(`cannot connect to ${place}: ${why}; is a host running there?`))
      }
      const patience = setTimeout(() => {
        fail(`no answer in ${CONNECT_MILLIS / 1000} s`)
        socket.close()
      }, CONNECT_MILLIS)
      socket.onopen = () => {
        clearTimeout(patience)
        resolve(wire)
      }
      socket.onmessage = ({ data }: { data: unknown }) => wire.received(data)
      socket.onerror = (event: { message?: string }) => fail(event.message ?? 'the connection failed')
      socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
        fail(`the host closed the connection (${code}${reason === '' ? '' : `, ${reason}`})`)
    })
  }

  get isClosed(): boolean {
    return this.failed !== undefined
  }

  /**
   * Sends a request.
   *
   * @param params JSON text
   * @returns the result's JSON text
   * @throws RefusedError for an error response, ConnectionError if the connection is lost first
   */
  request(method: string, params: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.failed !== undefined) {
        reject(this.failed)
        return
      }
      const id = ++this.lastId
      this.waiting.set(id, { resolve, reject })
      this.watch ??= setInterval(() => this.look(), PROBE_MILLIS)
      this.socket.send(`{"jsonrpc":"2.0","id":${id},"method":${formatString(method)},"params":${params}}`)
    })
  }

  close(): void {
    this.fail(new ConnectionError('the connection was closed'))
    this.socket.close()
  }

  private look(): void {
    this.silences++
    if (this.silences === 2) {
      this.request(PROBE, PROBE_PARAMS).catch(() => undefined)
    } else if (this.silences > 2) {
      this.fail(
        new ConnectionError(`the host has not been heard of for ${(this.silences * PROBE_MILLIS) / 1000} s`),
      )
      this.socket.close()
    }
  }

  private received(data: unknown): void {
    this.silences = 0
    try {
      if (typeof data !== 'string' || data.length > MAX_MESSAGE) {
        throw new ConnectionError('the host sent a message that is no text, or too long')
      }
      const { id, result, error } = parseResponse(data)
      const waiting = this.waiting.get(id)
      this.waiting.delete(id)
      if (this.waiting.size === 0) {
        this.rest()
      }
      if (error !== undefined) {
        waiting?.reject(new RefusedError(error.code, error.message, error.data))
      } else {
        waiting?.resolve(result)
      }
    } catch (error) {
      this.fail(new ConnectionError('the host sent something that is no JSON-RPC response', { cause: error }))
      this.socket.close()
    }
  }

  private rest(): void {
    clearInterval(this.watch)
    this.watch = undefined
    this.silences = 0
  }

  private fail(error: ConnectionError): void {
    this.failed ??= error
    this.rest()
    const left = [...this.waiting.values()]
    this.waiting.clear()
    for (const waiting of left) {
      waiting.reject(this.failed)
    }
  }
}
