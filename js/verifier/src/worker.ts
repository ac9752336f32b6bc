/**
 * A thread that audits: a module worker of this is what `audit` starts. A page may start one itself
 * and give it to {@link auditInWorker}.
 */
import { platform } from '#platform'
import { type AuditRequest, AuditRun } from './audit-run.js'
import { type CrossedError, crossed } from './crossing.js'
import { HttpLogReader } from './http-log-reader.js'
import type { Audit, Progress } from './options.js'
import type { Port } from './port.js'
import { startReplay } from './replay-client.js'
import { Signatures } from './signatures.js'

export { auditInWorker } from './audit-in-worker.js'

/** What the thread is told: once, what to audit. */
export interface ToAudit {
  readonly type: 'audit'
  readonly host: string
  readonly request: AuditRequest
}

/** What it answers: how far it is, and at last what it came to. */
export type FromAudit =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'audited'; readonly audit: Audit }
  | { readonly type: 'failed'; readonly error: CrossedError }

const PROGRESS_MILLIS = 100

const port = platform.ownPort()
port?.listen((message) => {
  const told = message as ToAudit
  if (told?.type === 'audit') {
    void answer(port, told)
  }
})

async function answer(to: Port, { host, request }: ToAudit): Promise<void> {
  const say = (message: FromAudit): void => to.post(message)
  try {
    say({ type: 'audited', audit: await auditHere(host, request, (progress) => say({ type: 'progress', progress })) })
  } catch (error) {
    say({ type: 'failed', error: crossed(error) })
  }
}

/** Audits in this thread, but for the replay, which has its own. */
export async function auditHere(
  host: string,
  request: AuditRequest,
  onProgress: (progress: Progress) => void,
): Promise<Audit> {
  const ended = new AbortController()
  const signatures = await Signatures.open()
  try {
    const fetch = globalThis.fetch.bind(globalThis)
    const reader = new HttpLogReader(host, fetch, ended.signal)
    return await new AuditRun(reader, request, signatures, nowAndThen(onProgress), startReplay).run()
  } finally {
    signatures.close()
    // What was asked for and nobody waits for any more.
    ended.abort()
  }
}

function nowAndThen(onProgress: (progress: Progress) => void): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY
  let phase = ''
  return (progress) => {
    const now = performance.now()
    if (now - last >= PROGRESS_MILLIS || progress.phase !== phase) {
      last = now
      phase = progress.phase
      onProgress(progress)
    }
  }
}
