import type { MethodCall } from 'glasshouse-formats'
import type { Connection } from './connection.js'
import { AbortedError, CallError, RefusedError, TrapError } from './errors.js'
import type { CallResult } from './results.js'

const THREW = -32000

/** Calls of a debug host that takes its callers at their word: ordinary JSON-RPC 2.0, without proof. */
export class PlainCalls {
  constructor(private readonly connection: Connection) {}

  /** Makes calls one by one. */
  make(calls: readonly MethodCall[]): Promise<CallResult[]> {
    return Promise.all(calls.map((call) => this.one(call)))
  }

  private async one({ method, params }: MethodCall): Promise<CallResult> {
    try {
      return { ok: await this.connection.request(method, params) }
    } catch (error) {
      if (error instanceof RefusedError && error.code === THREW) {
        return { error: thrown(error) }
      }
      throw error
    }
  }
}

function thrown(refused: RefusedError): CallError | TrapError | AbortedError {
  const { name, trap } = (refused.data ?? {}) as { name?: unknown; trap?: unknown }
  if (typeof trap === 'string') {
    return new TrapError(trap)
  }
  return name === 'AbortedError'
    ? new AbortedError()
    : new CallError(String(name ?? 'Error'), refused.message)
}
