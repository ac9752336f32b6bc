import { useEffect, useState } from 'preact/hooks'

/** Which album is meant: the part of the page's address behind `#`, which no web server hears of. */
export interface Place {
  /** `HOST[:PORT]`, `HOST:PORT/NAME` or a URL, as a client takes it. */
  readonly host: string
  /** The id of the log that is pinned, as the address has it; undefined before the first look. */
  readonly log?: string
}

/** Reads what {@link formatPlace} writes; undefined if no host is named. */
export function parsePlace(fragment: string): Place | undefined {
  const query = new URLSearchParams(fragment.replace(/^#/, ''))
  const host = query.get('host')?.trim() ?? ''
  const log = query.get('log')?.trim() ?? ''
  return host === '' ? undefined : log === '' ? { host } : { host, log }
}

/** `#host=…&log=…`, in a form that people can read. */
export function formatPlace({ host, log }: Place): string {
  const readable = (text: string) => encodeURIComponent(text).replace(/%3A/g, ':').replace(/%2F/g, '/')
  return `#host=${readable(host)}${log === undefined ? '' : `&log=${readable(log)}`}`
}

/** The place that the page's address names. */
export function usePlace(): Place | undefined {
  const [fragment, setFragment] = useState(location.hash)
  useEffect(() => {
    const changed = () => setFragment(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return parsePlace(fragment)
}
