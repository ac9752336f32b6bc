import { decodeUtf8, encodeUtf8 } from './bytes.js'
import { parseCount } from './checkpoint.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import { MAX_PROOF } from './members.js'
import { Note } from './note.js'

const MAX_BYTES = 256 * 1024
const OLD = 'old '

/** What is submitted to a witness: the body of `add-checkpoint` of C2SP tlog-witness. A claim. */
export interface Submission {
  /** The size of the checkpoint that the witness is believed to hold, 0 for none. */
  readonly oldSize: bigint
  /** Consistency proof from there. */
  readonly proof: readonly Hash[]
  readonly checkpoint: Note
}

/** Reads a body, and only what {@link formatSubmission} writes. */
export function parseSubmission(bytes: Uint8Array): Submission {
  if (bytes.length > MAX_BYTES) {
    throw new MalformedError(`a submission has at most ${MAX_BYTES} bytes`)
  }
  const body = decodeUtf8(bytes)
  // Proof lines are never empty, so the first empty line separates; a note's text may hold more.
  const blank = body.indexOf('\n\n')
  if (!body.startsWith(OLD) || blank < 0) {
    throw new MalformedError(
      'a submission is "old SIZE", the lines of a proof, an empty line and a checkpoint',
    )
  }
  const [size = '', ...proof] = body.slice(OLD.length, blank).split('\n')
  if (proof.length > MAX_PROOF) {
    throw new MalformedError(`a proof has at most ${MAX_PROOF} hashes`)
  }
  return {
    oldSize: parseCount(size),
    proof: proof.map((hash) => Hash.parseBase64(hash)),
    checkpoint: Note.parseText(body.slice(blank + 2)),
  }
}

export function formatSubmission(submission: Submission): Uint8Array {
  const proof = submission.proof.map((hash) => `${hash.base64()}\n`).join('')
  return encodeUtf8(`${OLD}${submission.oldSize}\n${proof}\n${submission.checkpoint.format()}`)
}
