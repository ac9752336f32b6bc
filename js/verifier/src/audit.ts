import { platform } from '#platform'
import { auditBy } from './audit-in-worker.js'
import type { Audit, AuditOptions } from './options.js'
import type { WorkerHandle } from './port.js'
import { workerHandle } from './web-worker.js'

/**
 * Audits the log of a host in threads of its own: downloads it, checks every entry, replays every
 * call in the same interpreter, and compares. Every finding is in the report; what is thrown is this
 * verifier's own failure, or the reason of the signal.
 *
 * @param host `HOST[:PORT]`, `HOST:PORT/NAME` for one of several modules, or a URL: of a host, or of
 *     an export or mirror of its log under any web server; in Node also the directory of one
 */
export async function audit(host: string, options: AuditOptions = {}): Promise<Audit> {
  return auditBy(startAudit(options), host, options)
}

/** Starts the thread that audits. */
export function startAudit(options: Pick<AuditOptions, 'worker'>): WorkerHandle {
  const worker = options.worker === undefined ? platform.startWorker('worker') : workerHandle(options.worker())
  if (worker === undefined) {
    throw new Error('no thread can be started here')
  }
  return worker
}
