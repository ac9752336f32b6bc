import { MalformedError } from 'glasshouse-formats'
import { GlasshouseError } from './errors.js'

const PATIENCE_MILLIS = 60_000
const BYTES_PER_SECOND = 256 * 1024
const MAX_SAID = 1024

/** A server that does not answer, not in time, or withholds something: no verdict on what it serves. */
export class UnreachableError extends GlasshouseError {
  override name = 'UnreachableError'
}

/** The head of an answer of any status; its body has not come yet. */
export interface Answer {
  readonly status: number
  readonly type: string
  /**
   * The whole body, inflated if it came compressed: no more of it than the limit is ever held.
   *
   * @throws MalformedError if it is longer
   */
  body(maxBytes: number): Promise<Uint8Array>
  /** The beginning of the body for people; empty unless it is plain text. */
  said(): Promise<string>
  /** Reads no more of it. */
  close(): void
}

/**
 * GETs from a server that nobody trusts. The head of an answer comes within a fixed time, and so
 * does its body but for what its bytes may take at the lowest speed that is borne with: a server
 * that sends a byte now and then holds nobody. Redirects are not followed.
 */
export class Download {
  /**
   * @param signal ends everything that is under way
   * @param patienceMillis how long the head may take, and the body beyond what its bytes may take
   */
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    private readonly signal?: AbortSignal,
    private readonly patienceMillis = PATIENCE_MILLIS,
  ) {}

  /** Asks, and waits for the head of the answer. */
  async get(url: string, accept = '*/*'): Promise<Answer> {
    const abort = new AbortController()
    const ended = (): void => abort.abort(this.signal?.reason)
    if (this.signal?.aborted) {
      ended()
    }
    this.signal?.addEventListener('abort', ended, { once: true })
    const close = (): void => {
      this.signal?.removeEventListener('abort', ended)
      abort.abort()
    }
    try {
      const { fetch } = this
      const response = await this.within(
        this.patienceMillis,
        fetch(url, { redirect: 'manual', cache: 'no-store', headers: { accept }, signal: abort.signal }),
      )
      const type = response.headers.get('content-type') ?? ''
      return {
        status: response.status,
        type,
        body: (maxBytes) => this.reading(url, close, () => this.read(url, response, maxBytes)),
        said: async () =>
          type.startsWith('text/plain')
            ? this.reading(url, close, () => this.beginning(response))
            : (close(), ''),
        close,
      }
    } catch (error) {
      close()
      throw this.unreachable(url, error)
    }
  }

  private async reading<T>(url: string, close: () => void, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw error instanceof MalformedError ? error : this.unreachable(url, error)
    } finally {
      close()
    }
  }

  private async read(url: string, response: Response, maxBytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of this.parts(response)) {
      parts.push(part)
      length += part.length
      if (length > maxBytes) {
        throw new MalformedError(`${url} answers more than ${maxBytes} bytes`)
      }
    }
    if (parts.length === 1) {
      return parts[0] as Uint8Array
    }
    const bytes = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }

  private async beginning(response: Response): Promise<string> {
    let text = ''
    for await (const part of this.parts(response)) {
      text += new TextDecoder().decode(part)
      if (text.length >= MAX_SAID) {
        break
      }
    }
    return text.slice(0, MAX_SAID).trim()
  }

  private async *parts(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader()
    let waited = 0
    let received = 0
    while (reader !== undefined) {
      const allowed = this.patienceMillis + (received / BYTES_PER_SECOND) * 1000 - waited
      const started = performance.now()
      const { done, value } = await this.within(allowed, reader.read())
      waited += performance.now() - started
      if (done) {
        return
      }
      received += value.length
      yield value
    }
  }

  private async within<T>(millis: number, coming: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it answers too slowly')), Math.max(0, millis))
    })
    try {
      return await Promise.race([coming, late])
    } finally {
      clearTimeout(timer)
      coming.catch(() => undefined)
    }
  }

  private unreachable(url: string, error: unknown): Error {
    if (this.signal?.aborted) {
      return this.signal.reason instanceof Error ? this.signal.reason : new Error('aborted')
    }
    const cause = (error as Error).cause
    const why = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message
    return new UnreachableError(`cannot read ${url}: ${why}`, { cause: error })
  }
}
