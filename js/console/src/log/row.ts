import type { Published } from 'glasshouse-client/host'
import { decodeUtf8 } from 'glasshouse-formats'

/** What came of an entry's calls: the worst of them. */
export type RowOutcome = 'ok' | 'throw' | 'trap' | 'abort' | 'none'

/** A line of the call log: an entry in brief. Its bytes are in a tree that the host has signed. */
export interface Row {
  readonly index: number
  readonly bytes: Uint8Array
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
  readonly caller?: { key?: string; user?: string | null } | null
  readonly request?: string | Reference | null
  readonly outcome?: OutcomeJson
  readonly outcomes?: readonly OutcomeJson[] | Reference
}

/** The longest request that is fetched for the sake of a line. */
const MAX_REQUEST = 4 * 2 ** 20

/** Reads a line out of an entry. Strict reading is for who opens it: a list has a hundred thousand. */
export function rowOf(index: number, bytes: Uint8Array): Row {
  const entry = JSON.parse(decodeUtf8(bytes)) as EntryJson
  const outcomes = Array.isArray(entry.outcomes) ? (entry.outcomes as OutcomeJson[]) : undefined
  const own = entry.outcome === undefined ? outcomes : [entry.outcome]
  return {
    index,
    bytes,
    kind: entry.kind,
    time: entry.time,
    caller: entry.caller?.key ?? entry.caller?.user ?? '',
    methods: typeof entry.request === 'object' && entry.request !== null ? undefined : methodsOf(entry.request ?? ''),
    outcome: entry.kind === 'call' && own === undefined ? undefined : outcomeOf(entry.kind, own ?? []),
    fuel: fuelOf(own ?? []),
  }
}

/** The same with what is in blobs. */
export async function completed(row: Row, published: Published): Promise<Row> {
  if (row.methods !== undefined && row.outcome !== undefined) {
    return row
  }
  const entry = JSON.parse(decodeUtf8(row.bytes)) as EntryJson
  const request = entry.request as Reference | string | null | undefined
  const read = async (text: Reference | string) =>
    typeof text === 'string' ? text : decodeUtf8(await published.blob(text.sha256))
  const isShort = typeof request !== 'object' || request === null || request.len <= MAX_REQUEST
  const outcomes = entry.outcomes as Reference | readonly OutcomeJson[] | undefined
  const own =
    outcomes === undefined || Array.isArray(outcomes)
      ? ((outcomes ?? []) as readonly OutcomeJson[])
      : (JSON.parse(decodeUtf8(await published.blob((outcomes as Reference).sha256))) as OutcomeJson[])
  return {
    ...row,
    methods: isShort && request ? methodsOf(await read(request)) : ['…'],
    outcome: row.outcome ?? outcomeOf(row.kind, own),
    fuel: row.fuel || fuelOf(own),
  }
}

function methodsOf(request: string): readonly string[] {
  return request === '' ? [] : (JSON.parse(request) as { calls: { method: string }[] }).calls.map(({ method }) => method)
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

/** What a line says that the entry did. */
export function deed(row: Row): string {
  if (row.methods !== undefined && row.methods.length > 0) {
    const [first, ...more] = row.methods
    const isSame = more.every((method) => method === first)
    return more.length === 0 ? (first as string) : isSame ? `${first} × ${row.methods.length}` : row.methods.join(', ')
  }
  const names: Record<string, string> = {
    genesis: 'the script was loaded',
    image: 'image of the heap',
    timer: 'timer',
    abort: 'timer, ended by the watchdog',
  }
  return names[row.kind] ?? '…'
}
