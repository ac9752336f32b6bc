import { type AuditRequest, AuditRun } from './audit-run.js'
import type { LogReader } from './log-reader.js'
import type { Progress } from './options.js'
import { startReplay } from './replay-client.js'
import { Signatures } from './signatures.js'
import { openSource } from './source.js'
import type { WitnessDemand } from './witness-check.js'
import { witnessDemand } from './witness-hearing.js'

const PROGRESS_MILLIS = 100

/** What audits of one source share: the reader, and threads that verify signatures. */
export class AuditThreads {
  private constructor(
    private readonly reader: LogReader,
    private readonly demand: WitnessDemand | undefined,
    private readonly signatures: Signatures,
    private readonly onProgress: (progress: Progress) => void,
    private readonly ended: AbortController,
  ) {}

  static async open(
    source: string,
    request: AuditRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<AuditThreads> {
    const ended = new AbortController()
    const reader = await openSource(source, ended.signal)
    const demand = await witnessDemand(request)
    return new AuditThreads(reader, demand, await Signatures.open(), nowAndThen(onProgress), ended)
  }

  /** An audit in this thread, but for the replay, which has its own. */
  begin(request: AuditRequest): AuditRun {
    return new AuditRun(this.reader, request, this.demand, this.signatures, this.onProgress, startReplay)
  }

  close(): void {
    this.signatures.close()
    // What was asked for and nobody waits for any more.
    this.ended.abort()
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
