import type { ChildProcess } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type HostInfo, Identity } from 'glasshouse-client'
import { Hash, NoteKey, PublicKey, concat, encodeUtf8, toBase64, toHex } from 'glasshouse-formats'
import { ended, folder, started } from './host.js'
import { running } from './running.js'

/** A real witness that looks at no entries, in a process of its own: its key is known before it runs. */
export class Witness {
  private child: ChildProcess | undefined

  private constructor(
    readonly name: string,
    /** Its line in a policy. */
    readonly line: string,
    private readonly home: string,
    private readonly port: number,
  ) {}

  static async make(name: string): Promise<Witness> {
    const home = await folder()
    const key = await Identity.generate()
    await writeFile(join(home, 'witness.key'), key.toOpenSSH(), { mode: 0o600 })
    const port = await freePort()
    const vkey = vkeyOf(`example.com/${name}`, 4, key.publicKey.bytes())
    return new Witness(name, `witness ${name} ${vkey} http://127.0.0.1:${port}`, home, port)
  }

  /** Cosigns the log of a host from now on. */
  async run({ origin, key }: HostInfo, place: string): Promise<void> {
    const list = join(this.home, 'list')
    const log = new NoteKey(origin, PublicKey.parse(key)).format()
    await writeFile(list, `log ${log} http://${place}\nquorum none\n`)
    const identity = ['--identity', join(this.home, 'witness.key'), '--name', `example.com/${this.name}`]
    const args = ['witness', list, '-p', String(this.port), '--dir', join(this.home, 'dir'), '--append-only', ...identity]
    const { child } = await started(args, this.home, /^Key: /)
    this.child = child
    running.add(this)
  }

  async stop(): Promise<void> {
    running.delete(this)
    if (this.child !== undefined) {
      await ended(this.child, 'SIGKILL')
    }
    await rm(this.home, { recursive: true, force: true })
  }
}

/** A key as policies have it. */
export function vkeyOf(name: string, type: number, key: Uint8Array): string {
  const typed = concat(Uint8Array.of(type), key)
  const id = Hash.of(encodeUtf8(`${name}\n`), typed).bytes().subarray(0, 4)
  return `${name}+${toHex(id)}+${toBase64(typed)}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until something holds. */
export async function until(holds: () => Promise<boolean>, millis = 60_000): Promise<void> {
  const started = performance.now()
  while (!(await holds())) {
    if (performance.now() - started > millis) {
      throw new Error('it does not come to hold')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
