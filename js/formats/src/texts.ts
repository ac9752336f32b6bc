import { decodeUtf8, encodeUtf8, utf8Length } from './bytes.js'
import { type Json, type Writable, formatJson, formatJsonText, parseJson } from './canonical-json.js'
import { MalformedError, MissingBlobError } from './errors.js'
import { Hash } from './hash.js'
import { Members } from './members.js'

/** Bytes of UTF-8 up to which a text stands in its entry. */
export const MAX_INLINE_TEXT = 1024
/** Bytes of canonical JSON up to which a list stands in its entry. */
export const MAX_INLINE_LIST = 16_384
/** Bytes of a list's blob. */
export const MAX_LIST_BYTES = 32 * 2 ** 20

/** Blobs by their SHA-256 in hex. What it gives has been hashed by whoever got it. */
export interface BlobReader {
  get(sha256: string): Uint8Array | undefined
}

/** The bytes of a blob, or {@link MissingBlobError}. */
export function requireBlob(blobs: BlobReader, sha256: Hash): Uint8Array {
  const bytes = blobs.get(sha256.hex())
  if (bytes === undefined) {
    throw new MissingBlobError(sha256.hex())
  }
  return bytes
}

/** How entries name a blob: `{"len":…,"sha256":…}`. */
export interface BlobReference {
  readonly length: number
  readonly sha256: Hash
}

/** A text in an entry: itself if it is short, otherwise the name of the blob that holds it. */
export type Text = string | BlobReference

/** The form that a text has in an entry. */
export function textOf(text: string): Text {
  if (utf8Length(text) <= MAX_INLINE_TEXT) {
    return text
  }
  const bytes = encodeUtf8(text)
  return { length: bytes.length, sha256: Hash.of(bytes) }
}

/** Whether two texts of entries are the same. */
export function sameText(one: Text, other: Text): boolean {
  if (typeof one === 'string' || typeof other === 'string') {
    return one === other
  }
  return one.length === other.length && one.sha256.equals(other.sha256)
}

/** Bytes of UTF-8 of a text. */
export function textLength(text: Text): number {
  return typeof text === 'string' ? utf8Length(text) : text.length
}

/** The text itself; {@link MissingBlobError} if its blob is not to be had. */
export function readText(text: Text, blobs: BlobReader): string {
  if (typeof text === 'string') {
    return text
  }
  const bytes = requireBlob(blobs, text.sha256)
  if (bytes.length !== text.length) {
    throw new MalformedError(`blob ${text.sha256} has ${bytes.length} bytes, not ${text.length}`)
  }
  return decodeUtf8(bytes)
}

export function parseText(where: string, json: Json): Text {
  if (typeof json === 'string') {
    if (utf8Length(json) > MAX_INLINE_TEXT) {
      throw new MalformedError(`${where}: a text over ${MAX_INLINE_TEXT} bytes must be a blob`)
    }
    return json
  }
  const reference = parseReference(Members.of(where, json))
  if (reference.length <= MAX_INLINE_TEXT) {
    throw new MalformedError(`${where}: a text of up to ${MAX_INLINE_TEXT} bytes must not be a blob`)
  }
  return reference
}

export function formatText(text: Text): Writable {
  return typeof text === 'string' ? text : formatReference(text)
}

export function parseReference(members: Members): BlobReference {
  const reference = { length: members.count('len'), sha256: members.hash('sha256') }
  members.end()
  return reference
}

export function formatReference(reference: BlobReference): { len: number; sha256: string } {
  return { len: reference.length, sha256: reference.sha256.hex() }
}

/** Reads a list that may be a blob. */
export function parseList(where: string, json: Json, maxItems: number, blobs: BlobReader): readonly Json[] {
  let list: Json = json
  if (Array.isArray(json)) {
    if (utf8Length(formatJsonText(json)) > MAX_INLINE_LIST) {
      throw new MalformedError(`${where} is too long to stand in an entry`)
    }
  } else {
    const reference = parseReference(Members.of(where, json))
    if (reference.length <= MAX_INLINE_LIST) {
      throw new MalformedError(`${where} is too short to be a blob`)
    }
    const bytes = requireBlob(blobs, reference.sha256)
    if (bytes.length !== reference.length) {
      throw new MalformedError(`${where} names a blob of a wrong length`)
    }
    list = parseJson(bytes, MAX_LIST_BYTES)
  }
  if (!Array.isArray(list) || list.length > maxItems) {
    throw new MalformedError(`${where} is an array of at most ${maxItems} items`)
  }
  return list
}

/** The form that a list has in an entry; one that is a blob is added to `blobs`. */
export function formatList(list: readonly Writable[], blobs: Map<string, Uint8Array>): Writable {
  const bytes = formatJson(list)
  if (bytes.length <= MAX_INLINE_LIST) {
    return list
  }
  const sha256 = Hash.of(bytes)
  blobs.set(sha256.hex(), bytes)
  return { len: bytes.length, sha256: sha256.hex() }
}
