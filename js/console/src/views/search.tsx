import { useMemo, useState } from 'preact/hooks'
import type { Host } from '../host.js'
import type { LogScan, Scanned } from '../log/scan.js'
import { href } from '../route.js'
import { count } from '../text.js'

/** What is searched for; an empty text is no condition. */
export interface Search {
  readonly method: string
  readonly caller: string
  readonly outcome: string
}

export function searchOf(query: URLSearchParams): Search {
  return {
    method: query.get('method') ?? '',
    caller: query.get('caller') ?? '',
    outcome: query.get('outcome') ?? '',
  }
}

export function isEmpty({ method, caller, outcome }: Search): boolean {
  return method === '' && caller === '' && outcome === ''
}

/** The indexes of what was scanned so far and matches, newest first. */
export function useMatches(scan: LogScan, search: Search, own: string): readonly number[] {
  const { method, caller, outcome } = search
  return useMemo(() => {
    const wanted = caller === 'me' ? own : caller.toLowerCase()
    return scan.filter(
      (entry: Scanned) =>
        (method === '' || entry.methods.some((each) => each.includes(method))) &&
        (caller === '' || (caller === 'me' ? entry.caller === own : entry.caller.toLowerCase().includes(wanted))) &&
        (outcome === '' || entry.outcome === outcome),
    )
  }, [scan.scanned, method, caller, outcome, own])
}

interface SearchProps {
  host: Host
  search: Search
  onSearch(search: Search): void
}

export function SearchForm({ host, search, onSearch }: SearchProps) {
  return (
    <search class="search">
      <label>
        Method
        <input
          type="search"
          list="method-names"
          value={search.method}
          spellcheck={false}
          autocapitalize="off"
          onInput={(event) => onSearch({ ...search, method: event.currentTarget.value })}
        />
      </label>
      <datalist id="method-names">
        {[...host.methods.keys()].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <label>
        Caller
        <input
          type="search"
          list="callers"
          placeholder="key, name or me"
          value={search.caller}
          spellcheck={false}
          autocapitalize="off"
          onInput={(event) => onSearch({ ...search, caller: event.currentTarget.value })}
        />
      </label>
      <datalist id="callers">
        <option value="me" />
      </datalist>
      <label>
        Outcome
        <select
          value={search.outcome}
          onChange={(event) => onSearch({ ...search, outcome: event.currentTarget.value })}
        >
          <option value="">any</option>
          <option value="ok">ok</option>
          <option value="throw">threw</option>
          <option value="trap">trapped</option>
          <option value="abort">aborted</option>
        </select>
      </label>
      <GoTo host={host} />
      {!isEmpty(search) && (
        <button
          type="button"
          class="quiet"
          onClick={() => onSearch({ method: '', caller: '', outcome: '' })}
        >
          Show all
        </button>
      )}
    </search>
  )
}

/** Opens an entry by its index. */
function GoTo({ host }: { host: Host }) {
  const [index, setIndex] = useState('')
  const isEntry = isIndex(index, host.size)
  const isWrong = index.trim() !== '' && !isEntry
  return (
    <form
      class="goto"
      onSubmit={(event) => {
        event.preventDefault()
        if (isEntry) {
          location.hash = href('log', digitsOf(index))
        }
      }}
    >
      <label>
        Entry
        <input
          type="text"
          inputMode="numeric"
          placeholder={`0 – ${count(host.size - 1)}`}
          value={index}
          aria-invalid={isWrong}
          aria-describedby="goto-problem"
          onInput={(event) => setIndex(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Open</button>
      <span class="problem" id="goto-problem" role="status">
        {isWrong ? `from 0 to ${count(host.size - 1)}` : ''}
      </span>
    </form>
  )
}

/** Whether a text is the index of an entry of a log of `size` entries. */
export function isIndex(text: string, size: number): boolean {
  return /^\d{1,15}$/.test(digitsOf(text)) && Number(digitsOf(text)) < size
}

/** An index as it is in addresses: the page itself writes it with commas. */
export function digitsOf(text: string): string {
  return text.replace(/[\s,]/g, '')
}
