import { startAudit } from './audit.js'
import { uncrossed } from './crossing.js'
import type { Audit, AuditOptions } from './options.js'
import type { FromAudit, ToAudit } from './worker.js'

const PAUSE_MILLIS = 200

/** What a watch is told: as an audit, but that all of the log is replayed. */
export interface WatchOptions extends Omit<AuditOptions, 'from'> {
  /** `genesis` checks everything again, also with a `start`. */
  readonly from?: 'genesis'
  /** How long it waits before it asks for a newer checkpoint again: 200 milliseconds unless given. */
  readonly pauseMillis?: number
}

/**
 * Audits the log of a host, and goes on with each newer checkpoint, in the same guest. Gives what each
 * audit came to: `verified` for each newer checkpoint; `undecided` for what is in the way, which is
 * told once and waited for; at last a finding, which ends it. It also ends when it is left (`break`),
 * and when its signal says so, without an error. It goes on only when it is asked for more.
 *
 * @param host as of `audit`
 */
export async function* watch(host: string, options: WatchOptions = {}): AsyncGenerator<Audit, void, void> {
  const { signal, onProgress, pauseMillis = PAUSE_MILLIS, worker: _, ...request } = options
  if (signal?.aborted) {
    return
  }
  const worker = startAudit(options)
  const heard: (FromAudit | Error | undefined)[] = []
  let wake: () => void = () => undefined
  const hear = (message: FromAudit | Error | undefined): void => {
    heard.push(message)
    wake()
  }
  const aborted = (): void => hear(undefined)
  signal?.addEventListener('abort', aborted)
  worker.onFailure(hear)
  worker.listen((message) => {
    const said = message as FromAudit
    if (said.type === 'progress') {
      onProgress?.(said.progress)
    } else {
      hear(said)
    }
  })
  const tell = (message: ToAudit): void => worker.post(message)
  try {
    tell({ type: 'watch', host, request, pauseMillis })
    for (;;) {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const said = heard.shift()
      if (said === undefined) {
        return
      }
      if (said instanceof Error || said.type !== 'audited') {
        throw said instanceof Error ? said : uncrossed((said as Extract<FromAudit, { type: 'failed' }>).error)
      }
      yield said.audit
      if (said.isLast || signal?.aborted) {
        return
      }
      tell({ type: 'next' })
    }
  } finally {
    signal?.removeEventListener('abort', aborted)
    worker.onFailure(() => undefined)
    worker.end()
  }
}
