import { FULL_WIDTH } from 'glasshouse-formats'
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { useHost, useObservable } from '../hooks.js'
import type { Host } from '../host.js'
import { type Row, completed, deed } from '../log/row.js'
import { Failure, Title } from '../parts/basics.js'
import { VirtualList } from '../parts/virtual-list.js'
import { href, replaceRoute } from '../route.js'
import { brief, briefTime, count, plural } from '../text.js'
import { type Search, SearchForm, isEmpty, searchOf, useMatches } from './search.js'

const ROW_HEIGHT = 34
const SAY_MILLIS = 15_000
const AT_ONCE = 3

/** The call log, newest first, growing as the host's does. */
export function LogView({ query }: { query: URLSearchParams }) {
  const host = useHost()
  const search = searchOf(query)
  const setSearch = (next: Search) => replaceRoute(href('log', '', { ...next }))
  return (
    <>
      <Title>Call log</Title>
      <SearchForm key={host.log} host={host} search={search} onSearch={setSearch} />
      {isEmpty(search) ? <WholeLog host={host} /> : <Matches host={host} search={search} />}
    </>
  )
}

function WholeLog({ host }: { host: Host }) {
  return (
    <>
      <Growth host={host} />
      <Lines host={host} length={host.size} added={host.size} indexAt={(item) => host.size - 1 - item} />
    </>
  )
}

/** Says now and then how much has come, instead of at every entry. */
function Growth({ host }: { host: Host }) {
  const said = useRef({ size: host.size, at: Date.now() })
  const [text, setText] = useState('')
  useEffect(() => {
    const more = host.size - said.current.size
    if (more <= 0) {
      return
    }
    const say = () => {
      setText(`${plural(host.size - said.current.size, 'new entry', 'new entries')}, ${count(host.size)} in all`)
      said.current = { size: host.size, at: Date.now() }
    }
    const timer = setTimeout(say, Math.max(1000, said.current.at + SAY_MILLIS - Date.now()))
    return () => clearTimeout(timer)
  }, [host.size])
  return (
    <p class="unseen" role="status" aria-live="polite">
      {text}
    </p>
  )
}

function Matches({ host, search }: { host: Host; search: Search }) {
  const scan = useObservable(host.scan)
  useEffect(() => scan.resume(), [host.size])
  const matches = useMatches(scan, search, host.identity?.id ?? '')
  const scanned = Math.min(scan.scanned, host.size)
  return (
    <>
      <p class="hint" role="status">
        {scan.isComplete
          ? `${count(matches.length)} of ${plural(host.size, 'entry', 'entries')}`
          : `${count(matches.length)} found in ${count(scanned)} of ${plural(host.size, 'entry', 'entries')} so far…`}
      </p>
      {scan.error !== undefined && <Failure error={scan.error} title="The log could not be read to its beginning." />}
      <Lines host={host} length={matches.length} added={0} indexAt={(item) => matches[item] as number} />
    </>
  )
}

interface LinesProps {
  host: Host
  length: number
  added: number
  indexAt(item: number): number
}

function Lines({ host, length, added, indexAt }: LinesProps) {
  const [, arrived] = useReducer((turn: number) => turn + 1, 0)
  const [error, setError] = useState<unknown>()
  const [active, setActive] = useState(() => lastActive(length, indexAt))
  const whole = useMemo(() => new Map<number, Row>(), [host])
  const before = useRef(added)
  // What is active stays so when something comes before it.
  if (added !== before.current) {
    if (active > 0) {
      setActive(active + added - before.current)
    }
    before.current = added
  }

  // What was in sight only while somebody scrolled past it is not fetched any more.
  const wanted = useRef<number[]>([])
  const underWay = useRef(0)
  const fetchNext = () => {
    while (underWay.current < AT_ONCE && wanted.current.length > 0) {
      underWay.current++
      host.entries
        .bundle(wanted.current.shift() as number)
        .then(
          () => setError(undefined),
          (failure: unknown) => setError(failure),
        )
        .finally(() => {
          underWay.current--
          arrived(undefined)
          fetchNext()
        })
    }
  }
  const fetchSeen = (first: number, last: number) => {
    const bundles = new Set<number>()
    for (let item = first; item < Math.min(last, length); item++) {
      bundles.add(Math.floor(indexAt(item) / FULL_WIDTH))
    }
    wanted.current = [...bundles]
    fetchNext()
  }
  const rowAt = (index: number): Row | undefined => {
    const row = host.entries.peek(index)
    if (row === undefined || (row.methods !== undefined && row.outcome !== undefined)) {
      return row
    }
    const known = whole.get(index)
    if (known === undefined) {
      whole.set(index, row)
      completed(row, host.published).then(
        (complete) => {
          whole.set(index, complete)
          arrived(undefined)
        },
        () => whole.delete(index),
      )
    }
    return known ?? row
  }
  return (
    <>
      {error !== undefined && <Failure error={error} title="Some entries cannot be shown." />}
      <div class="log" role="grid" aria-rowcount={length + 1} aria-label="Entries, newest first">
        <div class="row head" role="row" aria-rowindex={1}>
          <span role="columnheader">Entry</span>
          <span role="columnheader">Time</span>
          <span role="columnheader">Call</span>
          <span role="columnheader" class="wide">
            Caller
          </span>
          <span role="columnheader" class="wide number">
            Fuel
          </span>
          <span role="columnheader">Outcome</span>
        </div>
        <VirtualList
          length={length}
          rowHeight={ROW_HEIGHT}
          label="Entries"
          added={added}
          active={Math.min(active, Math.max(0, length - 1))}
          onActive={(item) => {
            setActive(item)
            remembered = indexAt(item)
          }}
          onOpen={(item) => {
            if (item < length) {
              remembered = indexAt(item)
              location.hash = href('log', String(indexAt(item)))
            }
          }}
          onSight={fetchSeen}
          row={(item) => <Line index={indexAt(item)} row={rowAt(indexAt(item))} own={host.identity?.id} />}
        />
      </div>
    </>
  )
}

/** The entry that was opened last: whoever comes back finds it active. */
let remembered = -1

function lastActive(length: number, indexAt: (item: number) => number): number {
  for (let item = 0; remembered >= 0 && item < Math.min(length, 5000); item++) {
    if (indexAt(item) === remembered) {
      return item
    }
  }
  return 0
}

const OUTCOMES = { ok: 'ok', throw: 'threw', trap: 'trapped', abort: 'aborted', none: '' }

function Line({ index, row, own }: { index: number; row: Row | undefined; own: string | undefined }) {
  if (row === undefined) {
    return (
      <>
        <span role="gridcell" class="number">
          {count(index)}
        </span>
        <span role="gridcell" class="hint">
          …
        </span>
      </>
    )
  }
  const isOwn = row.caller !== '' && row.caller === own
  const caller = isOwn ? 'you' : row.caller.replace(/^ed25519:/, '')
  return (
    <>
      <span role="gridcell" class="number">
        {count(index)}
      </span>
      <span role="gridcell" class="time">
        {briefTime(row.time)}
      </span>
      <span role="gridcell" class={row.kind === 'call' ? 'deed' : 'deed other'}>
        {row.kind === 'call' ? <code>{deed(row)}</code> : deed(row)}
      </span>
      <span role="gridcell" class="wide caller">
        {isOwn ? caller : caller === '' ? '' : <code>{brief(caller, 14)}</code>}
      </span>
      <span role="gridcell" class="wide number">
        {row.fuel === 0 ? '' : count(row.fuel)}
      </span>
      <span role="gridcell" class={`result ${row.outcome ?? ''}`}>
        {row.outcome === undefined ? '…' : OUTCOMES[row.outcome]}
      </span>
    </>
  )
}
