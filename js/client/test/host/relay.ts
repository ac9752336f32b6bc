import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { running } from './running.js'

/** A message of a host: the result of a request, with the method and params of that. */
export interface Relayed {
  readonly method: string
  readonly params: any
  result: any
}

/**
 * A result in place of the host's, `undefined` for the host's own, or 'cut' to lose it with the
 * connection; or a promise of that.
 */
export type Alter = (relayed: Relayed) => unknown

/** What is published by path, in place of what the host publishes there. */
export type Pages = Map<string, Uint8Array>

/**
 * Stands between a client and a real host, passes everything on, and does to it what a test wants: a
 * liar, or a bad line.
 */
export class Relay {
  /** Called for each result that the host gives. */
  alter: Alter = () => undefined
  /** Called for each request before the host has it; false loses it with the connection. */
  admit: (method: string) => boolean = () => true
  readonly pages: Pages = new Map()
  /** Whether the relay answers 404 for a path. */
  isWithheld: (path: string) => boolean = () => false
  /** The params of each `rpc.call` that came, in order. */
  readonly calls: any[] = []
  connections = 0

  private constructor(
    private readonly server: Server,
    private readonly sockets: WebSocketServer,
    private readonly upstream: string,
  ) {
    server.on('request', async (request, response) => {
      const path = request.url ?? '/'
      const page = this.pages.get(path)
      const answer =
        page === undefined && !this.isWithheld(path)
          ? await fetch(`http://${upstream}${path}`, { headers: { accept: request.headers.accept ?? '*/*' } })
          : undefined
      response.setHeader('content-type', answer?.headers.get('content-type') ?? 'text/plain')
      // As a host lets pages of all origins read.
      response.setHeader('access-control-allow-origin', '*')
      response.statusCode = answer?.status ?? (page === undefined ? 404 : 200)
      response.end(page ?? new Uint8Array((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)))
    })
    sockets.on('connection', (socket) => this.relay(socket))
  }

  static async before(upstream: string): Promise<Relay> {
    const server = createServer()
    const relay = new Relay(server, new WebSocketServer({ server }), upstream)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    running.add(relay)
    return relay
  }

  /** HOST:PORT. */
  get place(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    running.delete(this)
    this.sockets.clients.forEach((socket) => socket.terminate())
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private relay(socket: WebSocket): void {
    this.connections++
    const asked = new Map<number, { method: string; params: unknown }>()
    const host = new WebSocket(`ws://${this.upstream}/`)
    const open = new Promise((resolve) => host.once('open', resolve))
    const cut = (): void => {
      socket.terminate()
      host.terminate()
    }
    socket.on('message', async (bytes) => {
      const { id, method, params } = JSON.parse(String(bytes))
      if (method === 'rpc.call') {
        this.calls.push(params)
      }
      await open
      if (!this.admit(method)) {
        cut()
        return
      }
      asked.set(id, { method, params })
      host.send(String(bytes))
    })
    host.on('message', async (bytes) => {
      const message = JSON.parse(String(bytes))
      const request = asked.get(message.id) as { method: string; params: unknown }
      const altered = await this.alter({
        ...request,
        result: message.error === undefined ? message.result : undefined,
      })
      if (altered === 'cut') {
        cut()
      } else if (altered === undefined) {
        socket.send(String(bytes))
      } else {
        socket.send(`{"jsonrpc":"2.0","id":${message.id},"result":${JSON.stringify(altered)}}`)
      }
    })
    socket.on('close', cut)
    host.on('close', cut)
    host.on('error', cut)
  }
}
