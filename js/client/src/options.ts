import type { Identity } from './identity.js'
import type { WebSocketConstructor } from './web-socket.js'
import type { Store } from './store.js'

export interface ConnectOptions {
  /**
   * The id of the log that is meant, 64 hex digits. Without it the client takes the log that this
   * place served last, or whichever it serves if nothing is known.
   */
  readonly log?: string
  /** The key that signs. Without it the store's is taken, or one is made and kept there. */
  readonly identity?: Identity
  /**
   * Whom a debug host is told to be called by, or null for nobody: calls are then not signed, and
   * come without proof.
   */
  readonly user?: string | null
  /**
   * A policy of witnesses, the text of a file of C2SP tlog-policy or its bytes: what they have cosigned
   * of the log is in `$info().witnesses`.
   */
  readonly policy?: string | Uint8Array
  /** With `policy`: `connect` throws QuorumError unless the quorum has cosigned the log. */
  readonly requireQuorum?: boolean
  /** Where checkpoints and keys are kept. Without it, in memory, until the program ends. */
  readonly store?: Store
  /** For how long a lost connection is tried to be opened again: 30,000 milliseconds. */
  readonly reconnectMillis?: number
  /** In place of the browser's, or of the package `ws` in Node. */
  readonly WebSocket?: WebSocketConstructor
  /** In place of the platform's. */
  readonly fetch?: typeof globalThis.fetch
}
