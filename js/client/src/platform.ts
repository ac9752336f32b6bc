import type { WebSocketConstructor } from './web-socket.js'

/** What differs between Node and browsers. */
export interface Platform {
  readonly WebSocket: WebSocketConstructor
  readonly crypto: Crypto
}

export declare const platform: Platform
