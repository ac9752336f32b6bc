import { MAX_CALLS, type MethodCall } from 'glasshouse-formats'

/** Requests that are on their way at the same time: one is executed while another travels. */
export const WINDOW = 2
/** Calls of different askers that share the first request. */
export const FIRST_MOST = 16

// Characters of methods and parameters that gather in one request.
const MAX_CHARACTERS = 256 * 1024
// What a request has besides, and bytes that a character may take.
const REQUEST_OVERHEAD = 32 * 1024
const BYTES_PER_CHARACTER = 3
// A request below is sent whole; a larger one is halved if that keeps the host busy meanwhile.
const WORTH_HALVING = 16

/** Calls that stay together, one after the other and no call of anybody else between them. */
export interface Asked {
  readonly calls: readonly MethodCall[]
  /** Whether no others may share their request. */
  isAlone: boolean
}

/**
 * Calls that wait to be sent, and how many share one signature: few when few wait, so that nobody
 * waits for others to come; all when the host is busy with earlier ones anyway. Calls of one request
 * share its limits, so it is found out how many go together.
 */
export class CallQueue<T extends Asked> {
  private readonly maxCharacters: number
  private waiting: T[] = []
  private onTheWay = 0
  private most = FIRST_MOST

  /** @param requestLimit bytes of a request that the host takes */
  constructor(requestLimit: number) {
    const room = Math.floor(Math.max(0, requestLimit - REQUEST_OVERHEAD) / BYTES_PER_CHARACTER)
    this.maxCharacters = Math.min(MAX_CHARACTERS, room)
  }

  /** Adds calls at the end. */
  add(asked: T): void {
    this.waiting.push(asked)
  }

  /**
   * Puts a request's calls back, before all that wait and each to be sent alone: the watchdog ended
   * one of them, and with it the others, none of which has happened.
   */
  separate(request: readonly T[]): void {
    for (const asked of request) {
      asked.isAlone = true
    }
    this.waiting.unshift(...request)
  }

  /** Takes out what the next request makes; nothing if it has to wait for an answer. */
  next(): T[] {
    const free = WINDOW - this.onTheWay
    if (free <= 0 || this.waiting.length === 0) {
      return []
    }
    const calls = this.waiting.reduce((sum, asked) => sum + asked.calls.length, 0)
    const wanted = calls <= WORTH_HALVING ? calls : Math.ceil(calls / free)
    const request: T[] = []
    let taken = 0
    let characters = 0
    for (const asked of this.waiting) {
      const count = taken + asked.calls.length
      characters += charactersOf(asked)
      const fits =
        taken < wanted &&
        count <= Math.min(this.most, MAX_CALLS) &&
        characters <= this.maxCharacters &&
        !asked.isAlone
      if (request.length > 0 && !fits) {
        break
      }
      request.push(asked)
      taken = count
      if (asked.isAlone) {
        break
      }
    }
    this.waiting.splice(0, request.length)
    this.onTheWay++
    return request
  }

  /** A request was answered, or failed; if it was light, more calls may share the next one. */
  answered(wasLight: boolean): void {
    this.onTheWay--
    this.most = wasLight ? Math.min(MAX_CALLS, 2 * this.most) : Math.max(1, Math.floor(this.most / 2))
  }

  /** Takes out all that waits. */
  clear(): T[] {
    const left = this.waiting
    this.waiting = []
    return left
  }
}

function charactersOf(asked: Asked): number {
  return asked.calls.reduce((sum, call) => sum + call.method.length + call.params.length, 0)
}
