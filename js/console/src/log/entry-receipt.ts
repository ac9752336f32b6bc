import { CallReceipt } from 'glasshouse-client'
import { withBlobs } from 'glasshouse-client/host'
import {
  Hash,
  Note,
  Receipt,
  encodeUtf8,
  inclusionProof,
  parseEntry,
  readText,
} from 'glasshouse-formats'
import type { Host } from '../host.js'

/** The receipt of any entry, with all that it takes to check it without a network. */
export async function entryReceipt(host: Host, index: number): Promise<CallReceipt> {
  const { head, note, entries, published } = host
  const { bytes } = await entries.row(index)
  const genesis = (await entries.row(0)).bytes
  const proof = await inclusionProof(BigInt(index), head.size, entries.tree(head))
  const blobs = new Map<string, Uint8Array>()
  await withBlobs(published, blobs, () => {
    const first = parseEntry(genesis, blobs)
    const entry = parseEntry(bytes, blobs)
    const outcomes = entry.kind === 'call' ? entry.outcomes : []
    const request = 'request' in entry && entry.request !== null ? [entry.request] : []
    const texts = 'outcome' in first && 'ok' in first.outcome ? [first.outcome.ok] : []
    for (const text of [...texts, ...request, ...outcomes.flatMap((each) => ('ok' in each ? [each.ok] : []))]) {
      readText(text, blobs)
    }
  })
  const receipt = new Receipt(BigInt(index), bytes, proof, Note.parse(encodeUtf8(note)))
  return new CallReceipt(Hash.parseHex(host.log), receipt, genesis, blobs)
}
