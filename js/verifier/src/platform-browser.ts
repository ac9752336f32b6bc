import type { Platform, WorkerModule } from './platform.js'
import { type WorkerHandle } from './port.js'
import { workerHandle } from './web-worker.js'
import { webCryptoEd25519 } from './web-crypto.js'

export const platform: Platform = {
  engine: 'browser',
  startWorker: (module) => {
    try {
      return typeof Worker === 'undefined' ? undefined : started(module)
    } catch {
      // A worker that may start no other does the work itself.
      return undefined
    }
  },
  ownPort: () => {
    const scope = globalThis as unknown as DedicatedScope
    return typeof document === 'undefined' && typeof scope.postMessage === 'function'
      ? {
          post: (message, transfer) => scope.postMessage(message, [...(transfer ?? [])]),
          listen: (heard) => scope.addEventListener('message', (event) => heard(event.data)),
        }
      : undefined
  },
  openDirectory: async () => undefined,
  isDirectory: async () => false,
  guestFiles: async () => {
    const [interpreter, bootstrap] = await Promise.all([
      bytesAt(new URL('./guest/quickjs.wasm', import.meta.url)),
      bytesAt(new URL('./guest/bootstrap.txt', import.meta.url)),
    ])
    return { interpreter, bootstrap }
  },
  nativeEd25519Here: undefined,
  nativeEd25519: () => webCryptoEd25519(globalThis.crypto?.subtle),
  get cores() {
    return globalThis.navigator?.hardwareConcurrency ?? 2
  },
}

interface DedicatedScope {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
  addEventListener(type: 'message', heard: (event: { data: unknown }) => void): void
}

// Bundlers look for just this form.
function started(module: WorkerModule): WorkerHandle {
  switch (module) {
    case 'worker':
      return workerHandle(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }))
    case 'replay-worker':
      return workerHandle(new Worker(new URL('./replay-worker.js', import.meta.url), { type: 'module' }))
    case 'signature-worker':
      return workerHandle(new Worker(new URL('./signature-worker.js', import.meta.url), { type: 'module' }))
  }
}

async function bytesAt(url: URL): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) {
    throw new Error(`${url} answers with status ${response.status}`)
  }
  return new Uint8Array(await response.arrayBuffer())
}
