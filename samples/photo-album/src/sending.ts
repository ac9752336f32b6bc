/** How much of a message has left, of how many bytes. */
export type Progress = (left: number, of: number) => void

const LOOK_MILLIS = 100

let heard: Progress | undefined

/** Hears of what is sent from now on; what is awaited before is another's. */
export async function hearing<T>(progress: Progress, send: () => Promise<T>): Promise<T> {
  heard = progress
  try {
    return await send()
  } finally {
    heard = undefined
  }
}

/** A browser's WebSocket that says how much of a message has left: a photo takes a while on a slow line. */
export class WatchedSocket extends WebSocket {
  override send(message: Parameters<WebSocket['send']>[0]): void {
    super.send(message)
    const of = this.bufferedAmount
    const told = heard
    const tell = () => {
      told?.(Math.max(0, of - this.bufferedAmount), of)
      if (this.bufferedAmount > 0 && this.readyState === WebSocket.OPEN && told === heard) {
        setTimeout(tell, LOOK_MILLIS)
      }
    }
    tell()
  }
}
