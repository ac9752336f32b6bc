import { type CallAs, type Made, makeCall } from './calls.js'
import type { Observable } from './hooks.js'
import type { Host } from './host.js'

const MAX_FIELDS = 50

/** What was typed for a method, and what came of its last call: both stay while the visitor looks at something else. */
export class Draft implements Observable {
  made: Made | undefined
  failure: unknown
  isUnderWay = false
  private readonly subscribers = new Set<() => void>()

  constructor(
    readonly method: string,
    public args: readonly string[],
  ) {}

  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    return () => this.subscribers.delete(changed)
  }

  write(args: readonly string[]): void {
    this.args = args
    this.changed()
  }

  /** Makes the call; one at a time. */
  async call(host: Host, as: CallAs, given: readonly string[]): Promise<void> {
    if (this.isUnderWay) {
      return
    }
    this.isUnderWay = true
    this.changed()
    try {
      this.made = await makeCall(host, as, this.method, given)
      this.failure = undefined
    } catch (failure) {
      host.failed(failure)
      this.made = undefined
      this.failure = failure
    }
    this.isUnderWay = false
    this.changed()
  }

  private changed(): void {
    this.subscribers.forEach((each) => each())
  }
}

const all = new WeakMap<Host, Map<string, Draft>>()

/** The draft of a method, made at the first look. */
export function draftOf(host: Host, method: string): Draft {
  const drafts = all.get(host) ?? new Map<string, Draft>()
  all.set(host, drafts)
  const made = drafts.get(method) ?? new Draft(method, Array<string>(fieldsOf(host, method)).fill(''))
  drafts.set(method, made)
  return made
}

/** How many arguments a form asks for: the host says how many parameters a method declares, and may say anything. */
export function fieldsOf(host: Host, method: string): number {
  const declared = host.methods.get(method) ?? 0
  return Number.isSafeInteger(declared) ? Math.max(0, Math.min(declared, MAX_FIELDS)) : 0
}
