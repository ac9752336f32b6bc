import { type KeyObject, createPublicKey, verify } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { Worker, type MessagePort, parentPort } from 'node:worker_threads'
import { openDirectory } from './directory-log-reader.js'
import type { Platform } from './platform.js'
import type { Port } from './port.js'

// The interpreter's own limit of 900,000 bytes takes about 10 MiB of the engine's stack.
const STACK_MIB = 16
// Entries are read, checked and let go of: most of what is made dies young.
const YOUNG_MIB = 64

const KEPT_KEYS = 1024
// What stands before the 32 bytes of a key in the form of RFC 8410.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

const keys = new Map<string, KeyObject>()

function verifyHere(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const name = Buffer.from(key).toString('latin1')
  let known = keys.get(name)
  if (known === undefined) {
    known = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' })
    if (keys.size === KEPT_KEYS) {
      keys.delete(keys.keys().next().value as string)
    }
    keys.set(name, known)
  }
  return verify(null, message, known, signature)
}

export const platform: Platform = {
  engine: 'node',
  startWorker: (module) => {
    const worker = new Worker(new URL(`./${module}.js`, import.meta.url), {
      resourceLimits: { stackSizeMb: STACK_MIB, maxYoungGenerationSizeMb: YOUNG_MIB },
    })
    return {
      ...portOf(worker),
      onFailure: (failed) => {
        worker.on('error', failed)
        worker.on('exit', () => failed(new Error('the thread ended')))
      },
      end: () => void worker.terminate(),
    }
  },
  ownPort: () => (parentPort === null ? undefined : portOf(parentPort)),
  openDirectory,
  isDirectory: async (path) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false,
  guestFiles: async () => {
    const [interpreter, bootstrap] = await Promise.all(
      ['quickjs.wasm', 'bootstrap.txt'].map((name) => readFile(new URL(`./guest/${name}`, import.meta.url))),
    )
    return { interpreter: new Uint8Array(interpreter as Buffer), bootstrap: new Uint8Array(bootstrap as Buffer) }
  },
  // WebCrypto's, which is the same code, takes a third longer for the way to its threads and back.
  nativeEd25519: async () => undefined,
  nativeEd25519Here: verifyHere,
  cores: availableParallelism?.() ?? cpus().length,
}

function portOf(port: Worker | MessagePort): Port {
  return {
    post: (message, transfer) => port.postMessage(message, [...(transfer ?? [])]),
    listen: (heard) => void port.on('message', heard),
  }
}
