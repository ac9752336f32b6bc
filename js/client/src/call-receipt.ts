import { type Hash, type Receipt, encodeUtf8, textOf } from 'glasshouse-formats'
import type { VerifiedAnswer } from './answer-check.js'
import type { HostDescription } from './host-description.js'

/**
 * The receipt of a call that was verified, with all that it takes to check it without a network and
 * after the host is gone: the genesis entry, and the blobs that the two entries name.
 */
export class CallReceipt {
  constructor(
    /** The id of the log. */
    readonly log: Hash,
    readonly receipt: Receipt,
    /** The bytes of entry 0. */
    readonly genesis: Uint8Array,
    /** By their SHA-256 in hex. */
    readonly blobs: ReadonlyMap<string, Uint8Array>,
  ) {}

  /** The index of the entry. */
  get index(): bigint {
    return this.receipt.index
  }

  /**
   * The files of `glass receipt` (formats.md, section 14), by how their names go on after the name of
   * the first: `''` is the `.tlog-proof` file, then `.entry`, `.genesis` and `.blobs/…`.
   */
  files(): Map<string, Uint8Array> {
    const files = new Map([
      ['', this.receipt.tlogProof().format()],
      ['.entry', this.receipt.entry],
      ['.genesis', this.genesis],
    ])
    for (const [sha256, bytes] of this.blobs) {
      files.set(`.blobs/${sha256}`, bytes)
    }
    return files
  }
}

/** The receipt of a verified answer; long texts, which the answer and the request have, are blobs of it. */
export function callReceipt(host: HostDescription, answer: VerifiedAnswer): CallReceipt {
  const blobs = new Map([...host.start.blobs, ...answer.blobs])
  const texts = answer.results.flatMap((result) => ('ok' in result ? [result.ok] : []))
  for (const text of [answer.request, ...texts]) {
    const form = textOf(text)
    if (typeof form !== 'string') {
      blobs.set(form.sha256.hex(), encodeUtf8(text))
    }
  }
  return new CallReceipt(host.log, answer.receipt, host.start.bytes, blobs)
}
