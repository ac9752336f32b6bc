import type { WorkerHandle } from './port.js'

/** A Web Worker as the rest of this package speaks to it. */
export function workerHandle(worker: Worker): WorkerHandle {
  return {
    post: (message, transfer) => worker.postMessage(message, [...(transfer ?? [])]),
    listen: (heard) => worker.addEventListener('message', (event) => heard(event.data)),
    onFailure: (failed) =>
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        failed(new Error(event.message || 'the worker does not start'))
      }),
    end: () => worker.terminate(),
  }
}
