import { Hash, decodeUtf8 } from 'glasshouse-formats'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Totals } from '../archive.js'
import { useAnswer, useHost, useObservable } from '../hooks.js'
import type { Host } from '../host.js'
import { seriesOf } from '../log/series.js'
import { BarChart } from '../parts/bar-chart.js'
import { Failure, Title, Waiting } from '../parts/basics.js'
import { count, duration, localTime, plural, size } from '../text.js'

const MINUTE = 60_000
const SAMPLES = 30
const GROWTH = 100

/** The log as charts: how much was called, what came of it, what it used, what it left. */
export function ChartsView() {
  const host = useHost()
  const scan = useObservable(host.scan)
  useEffect(() => scan.resume(), [host.size, host.returns])
  // A log that grows is complete again and again.
  const wasComplete = useRef(false)
  wasComplete.current ||= scan.isComplete
  const { width, buckets, calls } = useMemo(() => seriesOf(scan), [scan.scanned])
  const labels = buckets.map(({ from }) => labelOf(from, width))
  const per = `each bar ${duration(width).replace(/ 0 (s|min)$/, '')}`
  const rate = (value: number) => (value * MINUTE) / width
  return (
    <>
      <Title>Charts</Title>
      <p class="hint">
        {wasComplete.current
          ? `${plural(calls, 'call')} in ${plural(host.size, 'entry', 'entries')}`
          : `Reading the log: ${count(scan.scanned)} of ${plural(host.size, 'entry', 'entries')}, newest first…`}
      </p>
      {scan.error !== undefined && <Failure error={scan.error} title="The log could not be read to its beginning." />}
      {buckets.length === 0 && scan.isComplete && <p>Nothing has been called yet.</p>}
      {buckets.length > 0 && (
        <div class="charts">
          <BarChart
            title="Calls per minute"
            hint={per}
            labels={labels}
            layers={[{ name: 'Calls per minute', kind: 'plain', values: buckets.map((b) => rate(b.ok + b.threw + b.trapped + b.aborted)) }]}
            shown={decimal}
          />
          <BarChart
            title="Outcomes"
            hint={`calls, ${per}`}
            labels={labels}
            layers={[
              { name: 'Returned', kind: 'plain', values: buckets.map((b) => b.ok) },
              { name: 'Threw', kind: 'threw', values: buckets.map((b) => b.threw) },
              { name: 'Trapped', kind: 'trapped', values: buckets.map((b) => b.trapped) },
              { name: 'Aborted', kind: 'aborted', values: buckets.map((b) => b.aborted) },
            ]}
            shown={decimal}
          />
          <BarChart
            title="Fuel"
            hint={`polls, ${per}`}
            labels={labels}
            layers={[{ name: 'Polls', kind: 'plain', values: buckets.map((b) => b.fuel) }]}
            shown={decimal}
          />
          <ArchiveChart host={host} isReady={wasComplete.current} />
        </div>
      )}
    </>
  )
}

function decimal(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : count(Math.round(value))
}

function labelOf(from: number, width: number): string {
  const text = localTime(from)
  return width >= 86_400_000 ? text.slice(0, 10) : width >= MINUTE ? text.slice(5, 16) : text.slice(11)
}

/** Entries say the archive's root, not its size: that is added up at some of them. */
function ArchiveChart({ host, isReady }: { host: Host; isReady: boolean }) {
  const totals = useMemo(() => new Totals(host.published), [host])
  const answer = useAnswer(
    () => (isReady ? sizes(host, totals, host.size) : Promise.resolve(undefined)),
    'sizes',
    [isReady, Math.floor(host.size / GROWTH)],
  )
  if (answer.error !== undefined) {
    return (
      <figure class="chart">
        <h2>Archive</h2>
        <Failure error={answer.error} title="It is not added up." />
      </figure>
    )
  }
  if (answer.value === undefined) {
    return (
      <figure class="chart">
        <h2>Archive</h2>
        <Waiting what="Adding up" />
      </figure>
    )
  }
  const points = answer.value
  const last = points.at(-1) as Point
  return (
    <BarChart
      title="Archive"
      hint={`bytes of all files, at ${plural(points.length, 'entry', 'entries')}; ${plural(last.files, 'file')} and ${size(last.bytes)} at entry ${count(last.index)}`}
      labels={points.map(({ index }) => `entry ${count(index)}`)}
      layers={[{ name: 'Bytes', kind: 'plain', values: points.map(({ bytes }) => bytes) }]}
      shown={(value) => size(Math.round(value))}
    />
  )
}

interface Point {
  readonly index: number
  readonly files: number
  readonly bytes: number
}

async function sizes(host: Host, totals: Totals, length: number): Promise<readonly Point[]> {
  const samples = Math.min(SAMPLES, length)
  const indexes = Array.from({ length: samples }, (_, i) => Math.ceil((length * (i + 1)) / samples) - 1)
  return Promise.all(
    indexes.map(async (index) => {
      const row = await host.entries.row(index)
      const { root } = JSON.parse(decodeUtf8(row.bytes)) as { root: string }
      return { index, ...(await totals.of(Hash.parseHex(root))) }
    }),
  )
}
