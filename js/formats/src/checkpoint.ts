import { MalformedError, UnverifiedError } from './errors.js'
import { Hash } from './hash.js'
import { Note, NoteKey, checkName } from './note.js'
import type { PublicKey } from './public-key.js'
import { TreeHead } from './tree.js'

const MAX_COUNT = 2n ** 63n

/** Reads a size or an index: decimal digits below 2^63 without leading zeros. */
export function parseCount(digits: string): bigint {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(digits) || BigInt(digits) >= MAX_COUNT) {
    throw new MalformedError('a size or index is written in digits, without leading zeros, below 2^63')
  }
  return BigInt(digits)
}

/** What a log signs: origin and tree head, the text of C2SP tlog-checkpoint in three lines. */
export class Checkpoint {
  constructor(
    readonly origin: string,
    readonly head: TreeHead,
  ) {
    checkName(origin)
  }

  /** Reads the text of a note, and only what {@link text} writes: no extension lines. */
  static parse(text: string): Checkpoint {
    const [origin, size, root, end, ...more] = text.split('\n')
    if (origin === undefined || size === undefined || root === undefined || end !== '' || more.length > 0) {
      throw new MalformedError('a checkpoint has three lines: origin, size and root')
    }
    return new Checkpoint(origin, new TreeHead(parseCount(size), Hash.parseBase64(root)))
  }

  /** The text of the note. */
  text(): string {
    return `${this.origin}\n${this.head.size}\n${this.head.root.base64()}\n`
  }
}

/** A checkpoint that has been verified against a key and an origin known from elsewhere. */
export class SignedCheckpoint {
  private constructor(
    readonly checkpoint: Checkpoint,
    /** The note with all its signature lines, also those of unknown keys. */
    readonly note: Note,
  ) {}

  /**
   * Verifies a checkpoint.
   *
   * @throws MalformedError if it is none
   * @throws UnverifiedError if it is of another log, or not signed by the key
   */
  static verify(note: Note, origin: string, key: PublicKey): SignedCheckpoint {
    if (!note.isSignedBy(new NoteKey(origin, key))) {
      throw new UnverifiedError(`the checkpoint is not signed by ${key.format()} as ${origin}`)
    }
    const checkpoint = Checkpoint.parse(note.text)
    if (checkpoint.origin !== origin) {
      throw new UnverifiedError(`the checkpoint is of ${checkpoint.origin}, not of ${origin}`)
    }
    return new SignedCheckpoint(checkpoint, note)
  }

  /** Size and root that were signed. */
  get head(): TreeHead {
    return this.checkpoint.head
  }
}
