/** What reads from a host and remembers what was seen of it, for those who do not call it. */
export { HostAddress } from './address.js'
export { type Answer, Download, UnreachableError } from './download.js'
export { GlasshouseError, WrongLogError } from './errors.js'
export { type HostDescription, readHostDescription } from './host-description.js'
export { KnownLogs } from './known-logs.js'
export { LogWatch } from './log-watch.js'
export { type Blobs, Published, withBlobs } from './published.js'
export { MemoryStore, type Store } from './store.js'
