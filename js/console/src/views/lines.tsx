import { FULL_WIDTH } from 'glasshouse-formats'
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import type { Host } from '../host.js'
import { type Brief, type Row, completed, deed } from '../log/row.js'
import { Failure } from '../parts/basics.js'
import { VirtualList } from '../parts/virtual-list.js'
import { href } from '../route.js'
import { brief, briefTime, count } from '../text.js'

const ROW_HEIGHT = 34
const AT_ONCE = 3

interface LinesProps {
  host: Host
  length: number
  /** How many lines are above what was the first at some time. */
  added: number
  indexAt(item: number): number
  /** The line of an entry, or a negative number if it has none. */
  itemOf(index: number): number
  /** What is said in place of lines. */
  empty?: string
}

/** Entries as a list, of which only what is in sight is fetched and drawn. */
export function Lines({ host, length, added, indexAt, itemOf, empty = '' }: LinesProps) {
  const { error, fetchSeen } = useFetching(host, length, indexAt)
  const rowAt = useRows(host)
  const [active, setActive] = useState(() => (remembered < 0 ? 0 : Math.max(0, itemOf(remembered))))
  const before = useRef(added)
  // What is active stays so when something comes before it.
  if (added !== before.current) {
    if (active > 0) {
      setActive(active + added - before.current)
    }
    before.current = added
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
        {length === 0 && empty !== '' && <p class="hint none">{empty}</p>}
      </div>
    </>
  )
}

/** Fetches what is in sight. What was so only while somebody scrolled past it is not fetched any more. */
function useFetching(host: Host, length: number, indexAt: (item: number) => number) {
  const [, arrived] = useReducer((turn: number) => turn + 1, 0)
  const [error, setError] = useState<unknown>()
  const wanted = useRef<number[]>([])
  const underWay = useRef(0)
  const seen = useRef<[number, number]>([0, 0])
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
    seen.current = [first, last]
    const bundles = new Set<number>()
    for (let item = first; item < Math.min(last, length); item++) {
      if (host.scan.at(indexAt(item)) === undefined) {
        bundles.add(Math.floor(indexAt(item) / FULL_WIDTH))
      }
    }
    wanted.current = [...bundles]
    fetchNext()
  }
  useEffect(() => fetchSeen(...seen.current), [host.returns])
  return { error, fetchSeen }
}

/** What is there of an entry's line; what a blob has of it is fetched when it is asked for. */
function useRows(host: Host): (index: number) => Brief | undefined {
  const [, arrived] = useReducer((turn: number) => turn + 1, 0)
  const whole = useMemo(() => new Map<number, Row>(), [host])
  return (index) => {
    const row = host.scan.at(index) ?? host.entries.peek(index)
    if (row === undefined || !('bytes' in row) || (row.methods !== undefined && row.outcome !== undefined)) {
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
}

/** The entry that was opened last: whoever comes back finds it active. */
let remembered = -1

/** The next list begins at its top. */
export function forgetPlace(): void {
  remembered = -1
}

// A link, so that an entry can be opened in another tab as well; the line itself has the focus.
function Index({ index }: { index: number }) {
  return (
    <span role="gridcell" class="number">
      <a href={href('log', String(index))} tabIndex={-1}>
        {count(index)}
      </a>
    </span>
  )
}

const OUTCOMES = { ok: 'ok', throw: 'threw', trap: 'trapped', abort: 'aborted', none: '' }

function Line({ index, row, own }: { index: number; row: Brief | undefined; own: string | undefined }) {
  if (row === undefined) {
    return (
      <>
        <Index index={index} />
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
      <Index index={index} />
      <span role="gridcell" class="time">
        {row.kind === 'malformed' ? '' : briefTime(row.time)}
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
