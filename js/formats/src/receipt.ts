import { decodeUtf8, encodeUtf8 } from './bytes.js'
import { type Json, type Writable, formatJson, parseJson } from './canonical-json.js'
import { Checkpoint, SignedCheckpoint, parseCount } from './checkpoint.js'
import { MalformedError, UnverifiedError } from './errors.js'
import { Hash } from './hash.js'
import { MAX_PROOF, Members } from './members.js'
import { MAX_NOTE_BYTES, Note } from './note.js'
import { verifyInclusion } from './proofs.js'
import type { PublicKey } from './public-key.js'
import { MAX_ENTRY_BYTES } from './tiles.js'
import { leafHash } from './tree.js'

// An entry whose every byte needs an escape, a note, and a proof.
const MAX_RECEIPT_BYTES = 6 * MAX_ENTRY_BYTES + 2 * MAX_NOTE_BYTES + 4096
const MAX_TLOG_PROOF_BYTES = MAX_NOTE_BYTES + 4096
const TLOG_PROOF = 'c2sp.org/tlog-proof@v1\nindex '

/** What a caller keeps of a call (formats.md, section 14). A claim until {@link verify}. */
export class Receipt {
  constructor(
    readonly index: bigint,
    /** The entry's bytes. */
    readonly entry: Uint8Array,
    /** Inclusion proof, the leaf's sibling first. */
    readonly proof: readonly Hash[],
    readonly checkpoint: Note,
  ) {}

  /** Reads the bytes of a receipt, and only what {@link format} writes. */
  static parse(bytes: Uint8Array): Receipt {
    return Receipt.fromJson(parseJson(bytes, MAX_RECEIPT_BYTES))
  }

  static fromJson(json: Json): Receipt {
    const members = Members.of('receipt', json)
    const receipt = new Receipt(
      BigInt(members.count('index')),
      encodeUtf8(members.string('entry')),
      members.proof('proof'),
      Note.parse(encodeUtf8(members.string('checkpoint'))),
    )
    members.end()
    return receipt
  }

  toJson(): Writable {
    return {
      checkpoint: this.checkpoint.format(),
      entry: decodeUtf8(this.entry),
      index: Number(this.index),
      proof: this.proof.map((hash) => hash.base64()),
    }
  }

  /** The bytes of a receipt. */
  format(): Uint8Array {
    return formatJson(this.toJson())
  }

  /**
   * Verifies that a log's key signed a tree that has the entry at the index.
   *
   * @throws UnverifiedError if it did not
   */
  verify(origin: string, key: PublicKey): SignedCheckpoint {
    const signed = SignedCheckpoint.verify(this.checkpoint, origin, key)
    this.requireIncluded(signed)
    return signed
  }

  /** As {@link verify}, for a receipt whose checkpoint has been verified already. */
  requireIncluded(signed: SignedCheckpoint): void {
    if (!signed.note.equals(this.checkpoint)) {
      throw new UnverifiedError('the receipt has another checkpoint')
    }
    requireIncluded(this.index, leafHash(this.entry), this.proof, signed)
  }

  /** The same proof as a `.tlog-proof` file. */
  tlogProof(): TlogProof {
    return new TlogProof(this.index, this.proof, this.checkpoint)
  }
}

/** What a `.tlog-proof` file holds (C2SP tlog-proof). A claim until {@link verify}. */
export class TlogProof {
  constructor(
    readonly index: bigint,
    readonly hashes: readonly Hash[],
    /** With all its signatures, none of them verified. */
    readonly checkpoint: Note,
  ) {
    if (hashes.length > MAX_PROOF) {
      throw new MalformedError(`a proof has at most ${MAX_PROOF} hashes`)
    }
    // A note's text may hold empty lines: hashes behind one would else pass as the note's first lines.
    Checkpoint.parse(checkpoint.text)
  }

  /** Reads a whole file, and only what {@link format} writes; the line `extra` is refused. */
  static parse(bytes: Uint8Array): TlogProof {
    if (bytes.length > MAX_TLOG_PROOF_BYTES) {
      throw new MalformedError(`a proof file has at most ${MAX_TLOG_PROOF_BYTES} bytes`)
    }
    const file = decodeUtf8(bytes)
    const blank = file.indexOf('\n\n')
    if (!file.startsWith(TLOG_PROOF) || blank < 0) {
      throw new MalformedError(
        'a proof file has c2sp.org/tlog-proof@v1, its index, hashes, an empty line and a checkpoint',
      )
    }
    const [index = '', ...hashes] = file.slice(TLOG_PROOF.length, blank).split('\n')
    return new TlogProof(
      parseCount(index),
      hashes.map((hash) => Hash.parseBase64(hash)),
      Note.parseText(file.slice(blank + 2)),
    )
  }

  /** The bytes of the file. */
  format(): Uint8Array {
    const hashes = this.hashes.map((hash) => `${hash.base64()}\n`).join('')
    return encodeUtf8(`${TLOG_PROOF}${this.index}\n${hashes}\n${this.checkpoint.format()}`)
  }

  /**
   * Verifies that the log signed a tree that has a leaf at the index.
   *
   * @param leaf the leaf hash of the entry, computed by the caller
   * @throws UnverifiedError if it did not
   */
  verify(leaf: Hash, origin: string, key: PublicKey): SignedCheckpoint {
    const signed = SignedCheckpoint.verify(this.checkpoint, origin, key)
    requireIncluded(this.index, leaf, this.hashes, signed)
    return signed
  }
}

function requireIncluded(index: bigint, leaf: Hash, proof: readonly Hash[], signed: SignedCheckpoint): void {
  if (!verifyInclusion(index, leaf, signed.head, proof)) {
    throw new UnverifiedError(`the entry is not at index ${index} of the signed tree`)
  }
}
