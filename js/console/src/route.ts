import { useEffect, useState } from 'preact/hooks'

/** What the address after the `#` asks for: `#/log/12?method=add` is `log`, `12` and a query. */
export interface Route {
  readonly view: string
  /** What follows the view's name and a slash, decoded; empty if nothing does. */
  readonly rest: string
  readonly query: URLSearchParams
}

function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const slash = path.indexOf('/')
  const [view, rest] = slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)]
  return { view: view === '' ? 'host' : view, rest: decoded(rest), query: new URLSearchParams(query) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Half of a surrogate pair has no UTF-8, and a host may name a method so.
function encoded(text: string): string {
  return encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)))
}

/** The address of a view; segments of `rest` keep their slashes. */
export function href(view: string, rest = '', query: Record<string, string> = {}): string {
  const path = rest.split('/').map(encoded).join('/')
  const given = Object.entries(query).filter(([, value]) => value !== '')
  const asked = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
  return `#/${view}${rest === '' ? '' : `/${path}`}${asked}`
}

/** Changes the address without a new step in the browser's history. */
export function replaceRoute(to: string): void {
  history.replaceState(history.state, '', to)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return route
}
