import { Hash, decodeUtf8 } from 'glasshouse-formats'
import { useEffect, useMemo } from 'preact/hooks'
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
  useEffect(() => scan.resume(), [host.size])
  const { width, buckets, calls } = useMemo(() => seriesOf(scan), [scan.scanned])
  const labels = buckets.map(({ from }) => labelOf(from, width))
  const per = `each bar ${duration(width).replace(/ 0 (s|min)$/, '')}`
  const rate = (value: number) => (value * MINUTE) / width
  return (
    <>
      <Title>Charts</Title>
      <p class="hint" role="status">
        {scan.isComplete
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
          <ArchiveChart host={host} isReady={scan.isComplete} />
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
  const upTo = Math.max(1, Math.floor(host.size / GROWTH)) * GROWTH
  const answer = useAnswer(
    () => (isReady ? sizes(host, totals, Math.min(host.size, upTo)) : Promise.resolve(undefined)),
    'sizes',
    [isReady, upTo],
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
  const last = points.at(-1)
  return (
    <BarChart
      title="Archive"
      hint={`bytes of all files at ${plural(points.length, 'entry', 'entries')}; now ${plural(last?.files ?? 0, 'file')}, ${size(last?.bytes ?? 0)}`}
      labels={points.map(({ index }) => `entry ${count(index)}`)}
      layers={[{ name: 'Bytes', kind: 'plain', values: points.map(({ bytes }) => bytes) }]}
      shown={(value) => size(Math.round(value))}
    />
  )
}

async function sizes(host: Host, totals: Totals, length: number) {
  const samples = Math.min(SAMPLES, length)
  const points: { index: number; files: number; bytes: number }[] = []
  for (let i = 1; i <= samples; i++) {
    const index = Math.ceil((length * i) / samples) - 1
    const row = await host.entries.row(index)
    const { root } = JSON.parse(decodeUtf8(row.bytes)) as { root: string }
    points.push({ index, ...(await totals.of(Hash.parseHex(root))) })
  }
  return points
}
