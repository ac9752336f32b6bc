import { readFileSync } from 'node:fs'
import { encodeUtf8, fromHex } from 'glasshouse-formats'

/** A file of docs/vectors. What its members are, its own `about` says. */
export function vectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../../../docs/vectors/${name}.json`, import.meta.url), 'utf8'))
}

/** The bytes of a case: of its `text`, or those in `hex` if they are not UTF-8. */
export function bytesOf(each: { text?: string; hex?: string }): Uint8Array {
  return each.text === undefined ? fromHex(each.hex ?? '') : encodeUtf8(each.text)
}
