import type { Audit, Level, Progress, Verified } from 'glasshouse-verifier'
import type { Observable } from './hooks.js'
import type { Host } from './host.js'

/** How many moments of progress the speed is taken of: those of some seconds. */
const MOMENTS = 30
const WATCH_MILLIS = 3000

/** How far an audit is, how fast it is, and how long it will take. */
export interface Pace {
  readonly progress: Progress
  /** Entries a second of what it is at. */
  readonly speed: number
  /** Milliseconds, or undefined while nothing can be said. */
  readonly left: number | undefined
}

/** What was verified last, when, and how long it took. */
export interface Done {
  readonly audit: Audit
  readonly at: number
  readonly millis: number
}

/** The audits of one host in this page, one at a time, in threads of their own. */
export class Audits implements Observable {
  pace: Pace | undefined
  done: Done | undefined
  /** The verifier's own failure, not the host's. */
  error: unknown
  isWatching = false
  private running: AbortController | undefined
  private current = Promise.resolve()
  private moments: { at: number; progress: Progress }[] = []
  private verified: Verified | undefined
  private stopFollowing: (() => void) | undefined
  private next = 0
  private readonly subscribers = new Set<() => void>()

  constructor(private readonly host: Host) {}

  get isRunning(): boolean {
    return this.running !== undefined
  }

  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    return () => this.subscribers.delete(changed)
  }

  /** Audits the whole log. */
  async begin(level: Level): Promise<void> {
    this.watch(false)
    await this.current
    this.verified = undefined
    this.done = undefined
    await this.run(level)
  }

  stop(): void {
    this.running?.abort(new Error('stopped'))
  }

  /** Audits what the log grows by, for as long as it is wanted. */
  watch(isWanted: boolean): void {
    if (this.isWatching && !isWanted) {
      this.stop()
    }
    this.isWatching = isWanted
    this.stopFollowing?.()
    clearTimeout(this.next)
    this.stopFollowing = isWanted ? this.host.subscribe(() => this.follow()) : undefined
    if (isWanted) {
      this.follow()
    }
    this.changed()
  }

  private follow(): void {
    const start = this.verified
    const isDue = this.done?.audit.verdict === 'undecided' || (start?.size ?? 0) < this.host.size
    if (!this.isWatching || this.isRunning || start === undefined || !isDue) {
      return
    }
    clearTimeout(this.next)
    // A log that grows all the time is audited in portions.
    const wait = Math.max(0, (this.done?.at ?? 0) + WATCH_MILLIS - Date.now())
    this.next = setTimeout(() => {
      if (this.isWatching && !this.isRunning) {
        void this.run(start.level)
      }
    }, wait)
  }

  private async run(level: Level): Promise<void> {
    if (!this.isRunning) {
      this.current = this.verify(level)
      await this.current
    }
  }

  private async verify(level: Level): Promise<void> {
    const running = new AbortController()
    this.running = running
    this.error = undefined
    this.pace = undefined
    this.moments = []
    this.changed()
    const begun = performance.now()
    try {
      const { audit } = await import('glasshouse-verifier')
      const found = await audit(this.host.address.toString(), {
        log: this.host.log,
        level,
        kept: this.host.note,
        ...(this.verified === undefined ? {} : { start: this.verified }),
        signal: running.signal,
        onProgress: (progress) => this.take(progress),
      })
      this.done = { audit: found, at: Date.now(), millis: performance.now() - begun }
      // A host that is away for a moment is watched on, from what was verified before.
      const isOver = found.verdict === 'divergence' || found.verdict === 'misbehaviour'
      this.verified = found.verified ?? (isOver || !this.isWatching ? undefined : this.verified)
      this.isWatching &&= !isOver
    } catch (error) {
      this.error = running.signal.aborted ? undefined : error
      this.isWatching = false
    }
    this.running = undefined
    this.pace = undefined
    if (!this.isWatching) {
      this.stopFollowing?.()
    }
    this.changed()
    this.follow()
  }

  private take(progress: Progress): void {
    const now = performance.now()
    if (this.moments.at(-1)?.progress.phase !== progress.phase) {
      this.moments = []
    }
    this.moments = [...this.moments.slice(1 - MOMENTS), { at: now, progress }]
    const [first] = this.moments
    const millis = now - (first as { at: number }).at
    const done = doneOf(progress)
    const speed = millis === 0 ? 0 : (1000 * (done - doneOf((first as { progress: Progress }).progress))) / millis
    const left = speed === 0 ? undefined : (1000 * (progress.size - done)) / speed
    this.pace = { progress, speed, left }
    this.changed()
  }

  private changed(): void {
    this.subscribers.forEach((each) => each())
  }
}

/** Of what it is at: entries that were checked or replayed. */
export function doneOf(progress: Progress): number {
  return progress.phase === 'replay' ? progress.replayed : progress.phase === 'log' ? progress.checked : progress.size
}

const all = new WeakMap<Host, Audits>()

/** The audits of a host: they go on while the visitor looks at something else. */
export function auditsOf(host: Host): Audits {
  const made = all.get(host) ?? new Audits(host)
  all.set(host, made)
  return made
}
