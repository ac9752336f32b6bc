import { concat, decodeUtf8, encodeUtf8, equalBytes, fromBase64, toBase64, toHex } from './bytes.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import { PublicKey } from './public-key.js'

/** The longest text of a note, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 16 * 1024
/** The most signatures of a note. */
export const MAX_SIGNATURES = 100
/** The longest note: room for the longest text and the most and longest signatures. */
export const MAX_NOTE_BYTES = 1280 * 1024

const MAX_NAME_BYTES = 255
const MAX_SIGNATURE_BYTES = 8 * 1024
const KEY_ID_BYTES = 4
const DASH = '\u2014 '
const ED25519 = 0x01

/** Returns a name if it can name a key of a note, and so be the origin of a log. */
export function checkName(name: string): string {
  const length = encodeUtf8(name).length
  if (length === 0 || length > MAX_NAME_BYTES) {
    throw new MalformedError(`a key name has 1 to ${MAX_NAME_BYTES} bytes`)
  }
  // Unicode's separators, and the controls among ASCII with NEXT LINE.
  if (/[+\u0000-\u001f\u0085\p{Z}]/u.test(name)) {
    throw new MalformedError("a key name has no spaces, '+' or control characters")
  }
  return name
}

/** One line under a note: whose signature it is said to be, and its bytes. */
export class NoteSignature {
  /**
   * @param keyId 4 bytes that tell keys of one name apart
   * @param bytes 1 to 8,192, without the key id
   */
  constructor(
    readonly name: string,
    readonly keyId: Uint8Array,
    readonly bytes: Uint8Array,
  ) {
    checkName(name)
    if (keyId.length !== KEY_ID_BYTES) {
      throw new MalformedError('a note signature starts with 4 bytes of key id')
    }
    if (bytes.length === 0 || bytes.length > MAX_SIGNATURE_BYTES) {
      throw new MalformedError(`a note signature has 1 to ${MAX_SIGNATURE_BYTES} bytes, not ${bytes.length}`)
    }
  }

  /** Reads a line without its newline, and only what {@link format} writes. */
  static parse(line: string): NoteSignature {
    const space = line.indexOf(' ', DASH.length)
    if (!line.startsWith(DASH) || space < 0) {
      throw new MalformedError('a signature line is an em dash, a name and base64')
    }
    const decoded = fromBase64(line.slice(space + 1))
    return new NoteSignature(
      line.slice(DASH.length, space),
      decoded.subarray(0, KEY_ID_BYTES),
      decoded.subarray(KEY_ID_BYTES),
    )
  }

  /** The line without its newline. */
  format(): string {
    return `${DASH}${this.name} ${toBase64(concat(this.keyId, this.bytes))}`
  }
}

/** The key id of C2SP signed-note for a key of some type, and the vkey that it is written as. */
export function keyId(name: string, typedKey: Uint8Array): Uint8Array {
  return Hash.of(encodeUtf8(`${name}\n`), typedKey)
    .bytes()
    .subarray(0, KEY_ID_BYTES)
}

/** A vkey, `NAME+HEX8+BASE64(type ‖ key)`. */
export function formatVerifierKey(name: string, typedKey: Uint8Array): string {
  return `${name}+${toHex(keyId(name, typedKey))}+${toBase64(typedKey)}`
}

/** The name and the typed key of a vkey whose key id fits; reads only what is written. */
export function parseVerifierKey(vkey: string): { name: string; typedKey: Uint8Array } {
  // Base64 may hold a plus itself: only the first two separate.
  const first = vkey.indexOf('+')
  const second = first < 0 ? -1 : vkey.indexOf('+', first + 1)
  if (second < 0) {
    throw new MalformedError('a verifier key is NAME+HEX8+BASE64')
  }
  const name = checkName(vkey.slice(0, first))
  const typedKey = fromBase64(vkey.slice(second + 1))
  if (formatVerifierKey(name, typedKey) !== vkey) {
    throw new MalformedError('the key id of a verifier key does not fit its name and key')
  }
  return { name, typedKey }
}

/** A key that signs notes under a name: Ed25519, type 0x01 of C2SP signed-note. */
export class NoteKey {
  readonly id: Uint8Array

  constructor(
    readonly name: string,
    readonly key: PublicKey,
  ) {
    checkName(name)
    this.id = keyId(name, this.typedKey())
  }

  /** Reads a vkey, and only what {@link format} writes. */
  static parse(vkey: string): NoteKey {
    const { name, typedKey } = parseVerifierKey(vkey)
    if (typedKey.length !== 1 + PublicKey.BYTES || typedKey[0] !== ED25519) {
      throw new MalformedError('not an Ed25519 verifier key (type 0x01 and 32 bytes)')
    }
    return new NoteKey(name, PublicKey.fromBytes(typedKey.subarray(1)))
  }

  /** The vkey. */
  format(): string {
    return formatVerifierKey(this.name, this.typedKey())
  }

  /** Whether a signature carries this key's name and id; says nothing of its truth. */
  isNamedBy(signature: NoteSignature): boolean {
    return this.name === signature.name && equalBytes(this.id, signature.keyId)
  }

  private typedKey(): Uint8Array {
    return concat(Uint8Array.of(ED25519), this.key.bytes())
  }
}

/**
 * Text with signature lines, C2SP signed-note 1.0.0. Well formed, and no more than that: until
 * {@link isSignedBy} says so, anybody may have written it.
 */
export class Note {
  /**
   * @param text ends in a newline and has no other control characters
   * @param signatures 1 to 100, in the order of their lines
   */
  constructor(
    readonly text: string,
    readonly signatures: readonly NoteSignature[],
  ) {
    if (encodeUtf8(text).length > MAX_TEXT_BYTES) {
      throw new MalformedError(`the text of a note has at most ${MAX_TEXT_BYTES} bytes`)
    }
    if (!text.endsWith('\n')) {
      throw new MalformedError('the text of a note ends in a newline')
    }
    if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) {
      throw new MalformedError('a note has no control characters but newlines')
    }
    if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
      throw new MalformedError(`a note has 1 to ${MAX_SIGNATURES} signatures`)
    }
  }

  /** Reads the bytes of a whole note, and only what {@link format} writes. */
  static parse(bytes: Uint8Array, maxBytes = MAX_NOTE_BYTES): Note {
    if (bytes.length > maxBytes) {
      throw new MalformedError(`a note has at most ${maxBytes} bytes`)
    }
    return Note.parseText(decodeUtf8(bytes))
  }

  /** As {@link parse}, of a text of a length that has been looked at. */
  static parseText(note: string): Note {
    // The text may hold empty lines, signature lines cannot be empty: so the last one separates.
    const blank = note.lastIndexOf('\n\n')
    if (blank < 0) {
      throw new MalformedError('a note has an empty line between text and signatures')
    }
    if (!note.endsWith('\n')) {
      throw new MalformedError('the last line of a note ends in a newline')
    }
    const lines = note
      .slice(blank + 2)
      .split('\n')
      .slice(0, -1)
    if (lines.length > MAX_SIGNATURES) {
      throw new MalformedError(`a note has at most ${MAX_SIGNATURES} signatures`)
    }
    return new Note(note.slice(0, blank + 1), lines.map(NoteSignature.parse))
  }

  /** The note as a text. */
  format(): string {
    return `${this.text}\n${this.signatures.map((line) => `${line.format()}\n`).join('')}`
  }

  /**
   * Whether a key signed the text. Signatures of other keys are passed over; one that carries the
   * name and id of this key and does not hold makes it false, whatever the others say.
   */
  isSignedBy(key: NoteKey): boolean {
    const named = this.signatures.filter((signature) => key.isNamedBy(signature))
    const message = encodeUtf8(this.text)
    return named.length > 0 && named.every((signature) => key.key.verify(message, signature.bytes))
  }

  equals(other: Note): boolean {
    return this.format() === other.format()
  }
}
