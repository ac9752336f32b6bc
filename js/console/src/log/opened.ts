import { withBlobs } from 'glasshouse-client/host'
import {
  type Entry,
  Hash,
  type Input,
  type MethodCall,
  type Outcome,
  type SignedCall,
  type Text,
  callMessage,
  inclusionProof,
  leafHash,
  parseEntry,
  parseRequest,
  parseSignedCall,
  readText,
} from 'glasshouse-formats'
import { EMPTY } from '../archive.js'
import type { Host } from '../host.js'
import { type InclusionPath, followProof } from './inclusion.js'

/** Texts up to this length are fetched to be shown. */
const MAX_SHOWN = 2 ** 20

/** An entry with all that is shown of it, each part as this page has verified it. */
export interface Opened {
  readonly index: number
  readonly bytes: Uint8Array
  readonly entry: Entry
  readonly path: InclusionPath
  readonly leaf: Hash
  /** Whether `prev` is the leaf hash of the entry before. */
  readonly isChained: boolean
  /** The archive's root before the entry. */
  readonly rootBefore: Hash
  readonly request: OpenedRequest | undefined
  readonly outcomes: readonly Outcome[]
  readonly inputs: readonly Input[]
  /** The text, or undefined if it is too long to be shown. */
  text(text: Text): string | undefined
}

export interface OpenedRequest {
  readonly text: string
  readonly calls: readonly MethodCall[]
  /** What is signed; undefined for a caller who was taken at their word. */
  readonly signed: SignedCall | undefined
  /** Whether the signature is the caller's. */
  readonly holds: boolean
}

/** Reads an entry, and all that it takes to show it. */
export async function openEntry(host: Host, index: number): Promise<Opened> {
  const { head, entries, published } = host
  const { bytes } = await entries.row(index)
  const leaf = leafHash(bytes)
  const tree = entries.tree(head)
  const proof = await inclusionProof(BigInt(index), head.size, tree)
  const before = index === 0 ? undefined : (await entries.row(index - 1)).bytes
  const blobs = new Map<string, Uint8Array>()
  const { entry, rootBefore } = await withBlobs(published, blobs, () => ({
    entry: parseEntry(bytes, blobs),
    rootBefore: before === undefined ? EMPTY : parseEntry(before, blobs).root,
  }))
  const outcomes = entry.kind === 'call' ? entry.outcomes : 'outcome' in entry ? [entry.outcome] : []
  const texts = [...entry.inputs.map(({ answer }) => answer), ...outcomes.flatMap((each) => ('ok' in each ? [each.ok] : []))]
  const request = 'request' in entry && entry.request !== null ? entry.request : undefined
  for (const text of request === undefined ? texts : [request, ...texts]) {
    if (typeof text !== 'string' && (text === request || text.length <= MAX_SHOWN)) {
      blobs.set(text.sha256.hex(), await published.blob(text.sha256.hex()))
    }
  }
  return {
    index,
    bytes,
    entry,
    path: followProof(BigInt(index), leaf, head, proof),
    leaf,
    isChained: before === undefined ? entry.prev.equals(Hash.ZERO) : entry.prev.equals(leafHash(before)),
    rootBefore,
    request: request === undefined ? undefined : openRequest(entry, readText(request, blobs)),
    outcomes,
    inputs: entry.inputs,
    text: (text) => (typeof text === 'string' || blobs.has(text.sha256.hex()) ? readText(text, blobs) : undefined),
  }
}

function openRequest(entry: Entry, text: string): OpenedRequest {
  const caller = 'caller' in entry ? entry.caller : null
  if (caller === null || !('key' in caller)) {
    return { text, calls: parseRequest(text), signed: undefined, holds: false }
  }
  const signed = parseSignedCall(text)
  return { text, calls: signed.calls, signed, holds: caller.key.verify(callMessage(text), caller.signature) }
}
