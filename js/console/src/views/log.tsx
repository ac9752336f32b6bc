import { useEffect, useRef, useState } from 'preact/hooks'
import { useHost, useObservable } from '../hooks.js'
import type { Host } from '../host.js'
import { Failure, Title } from '../parts/basics.js'
import { href, replaceRoute } from '../route.js'
import { count, plural } from '../text.js'
import { Lines, forgetPlace } from './lines.js'
import { type Search, SearchForm, isEmpty, searchOf, useMatches } from './search.js'

const SAY_MILLIS = 15_000

/** The call log, newest first, growing as the host's does. */
export function LogView({ query }: { query: URLSearchParams }) {
  const host = useHost()
  const search = searchOf(query)
  const setSearch = (next: Search) => {
    forgetPlace()
    replaceRoute(href('log', '', { ...next }))
  }
  return (
    <>
      <Title>Call log</Title>
      <SearchForm host={host} search={search} onSearch={setSearch} />
      {isEmpty(search) ? <WholeLog host={host} /> : <Matches key={Object.values(search).join('\n')} host={host} search={search} />}
    </>
  )
}

function WholeLog({ host }: { host: Host }) {
  const { size } = host
  return (
    <>
      <Growth host={host} />
      <Lines
        host={host}
        length={size}
        added={size}
        indexAt={(item) => size - 1 - item}
        itemOf={(index) => size - 1 - index}
      />
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
  useEffect(() => scan.resume(), [host.size, host.returns])
  const matches = useMatches(scan, search, host.identity?.id ?? '')
  const scanned = Math.min(scan.scanned, host.size)
  // What matches of what the log grows by comes before the first that was found.
  const first = useRef<number | undefined>(undefined)
  first.current ??= matches[0]
  return (
    <>
      <p class="hint">
        {/* Said when all is found: how far it is changes several times a second. */}
        <span role="status">
          {scan.isComplete && `${count(matches.length)} of ${plural(host.size, 'entry', 'entries')}`}
        </span>
        {!scan.isComplete &&
          `${count(matches.length)} found in ${count(scanned)} of ${plural(host.size, 'entry', 'entries')} so far…`}
      </p>
      {scan.error !== undefined && <Failure error={scan.error} title="The log could not be read to its beginning." />}
      <Lines
        host={host}
        length={matches.length}
        added={first.current === undefined ? 0 : placeIn(matches, first.current)}
        indexAt={(item) => matches[item] as number}
        itemOf={(index) => {
          const item = placeIn(matches, index)
          return matches[item] === index ? item : -1
        }}
        empty={scan.isComplete ? 'No entry matches.' : ''}
      />
    </>
  )
}

/** Where an index is among falling ones, or would be. */
function placeIn(falling: readonly number[], index: number): number {
  let from = 0
  let to = falling.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((falling[middle] as number) > index) {
      from = middle + 1
    } else {
      to = middle
    }
  }
  return from
}
