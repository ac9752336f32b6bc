import type { WebSocketLike } from 'glasshouse-client'

/** A socket whose other end is the test. */
export class FakeSocket implements WebSocketLike {
  static made: FakeSocket[] = []
  readonly sent: string[] = []
  isClosed = false
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null

  constructor(readonly url: string) {
    FakeSocket.made.push(this)
    queueMicrotask(() => this.greet())
  }

  protected greet(): void {
    this.onopen?.(undefined as never)
  }

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.isClosed = true
  }

  say(data: unknown): void {
    this.onmessage?.({ data } as never)
  }
}
