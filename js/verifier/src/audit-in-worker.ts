import { uncrossed } from './crossing.js'
import type { Audit, AuditOptions } from './options.js'
import type { WorkerHandle } from './port.js'
import { workerHandle } from './web-worker.js'
import type { FromAudit, ToAudit } from './worker.js'

/**
 * Audits a host in a Web Worker of `glasshouse-verifier/worker` that a page has started. It is ended
 * with the audit.
 */
export function auditInWorker(worker: Worker, host: string, options: AuditOptions = {}): Promise<Audit> {
  return auditBy(workerHandle(worker), host, options)
}

/** The same by whatever thread a platform has. */
export function auditBy(worker: WorkerHandle, host: string, options: AuditOptions): Promise<Audit> {
  const { signal, onProgress, worker: _, ...request } = options
  return new Promise<Audit>((resolve, reject) => {
    const end = (): void => {
      signal?.removeEventListener('abort', aborted)
      worker.onFailure(() => undefined)
      worker.end()
    }
    const aborted = (): void => {
      end()
      reject(signal?.reason)
    }
    if (signal?.aborted) {
      aborted()
      return
    }
    signal?.addEventListener('abort', aborted)
    worker.listen((message) => {
      const said = message as FromAudit
      if (said.type === 'progress') {
        onProgress?.(said.progress)
        return
      }
      end()
      if (said.type === 'audited') {
        resolve(said.audit)
      } else {
        reject(uncrossed(said.error))
      }
    })
    worker.onFailure((error) => {
      end()
      reject(error)
    })
    const told: ToAudit = { type: 'audit', host, request }
    worker.post(told)
  })
}
