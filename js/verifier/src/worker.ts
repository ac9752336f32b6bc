/**
 * A thread that audits: a module worker of this is what `audit` and `watch` start. A page may start one
 * itself and give it to {@link auditInWorker}.
 */
import { platform } from '#platform'
import type { AuditRequest } from './audit-run.js'
import { AuditThreads } from './audit-threads.js'
import { type CrossedError, crossed } from './crossing.js'
import type { Audit, Progress } from './options.js'
import type { Port } from './port.js'
import { watched } from './watch-run.js'

export { auditInWorker } from './audit-in-worker.js'

/** What the thread is told: once, what to audit or to watch; of a watched log, when it may go on. */
export type ToAudit =
  | { readonly type: 'audit'; readonly host: string; readonly request: AuditRequest }
  | { readonly type: 'watch'; readonly host: string; readonly request: AuditRequest; readonly pauseMillis: number }
  | { readonly type: 'next' }

/** What it answers: how far it is, and what it came to; of a watched log, what it came to each time. */
export type FromAudit =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'audited'; readonly audit: Audit; readonly isLast: boolean }
  | { readonly type: 'failed'; readonly error: CrossedError }

const port = platform.ownPort()
let goOn: () => void = () => undefined
port?.listen((message) => {
  const told = message as ToAudit
  if (told?.type === 'next') {
    goOn()
  } else if (told?.type === 'audit' || told?.type === 'watch') {
    void answer(port, told)
  }
})

async function answer(to: Port, told: Exclude<ToAudit, { type: 'next' }>): Promise<void> {
  const say = (message: FromAudit): void => to.post(message)
  const { host, request } = told
  let threads: AuditThreads | undefined
  try {
    threads = await AuditThreads.open(host, request, (progress) => say({ type: 'progress', progress }))
    if (told.type === 'audit') {
      const run = threads.begin(request)
      try {
        say({ type: 'audited', audit: await run.run(), isLast: true })
      } finally {
        run.close()
      }
    } else {
      await watch(threads, told, say)
    }
  } catch (error) {
    say({ type: 'failed', error: crossed(error) })
  } finally {
    threads?.close()
  }
}

// Nothing is audited that nobody has asked for yet.
async function watch(
  threads: AuditThreads,
  { request, pauseMillis }: Extract<ToAudit, { type: 'watch' }>,
  say: (message: FromAudit) => void,
): Promise<void> {
  for await (const { audit, isLast } of watched((again) => threads.begin(again), request, pauseMillis)) {
    const asked = new Promise<void>((resolve) => {
      goOn = resolve
    })
    say({ type: 'audited', audit, isLast })
    if (!isLast) {
      await asked
    }
  }
}
