import type { Platform } from './platform.js'
import type { WebSocketConstructor } from './web-socket.js'

export const platform: Platform = {
  get WebSocket() {
    return globalThis.WebSocket as unknown as WebSocketConstructor
  },
  get crypto() {
    return globalThis.crypto
  },
}
