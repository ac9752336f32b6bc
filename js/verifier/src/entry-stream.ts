import type { Depth } from 'glasshouse-formats'
import type { CheckedEntry, EntryChecks } from './checked-entry.js'
import { UnreachableError } from './errors.js'
import type { LogReader } from './log-reader.js'

// Answers of the source that are asked for before they are needed, at most.
const AHEAD = 6
// Bytes of entries and requests after which nothing more is asked for.
const AHEAD_BYTES = 32 * 2 ** 20

/** Entries as they are; at least one. */
export async function readEntries(reader: LogReader, from: number, size: number): Promise<Uint8Array[]> {
  const entries = await reader.entries(from, size)
  if (entries.length === 0) {
    throw new UnreachableError(`the source withholds entry ${from}`)
  }
  return entries
}

/** What is about to be read: where it begins and ends, and when it has come. */
interface Coming {
  readonly checked: Promise<CheckedEntry[]>
  bytes: number
}

/**
 * A log's entries in order, read and checked each by itself some way ahead of whoever takes them.
 * What goes wrong with reading them is thrown when its turn comes.
 */
export async function* entryStream(
  reader: LogReader,
  checks: EntryChecks,
  from: number,
  size: number,
  depth: Depth,
): AsyncGenerator<CheckedEntry[]> {
  const ahead: Coming[] = []
  let next = from
  const ask = (): void => {
    const bytes = ahead.reduce((sum, coming) => sum + coming.bytes, 0)
    if (next < size && ahead.length < AHEAD && bytes < AHEAD_BYTES) {
      // A bundle ends at a multiple of 256; a source that gives fewer entries is asked again below.
      const begin = next
      next = Math.min(size, (Math.floor(begin / 256) + 1) * 256)
      const coming: Coming = { checked: whole(begin, next), bytes: 0 }
      coming.checked.catch(() => undefined)
      ahead.push(coming)
      void coming.checked.then(
        (entries) => {
          coming.bytes = entries.reduce((sum, entry) => sum + weight(entry), 0)
        },
        () => undefined,
      )
    }
  }
  const whole = async (begin: number, end: number): Promise<CheckedEntry[]> => {
    const entries: Uint8Array[] = []
    while (begin + entries.length < end) {
      entries.push(...(await readEntries(reader, begin + entries.length, size)))
    }
    return checks.check(begin, entries.slice(0, end - begin), depth)
  }
  for (;;) {
    for (let asked = -1; asked !== ahead.length;) {
      asked = ahead.length
      ask()
    }
    const coming = ahead.shift()
    if (coming === undefined) {
      return
    }
    yield await coming.checked
  }
}

// About how many bytes of memory an entry takes: a long request is not among its own.
function weight(checked: CheckedEntry): number {
  return checked.bytes.length + 2 * (checked.parsed?.request?.length ?? 0)
}
