import {
  type GenesisEntry,
  type Hash,
  type LogStart,
  MalformedError,
  Members,
  Note,
  SignedCheckpoint,
  encodeUtf8,
  leafHash,
  parseEntry,
  parseGuestJson,
  parseJson,
  readText,
} from 'glasshouse-formats'
import { type Blobs, type Published, withBlobs } from './published.js'

/**
 * What a host says it serves, as far as it agrees with itself: the log's id is computed from the
 * genesis entry, and the checkpoint is signed by the key that the entry names.
 */
export interface HostDescription {
  /** The id of the log. */
  readonly log: Hash
  readonly start: LogStart
  readonly checkpoint: SignedCheckpoint
  /** The exported methods, and how many parameters each declares. */
  readonly methods: ReadonlyMap<string, number>
}

/** Reads the result of `rpc.info`. */
export async function readHostDescription(json: string, published: Published): Promise<HostDescription> {
  const info = Members.of('rpc.info', parseJson(encodeUtf8(json)))
  const bytes = encodeUtf8(info.string('genesis'))
  const blobs: Blobs = new Map()
  const { genesis, methods } = await withBlobs(published, blobs, () => {
    const entry = parseEntry(bytes, blobs)
    if (entry.kind !== 'genesis') {
      throw new MalformedError("the host's genesis entry is none")
    }
    return { genesis: entry, methods: methodsOf(entry, blobs) }
  })
  const checkpoint = SignedCheckpoint.verify(
    Note.parse(encodeUtf8(info.string('checkpoint'))),
    genesis.origin,
    genesis.host,
  )
  return { log: leafHash(bytes), start: { genesis, bytes, blobs }, checkpoint, methods }
}

function methodsOf(genesis: GenesisEntry, blobs: Blobs): Map<string, number> {
  const list = 'ok' in genesis.outcome ? parseGuestJson(readText(genesis.outcome.ok, blobs)) : undefined
  if (!Array.isArray(list) || !list.every(isMethod)) {
    throw new MalformedError('the genesis entry does not list the methods')
  }
  return new Map(list)
}

function isMethod(item: unknown): item is [string, number] {
  return (
    Array.isArray(item) && item.length === 2 && typeof item[0] === 'string' && typeof item[1] === 'number'
  )
}
