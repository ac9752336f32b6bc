import { createContext } from 'preact'
import { useContext, useEffect, useReducer, useState } from 'preact/hooks'
import type { Host } from './host.js'

/** Something that says when it has changed. */
export interface Observable {
  subscribe(changed: () => void): () => void
}

/** Renders again whenever it changes. */
export function useObservable<T extends Observable>(observable: T): T {
  const [, again] = useReducer((turn: number) => turn + 1, 0)
  useEffect(() => observable.subscribe(() => again(undefined)), [observable])
  return observable
}

export const HostContext = createContext<Host | undefined>(undefined)

/** The host of this page; renders again when its log grows. */
export function useHost(): Host {
  const host = useContext(HostContext)
  if (host === undefined) {
    throw new Error('there is no host around this view')
  }
  return useObservable(host)
}

export interface Answer<T> {
  readonly value?: T
  readonly error?: unknown
  readonly isPending: boolean
}

/**
 * What a promise gives. While another is under way, what the one before gave stays, unless `key` changes.
 * What has failed is asked for again when the host is back.
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, key: string, deps: unknown[] = []): Answer<T> {
  const [state, setState] = useState<{ key: string; answer: Answer<T> }>({ key, answer: { isPending: true } })
  const [again, setAgain] = useState(0)
  const returns = useContext(HostContext)?.returns ?? 0
  useEffect(() => {
    if (returns > 0 && state.answer.error !== undefined) {
      setAgain((turn) => turn + 1)
    }
  }, [returns])
  useEffect(() => {
    const stop = new AbortController()
    setState((before) => ({
      key,
      answer: before.key === key ? { ...before.answer, isPending: true } : { isPending: true },
    }))
    const settle = (answer: Answer<T>) => {
      if (!stop.signal.aborted) {
        setState({ key, answer })
      }
    }
    ask(stop.signal).then(
      (value) => settle({ value, isPending: false }),
      (error: unknown) => settle({ error, isPending: false }),
    )
    return () => stop.abort()
  }, [key, again, ...deps])
  return state.key === key ? state.answer : { isPending: true }
}
