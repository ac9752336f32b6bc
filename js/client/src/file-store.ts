import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Identity } from './identity.js'
import type { Store } from './store.js'

/**
 * Keeps things as files, under `~/.glasshouse` unless told otherwise, as `glass` does: the two share
 * the key and what they have seen of logs. `$GLASSHOUSE_HOME` names another folder.
 */
export class FileStore implements Store {
  constructor(private readonly folder = process.env['GLASSHOUSE_HOME'] ?? join(homedir(), '.glasshouse')) {}

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(join(this.folder, name)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined
      }
      throw error
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.writeNext(name, bytes, 0o666, rename)
  }

  async readIdentity(): Promise<Identity | undefined> {
    const file = await this.read('identity')
    return file === undefined ? undefined : Identity.fromOpenSSH(new TextDecoder().decode(file))
  }

  async writeIdentity(identity: Identity): Promise<void> {
    // A link, unlike a rename, never replaces a file that was made meanwhile.
    await this.writeNext('identity', new TextEncoder().encode(identity.toOpenSSH()), 0o600, link)
  }

  // If we crash before the file has its name, another one lies beside it and nobody reads it.
  private async writeNext(
    name: string,
    bytes: Uint8Array,
    mode: number,
    publish: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const file = join(this.folder, name)
    const next = join(dirname(file), `.next-${randomUUID()}`)
    await mkdir(dirname(file), { recursive: true })
    try {
      await writeFile(next, bytes, { mode, flush: true } as object)
      await publish(next, file)
    } finally {
      await unlink(next).catch(() => undefined)
    }
  }
}
