import type { AuditRequest, AuditRun } from './audit-run.js'
import type { Audit } from './options.js'

/** One of the audits of a watched log. */
export interface Watched {
  readonly audit: Audit
  /** Whether it is a finding, with which the watch ends. */
  readonly isLast: boolean
}

/**
 * Audits a log, and goes on with each newer checkpoint until there is a finding. What is in the way is
 * told once, and waited for.
 *
 * @param begin an audit from the beginning, or from what was verified before
 * @param pauseMillis until the source is asked again
 */
export async function* watched(
  begin: (request: AuditRequest) => AuditRun,
  request: AuditRequest,
  pauseMillis: number,
): AsyncGenerator<Watched> {
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMillis))
  let known = request
  let obstacle: string | null = null
  for (;;) {
    const run = begin(known)
    try {
      let found: Audit | undefined = await run.run()
      while (found === undefined || found.report.verdict === 'verified' || run.isWhole) {
        if (found?.report.verdict === 'verified') {
          known = goingOn(known, found)
          obstacle = null
          yield { audit: found, isLast: false }
        } else if (found !== undefined && found.report.obstacle !== obstacle) {
          obstacle = found.report.obstacle
          yield { audit: found, isLast: false }
        }
        await pause()
        found = await run.runOn()
      }
      if (found.report.verdict !== 'undecided') {
        yield { audit: found, isLast: true }
        return
      }
      // Where it stopped is not known to be whole: it begins again from what was verified last.
      if (found.report.obstacle !== obstacle) {
        obstacle = found.report.obstacle
        yield { audit: found, isLast: false }
      }
    } finally {
      run.close()
    }
    await pause()
  }
}

// Another log at the same place is no continuation, and no other tree than was seen.
function goingOn({ from, ...known }: AuditRequest, { report, verified, cosigned }: Audit): AuditRequest {
  return {
    ...known,
    log: report.log as string,
    kept: report.checkpoint as string,
    ...(cosigned === undefined ? {} : { cosigned }),
    ...(verified !== undefined ? { start: verified } : from === undefined ? {} : { from }),
  }
}
