import { webcrypto } from 'node:crypto'
import WebSocket from 'ws'
import type { Platform } from './platform.js'
import { MAX_MESSAGE } from './wire-limits.js'
import type { WebSocketConstructor } from './web-socket.js'

/** Node 18 has no global WebCrypto, and Node before 22 no WebSocket. */
export const platform: Platform = {
  WebSocket: class extends WebSocket {
    constructor(url: string) {
      super(url, { maxPayload: MAX_MESSAGE, perMessageDeflate: false })
    }
  } as unknown as WebSocketConstructor,
  crypto: webcrypto as unknown as Crypto,
}
