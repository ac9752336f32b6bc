import { GlasshouseError } from './errors.js'
import type { Identity } from './identity.js'

/**
 * What a user keeps between connections: the newest checkpoint of each log, which log each place
 * served, evidence, and the key. Names are those of files under `~/.glasshouse`, such as
 * `logs/<id>/checkpoint`.
 */
export interface Store {
  /** The bytes under a name; undefined if there are none. A failure to read them is thrown. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Keeps bytes under a name, in whole or not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** The user's key, if one is kept. */
  readIdentity(): Promise<Identity | undefined>
  /** Keeps the user's key. Fails if one is kept: none is ever replaced. */
  writeIdentity(identity: Identity): Promise<void>
}

/** Keeps everything until the program ends: who uses it forgets what it knows of a host. */
export class MemoryStore implements Store {
  private readonly files = new Map<string, Uint8Array>()
  private identity: Identity | undefined

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.files.get(name)
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, Uint8Array.from(bytes))
  }

  async readIdentity(): Promise<Identity | undefined> {
    return this.identity
  }

  async writeIdentity(identity: Identity): Promise<void> {
    if (this.identity !== undefined) {
      throw new GlasshouseError('a key is kept already, and never replaced')
    }
    this.identity = identity
  }
}
