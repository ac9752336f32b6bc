/** One end of a conversation between threads. */
export interface Port {
  /** Sends a message; what is transferred is gone here. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void
  listen(heard: (message: unknown) => void): void
}

/** A thread that was started from here. */
export interface WorkerHandle extends Port {
  /** Hears why the thread ended before it was told to. */
  onFailure(failed: (error: Error) => void): void
  end(): void
}

/** Two ends in one thread, for where a worker cannot start another. */
export function linkedPorts(): [WorkerHandle, Port] {
  let isEnded = false
  const listeners: (((message: unknown) => void) | undefined)[] = [undefined, undefined]
  const waiting: unknown[][] = [[], []]
  const end = (own: number): Port => ({
    post: (message) => {
      queueMicrotask(() => {
        const heard = listeners[1 - own]
        if (isEnded) {
          return
        }
        if (heard === undefined) {
          waiting[1 - own]?.push(message)
        } else {
          heard(message)
        }
      })
    },
    listen: (heard) => {
      listeners[own] = heard
      waiting[own]?.splice(0).forEach(heard)
    },
  })
  const handle: WorkerHandle = {
    ...end(0),
    onFailure: () => undefined,
    end: () => {
      isEnded = true
    },
  }
  return [handle, end(1)]
}
