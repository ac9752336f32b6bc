import type { LogScan } from './scan.js'

const BUCKETS = 60
const SECOND = 1000
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800].map(
  (seconds) => seconds * SECOND,
)

/** What came of the calls of some time. */
export interface Bucket {
  readonly from: number
  ok: number
  threw: number
  trapped: number
  aborted: number
  fuel: number
  mostFuel: number
}

/** The log in equal parts of time. */
export interface Series {
  readonly width: number
  readonly buckets: readonly Bucket[]
  readonly calls: number
}

/** Sums up what was scanned. */
export function seriesOf(scan: LogScan): Series {
  let first = Infinity
  let last = -Infinity
  scan.forEach(({ kind, time }) => {
    if (kind === 'call' || kind === 'abort') {
      first = Math.min(first, time)
      last = Math.max(last, time)
    }
  })
  if (last < first) {
    return { width: SECOND, buckets: [], calls: 0 }
  }
  const weeks = WIDTHS.at(-1) as number
  const span = last - first + 1
  const width = WIDTHS.find((each) => each * BUCKETS >= span) ?? Math.ceil(span / BUCKETS / weeks) * weeks
  const begin = Math.floor(first / width) * width
  const buckets: Bucket[] = []
  for (let from = begin; from <= last; from += width) {
    buckets.push({ from, ok: 0, threw: 0, trapped: 0, aborted: 0, fuel: 0, mostFuel: 0 })
  }
  let calls = 0
  scan.forEach((entry) => {
    if (entry.kind !== 'call' && entry.kind !== 'abort') {
      return
    }
    const bucket = buckets[Math.floor((entry.time - begin) / width)] as Bucket
    const made = entry.methods.length
    calls += made
    bucket[({ ok: 'ok', throw: 'threw', trap: 'trapped', abort: 'aborted', none: 'ok' } as const)[entry.outcome]] += made
    bucket.fuel += entry.fuel
    bucket.mostFuel = Math.max(bucket.mostFuel, entry.fuel)
  })
  return { width, buckets, calls }
}
