import { type Json, MAX_ENTRY_BYTES, MalformedError, parseJson } from 'glasshouse-formats'

export const FULL = 256
export const MAX_BUNDLE = FULL * (MAX_ENTRY_BYTES + 2)
export const MAX_BLOB = 256 * 2 ** 20
export const MAX_LISTING = 64 * 2 ** 20
export const PAGE_BYTES = 65_536

/** The indexes in the listing of images. */
export function imagesIn(listing: Uint8Array): number[] {
  const list = parseJson(listing)
  if (!Array.isArray(list)) {
    throw new MalformedError('a listing of images is no array')
  }
  return list.map((image) => {
    const index = image instanceof Map ? image.get('index') : undefined
    if (typeof index !== 'number') {
      throw new MalformedError('a listing of images has one without an index')
    }
    return index
  })
}

/** The names in the listing of a directory. */
export function namesIn(listing: Uint8Array): string[] {
  const value: Json = parseJson(listing)
  const entries = value instanceof Map ? value.get('entries') : undefined
  if (!Array.isArray(entries)) {
    throw new MalformedError('a directory listing has no "entries"')
  }
  return entries.map((entry) => {
    const name = entry instanceof Map ? entry.get('name') : undefined
    if (typeof name !== 'string') {
      throw new MalformedError('a directory listing has an entry without a name')
    }
    return name
  })
}
