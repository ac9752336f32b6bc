import { type Writable, formatJson, parseJson } from './canonical-json.js'
import {
  type Caller,
  type Input,
  type Outcome,
  formatCaller,
  formatInput,
  formatOutcome,
  parseCaller,
  parseInputs,
  parseOutcome,
} from './entry-parts.js'
import { MalformedError, UnknownEntryError } from './errors.js'
import { Hash } from './hash.js'
import { type Heap, formatHeap, parseHeap } from './heap.js'
import { type Limits, parseLimits } from './limits.js'
import { Members } from './members.js'
import { PublicKey } from './public-key.js'
import { MAX_CALLS } from './request.js'
import { type Script, formatScript, parseScript } from './script.js'
import {
  type BlobReader,
  type BlobReference,
  type Text,
  formatList,
  formatReference,
  formatText,
  parseList,
  parseReference,
  parseText,
} from './texts.js'
import { MAX_ENTRY_BYTES } from './tiles.js'

const MAX_TITLE = 200

/** What entries of all kinds have (formats.md, section 6). */
interface Common {
  /** The index. */
  readonly seq: number
  /** The leaf hash of the entry before; 64 zeros in genesis. */
  readonly prev: Hash
  /** What the host's clock showed, in milliseconds since 1970. */
  readonly time: number
  readonly inputs: readonly Input[]
  /** Hash over the changes to the archive. */
  readonly writes: Hash
  /** The archive's root after the entry. */
  readonly root: Hash
}

/** The first entry: everything that decides what the log's calls come to. */
export interface GenesisEntry extends Common {
  readonly kind: 'genesis'
  readonly auth: 'signed' | 'debug'
  readonly bootstrap: BlobReference
  /** The key that signs the checkpoints. */
  readonly host: PublicKey
  readonly interpreter: BlobReference
  readonly limits: Limits
  readonly nonce: string
  /** The name of the log in its checkpoints. */
  readonly origin: string
  readonly outcome: Outcome
  readonly script: Script
  readonly title: string
}

/** One request that was executed, with one outcome for each of its calls. */
export interface CallEntry extends Common {
  readonly kind: 'call'
  readonly caller: Caller
  readonly request: Text
  readonly outcomes: readonly Outcome[]
}

/** A turn of the guest that its earliest timer asked for. */
export interface TimerEntry extends Common {
  readonly kind: 'timer'
  readonly outcome: Outcome
}

/** A turn that the host's watchdog ended; of a timer if there is no caller. */
export interface AbortEntry extends Common {
  readonly kind: 'abort'
  readonly caller: Caller | null
  readonly request: Text | null
}

/** What the guest's heap was after the entry before. */
export interface ImageEntry extends Common {
  readonly kind: 'image'
  /** When the earliest outstanding timer is due. */
  readonly due: number | null
  readonly heap: Heap
}

/** One entry of a call log. */
export type Entry = GenesisEntry | CallEntry | TimerEntry | AbortEntry | ImageEntry

/**
 * Reads the bytes of an entry, and only what {@link formatEntry} writes. Lists that may be blobs are
 * read last: `inputs`, `outcomes`, `script.files`. What else is malformed is told whether those are
 * to be had or not.
 *
 * @param blobs where the lists of a large entry are read; MissingBlobError if one is not there
 * @throws UnknownEntryError for another version or kind
 */
export function parseEntry(bytes: Uint8Array, blobs: BlobReader): Entry {
  const members = Members.of('entry', parseJson(bytes, MAX_ENTRY_BYTES))
  const version = members.count('v')
  const kind = members.string('kind')
  if (version !== 1) {
    throw new UnknownEntryError(`entry version ${version} is unknown; only 1 is known`)
  }
  if (!Object.hasOwn(KINDS, kind)) {
    throw new UnknownEntryError(`entry kind "${kind}" is unknown`)
  }
  const inputs = kind === 'abort' || kind === 'image' ? noInputs(members, kind) : members.any('inputs')
  const common = {
    seq: members.count('seq'),
    prev: members.hash('prev'),
    time: members.count('time'),
    writes: members.hash('writes'),
    root: members.hash('root'),
  }
  const listed = KINDS[kind as Entry['kind']](members, common)
  members.end()
  return listed({ ...common, inputs: parseInputs(inputs, blobs) }, blobs)
}

/** Reads the lists of an entry of which all else was read. */
type Lists = (common: Common, blobs: BlobReader) => Entry

const KINDS: { [kind in Entry['kind']]: (members: Members, common: Omit<Common, 'inputs'>) => Lists } = {
  genesis: parseGenesis,
  call: (members) => {
    const caller = parseCaller(members.any('caller'))
    const request = parseText('entry.request', members.any('request'))
    const listed = members.any('outcomes')
    return (common, blobs) => {
      const outcomes = parseList('entry.outcomes', listed, MAX_CALLS, blobs)
      return {
        ...common,
        kind: 'call',
        caller,
        request,
        outcomes: outcomes.map((outcome) => parseOutcome('entry.outcomes', outcome)),
      }
    }
  },
  timer: (members) => {
    const outcome = parseOutcome('entry.outcome', members.any('outcome'))
    return (common) => ({ ...common, kind: 'timer', outcome })
  },
  abort: parseAbort,
  image: (members) => {
    const due = members.any('due') === null ? null : members.count('due')
    const heap = parseHeap(members.object('heap'))
    return (common) => ({ ...common, kind: 'image', due, heap })
  },
}

function parseGenesis(members: Members, { seq, prev }: Omit<Common, 'inputs'>): Lists {
  const auth = members.string('auth')
  const genesis = {
    kind: 'genesis' as const,
    bootstrap: parseReference(members.object('bootstrap')),
    host: PublicKey.parse(members.string('host')),
    interpreter: parseReference(members.object('interpreter')),
    limits: parseLimits(members.object('limits')),
    nonce: members.string('nonce'),
    origin: members.string('origin'),
    outcome: parseOutcome('entry.outcome', members.any('outcome')),
    title: members.string('title'),
  }
  const script = parseScript(members.object('script'))
  if (seq !== 0 || !prev.equals(Hash.ZERO)) {
    throw new MalformedError('a genesis entry has seq 0 and prev 0')
  }
  if (auth !== 'signed' && auth !== 'debug') {
    throw new MalformedError('entry.auth is "signed" or "debug"')
  }
  if (genesis.title === '' || genesis.title.length > MAX_TITLE) {
    throw new MalformedError(`entry.title has from 1 to ${MAX_TITLE} characters`)
  }
  if (!/^[0-9a-f]{32}$/.test(genesis.nonce)) {
    throw new MalformedError('entry.nonce is 32 lower-case hex digits')
  }
  if (!('ok' in genesis.outcome)) {
    throw new MalformedError("a genesis entry's script has loaded")
  }
  if (genesis.origin !== originOf(genesis.title, genesis.nonce)) {
    throw new MalformedError('entry.origin is not made of its title and nonce')
  }
  return (common, blobs) => ({ ...common, ...genesis, auth, script: script(blobs) })
}

function parseAbort(members: Members): Lists {
  const caller = members.any('caller')
  const request = members.any('request')
  if ((caller === null) !== (request === null)) {
    throw new MalformedError('entry.caller and entry.request are null together or not')
  }
  const parsed = {
    kind: 'abort' as const,
    caller: caller === null ? null : parseCaller(caller),
    request: request === null ? null : parseText('entry.request', request),
  }
  return (common) => ({ ...common, ...parsed })
}

function noInputs(members: Members, kind: string): [] {
  const inputs = members.any('inputs')
  if (!Array.isArray(inputs) || inputs.length > 0) {
    throw new MalformedError(`an entry of kind ${kind} has no inputs`)
  }
  return []
}

/** The origin of a log: `glasshouse/TITLE/NONCE`, the title in plain characters. */
export function originOf(title: string, nonce: string): string {
  const plain = title.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[^a-z0-9._]/g, '-')
  return `glasshouse/${plain}/${nonce}`
}

/** The bytes of an entry; lists that do not fit into it are added to `blobs`. */
export function formatEntry(entry: Entry, blobs: Map<string, Uint8Array>): Uint8Array {
  return formatJson({
    inputs: formatList(entry.inputs.map(formatInput), blobs),
    kind: entry.kind,
    prev: entry.prev.hex(),
    root: entry.root.hex(),
    seq: entry.seq,
    time: entry.time,
    v: 1,
    writes: entry.writes.hex(),
    ...ownMembers(entry, blobs),
  })
}

function ownMembers(entry: Entry, blobs: Map<string, Uint8Array>): { [name: string]: Writable } {
  switch (entry.kind) {
    case 'genesis':
      return {
        auth: entry.auth,
        bootstrap: formatReference(entry.bootstrap),
        host: entry.host.format(),
        interpreter: formatReference(entry.interpreter),
        limits: entry.limits,
        nonce: entry.nonce,
        origin: entry.origin,
        outcome: formatOutcome(entry.outcome),
        script: formatScript(entry.script, blobs),
        title: entry.title,
      }
    case 'call':
      return {
        caller: formatCaller(entry.caller),
        request: formatText(entry.request),
        outcomes: formatList(entry.outcomes.map(formatOutcome), blobs),
      }
    case 'timer':
      return { outcome: formatOutcome(entry.outcome) }
    case 'abort':
      return {
        caller: entry.caller === null ? null : formatCaller(entry.caller),
        request: entry.request === null ? null : formatText(entry.request),
      }
    case 'image':
      return { due: entry.due, heap: formatHeap(entry.heap) }
  }
}
