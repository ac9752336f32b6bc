import type { Published } from 'glasshouse-client/host'
import { MalformedError, decodeUtf8 } from 'glasshouse-formats'

/** What came of an entry's calls: the worst of them. */
export type RowOutcome = 'ok' | 'throw' | 'trap' | 'abort' | 'none'

/** What a line of the call log says. */
export interface Brief {
  /** That of the entry, or `malformed` for bytes that are none: the host has signed them all the same. */
  readonly kind: string
  readonly time: number
  /** The caller's key or user; empty if there is none. */
  readonly caller: string
  /** The methods that were called; undefined while the request is in a blob that was not fetched yet. */
  readonly methods: readonly string[] | undefined
  readonly outcome: RowOutcome | undefined
  /** What all calls of the entry used, in polls. */
  readonly fuel: number
}

/** An entry in brief. Its bytes are in a tree that the host has signed. */
export interface Row extends Brief {
  readonly index: number
  readonly bytes: Uint8Array
}

interface Reference {
  readonly len: number
  readonly sha256: string
}

interface OutcomeJson {
  readonly fuel: number
  readonly throw?: unknown
  readonly trap?: unknown
}

interface EntryJson {
  readonly kind: string
  readonly time: number
  readonly caller?: { readonly key?: unknown; readonly user?: unknown } | null
  readonly request?: string | Reference | null
  readonly outcome?: OutcomeJson
  readonly outcomes?: readonly OutcomeJson[] | Reference
}

/** The longest request that is fetched for the sake of a line. */
const MAX_REQUEST = 4 * 2 ** 20
/** Stands for the methods of a longer one. */
const LONG = ['…']

const DEEDS = new Map([
  ['genesis', 'the script was loaded'],
  ['image', 'image of the heap'],
  ['timer', 'timer'],
  ['abort', 'timer, ended by the watchdog'],
  ['malformed', 'this is no entry'],
])

/** Reads a line out of an entry. Strict reading is for who opens it: a list has a hundred thousand. */
export function rowOf(index: number, bytes: Uint8Array): Row {
  try {
    return { index, bytes, ...briefOf(entryOf(bytes)) }
  } catch {
    return malformed(index, bytes)
  }
}

/** The same with what is in blobs. */
export async function completed(row: Row, published: Published): Promise<Row> {
  if (row.methods !== undefined && row.outcome !== undefined) {
    return row
  }
  const { request, outcomes } = entryOf(row.bytes)
  const isLong = isReference(request) && request.len > MAX_REQUEST
  const calls = isReference(request) && !isLong ? await published.blob(request.sha256) : undefined
  const results = isReference(outcomes) ? await published.blob(outcomes.sha256) : undefined
  try {
    const own = results === undefined ? undefined : outcomesOf(JSON.parse(decodeUtf8(results)))
    return {
      ...row,
      methods: row.methods ?? (calls === undefined ? LONG : methodsOf(decodeUtf8(calls))),
      outcome: row.outcome ?? outcomeOf(row.kind, own ?? []),
      fuel: own === undefined ? row.fuel : fuelOf(own),
    }
  } catch {
    return malformed(row.index, row.bytes)
  }
}

/** What a line says that the entry did. */
export function deed({ kind, methods }: Pick<Brief, 'kind' | 'methods'>): string {
  if (methods !== undefined && methods.length > 0) {
    const [first, ...more] = methods
    const isSame = more.every((method) => method === first)
    return more.length === 0 ? (first as string) : isSame ? `${first} × ${methods.length}` : methods.join(', ')
  }
  return DEEDS.get(kind) ?? '…'
}

function malformed(index: number, bytes: Uint8Array): Row {
  return { index, bytes, kind: 'malformed', time: 0, caller: '', methods: [], outcome: 'none', fuel: 0 }
}

function entryOf(bytes: Uint8Array): EntryJson {
  const entry = JSON.parse(decodeUtf8(bytes)) as EntryJson
  demand(isObject(entry) && typeof entry.kind === 'string' && Number.isSafeInteger(entry.time))
  const { request, outcomes, outcome } = entry
  demand(request === undefined || request === null || typeof request === 'string' || isReference(request))
  demand(outcomes === undefined || isReference(outcomes) || outcomesOf(outcomes).length >= 0)
  demand(outcome === undefined || outcomesOf([outcome]).length === 1)
  return entry
}

function briefOf({ kind, time, caller, request, outcome, outcomes }: EntryJson): Brief {
  const own = outcome === undefined ? (isReference(outcomes) ? undefined : outcomes) : [outcome]
  const who = caller?.key ?? caller?.user
  return {
    kind,
    time,
    caller: typeof who === 'string' ? who : '',
    methods: isReference(request) ? undefined : methodsOf(request ?? ''),
    outcome: kind === 'call' && own === undefined ? undefined : outcomeOf(kind, own ?? []),
    fuel: fuelOf(own ?? []),
  }
}

function methodsOf(request: string): readonly string[] {
  if (request === '') {
    return []
  }
  const { calls } = JSON.parse(request) as { calls: readonly { method: string }[] }
  const methods = calls.map(({ method }) => method)
  demand(methods.every((method) => typeof method === 'string'))
  return methods
}

function outcomesOf(list: unknown): readonly OutcomeJson[] {
  demand(Array.isArray(list) && list.every((each) => isObject(each) && Number.isSafeInteger((each as OutcomeJson).fuel)))
  return list as readonly OutcomeJson[]
}

function outcomeOf(kind: string, outcomes: readonly OutcomeJson[]): RowOutcome {
  if (kind === 'abort') {
    return 'abort'
  }
  if (outcomes.some((each) => each.trap !== undefined)) {
    return 'trap'
  }
  if (outcomes.some((each) => each.throw !== undefined)) {
    return 'throw'
  }
  return kind === 'image' || kind === 'genesis' ? 'none' : 'ok'
}

function fuelOf(outcomes: readonly OutcomeJson[]): number {
  return outcomes.reduce((sum, each) => sum + each.fuel, 0)
}

function isReference(value: unknown): value is Reference {
  return isObject(value) && typeof (value as Reference).sha256 === 'string' && typeof (value as Reference).len === 'number'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function demand(holds: boolean): void {
  if (!holds) {
    throw new MalformedError('an entry that is not in its form')
  }
}
