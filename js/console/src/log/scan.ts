import type { Published } from 'glasshouse-client/host'
import { FULL_WIDTH, type TreeHead } from 'glasshouse-formats'
import type { Observable } from '../hooks.js'
import type { Entries } from './entries.js'
import { type Brief, type Row, type RowOutcome, completed } from './row.js'

const AT_ONCE = 4
const TELL_MILLIS = 150

/** What is remembered of every entry that was scanned. */
export interface Scanned extends Brief {
  readonly methods: readonly string[]
  readonly outcome: RowOutcome
}

/**
 * The whole log in brief, for the search and the charts: read bundle by bundle from the newest entry
 * back, for as long as somebody wants it.
 */
export class LogScan implements Observable {
  private readonly bundles: (readonly Scanned[] | undefined)[] = []
  private readonly texts = new Map<string, string>()
  private readonly subscribers = new Set<() => void>()
  private isRunning = false
  private told = 0
  /** Entries that were scanned so far. */
  scanned = 0
  error: unknown

  constructor(
    private readonly entries: Entries,
    private readonly published: Published,
    private readonly head: () => TreeHead,
  ) {}

  /** Scans for as long as somebody has subscribed. */
  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    void this.run()
    return () => this.subscribers.delete(changed)
  }

  /** Goes on with what the log has grown by, or after a failure. */
  resume(): void {
    this.error = undefined
    void this.run()
  }

  get isComplete(): boolean {
    return this.scanned >= Number(this.head().size)
  }

  at(index: number): Scanned | undefined {
    return this.bundles[Math.floor(index / FULL_WIDTH)]?.[index % FULL_WIDTH]
  }

  /** All that was scanned and passes, newest first. */
  filter(passes: (entry: Scanned) => boolean): number[] {
    const found: number[] = []
    for (let number = this.bundles.length - 1; number >= 0; number--) {
      const bundle = this.bundles[number]
      for (let i = (bundle?.length ?? 0) - 1; i >= 0; i--) {
        if (passes((bundle as readonly Scanned[])[i] as Scanned)) {
          found.push(number * FULL_WIDTH + i)
        }
      }
    }
    return found
  }

  /** Calls back for every entry that was scanned, oldest first. */
  forEach(each: (entry: Scanned, index: number) => void): void {
    this.bundles.forEach((bundle, number) => bundle?.forEach((entry, i) => each(entry, number * FULL_WIDTH + i)))
  }

  private async run(): Promise<void> {
    if (this.isRunning || this.error !== undefined) {
      return
    }
    this.isRunning = true
    try {
      for (let left = this.missing(); left.length > 0 && this.subscribers.size > 0; left = this.missing()) {
        await Promise.all(left.slice(0, AT_ONCE).map((number) => this.take(number)))
        this.tell(false)
      }
    } catch (error) {
      this.error = error
    }
    this.isRunning = false
    this.tell(true)
  }

  private missing(): number[] {
    const size = Number(this.head().size)
    const numbers: number[] = []
    for (let number = Math.ceil(size / FULL_WIDTH) - 1; number >= 0 && numbers.length < AT_ONCE; number--) {
      const width = Math.min(FULL_WIDTH, size - number * FULL_WIDTH)
      if ((this.bundles[number]?.length ?? 0) < width) {
        numbers.push(number)
      }
    }
    return numbers
  }

  private async take(number: number): Promise<void> {
    const rows = await this.entries.bundle(number)
    const whole = await Promise.all(rows.map((row) => completed(row, this.published)))
    this.scanned += whole.length - (this.bundles[number]?.length ?? 0)
    this.bundles[number] = whole.map((row) => this.scannedOf(row))
  }

  // Callers and methods are few: each text is kept once.
  private scannedOf(row: Row): Scanned {
    return {
      kind: row.kind,
      time: row.time,
      caller: this.once(row.caller),
      methods: (row.methods ?? []).map((method) => this.once(method)),
      outcome: row.outcome ?? 'ok',
      fuel: row.fuel,
    }
  }

  private once(text: string): string {
    const kept = this.texts.get(text)
    if (kept === undefined) {
      this.texts.set(text, text)
    }
    return kept ?? text
  }

  private tell(isEnd: boolean): void {
    const now = performance.now()
    if (isEnd || now - this.told > TELL_MILLIS) {
      this.told = now
      this.subscribers.forEach((each) => each())
    }
  }
}
