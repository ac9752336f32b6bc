/** Calls a Glasshouse backend with signatures, and believes only what it can verify. */
export { CallReceipt } from './call-receipt.js'
export {
  type AnyClient,
  type Call,
  type Client,
  type Controls,
  type HostInfo,
  type Settled,
  connect,
} from './client.js'
export { declarations } from './declarations.js'
export * from './errors.js'
export type { Files } from './files.js'
export { Identity } from './identity.js'
export { IndexedDbStore } from './indexed-db-store.js'
export type { ConnectOptions } from './options.js'
export type { QuorumInfo } from './quorum.js'
export type { WitnessTime } from './quorum-text.js'
export type { WebSocketConstructor, WebSocketLike } from './web-socket.js'
export { MemoryStore, type Store } from './store.js'
export {
  type ArchiveFile,
  type ArchiveValue,
  type Evidence,
  Hash,
  type Limits,
  formatEvidence,
  judgeEvidence,
} from 'glasshouse-formats'
