import { Identity } from './identity.js'
import type { Store } from './store.js'

const FILES = 'files'
const KEYS = 'keys'
const OWN = 'identity'

// A key whose secret WebCrypto keeps is kept as WebCrypto's object, any other by its seed.
type KeptKey = { publicKey: Uint8Array; privateKey: CryptoKey } | { seed: Uint8Array }

/** Keeps things in a browser's IndexedDB, for all pages of one origin. */
export class IndexedDbStore implements Store {
  private opened: Promise<IDBDatabase> | undefined

  constructor(private readonly name = 'glasshouse') {}

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.request(FILES, 'readonly', (files) => files.get(name))
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.request(FILES, 'readwrite', (files) => files.put(bytes, name))
  }

  async readIdentity(): Promise<Identity | undefined> {
    const kept = await this.request<KeptKey | undefined>(KEYS, 'readonly', (keys) => keys.get(OWN))
    if (kept === undefined) {
      return undefined
    }
    return 'seed' in kept
      ? Identity.import(kept.seed)
      : Identity.fromCryptoKey(kept.privateKey, kept.publicKey)
  }

  async writeIdentity(identity: Identity): Promise<void> {
    await this.putIdentity(identity, (keys, kept) => keys.add(kept, OWN))
  }

  /** Keeps a key in place of the one that was kept, which is gone then: for a user who asks for it. */
  async replaceIdentity(identity: Identity): Promise<void> {
    await this.putIdentity(identity, (keys, kept) => keys.put(kept, OWN))
  }

  private async putIdentity(
    identity: Identity,
    put: (keys: IDBObjectStore, kept: KeptKey) => IDBRequest<IDBValidKey>,
  ): Promise<void> {
    const { cryptoKey } = identity
    const kept: KeptKey =
      cryptoKey === undefined
        ? { seed: identity.export() }
        : { publicKey: identity.publicKey.bytes(), privateKey: cryptoKey }
    await this.request(KEYS, 'readwrite', (keys) => put(keys, kept))
  }

  private async request<T>(
    table: string,
    mode: IDBTransactionMode,
    ask: (table: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    this.opened ??= this.open()
    const transaction = (await this.opened).transaction(table, mode)
    const request = ask(transaction.objectStore(table))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  }

  private open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore(FILES)
        request.result.createObjectStore(KEYS)
      }
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  }
}
