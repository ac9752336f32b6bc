// Packages from npm that few modules use. Each is kept as source text (libraries/, bundled by build.mjs)
// and evaluated when it is first needed: reading all of them would double the time to open a sandbox.
import { evaluate, StringClass } from './captured.js'
import buffer from 'library:./libraries/buffer.js'
import hashes from 'library:./libraries/hashes.js'
import url from 'library:./libraries/url.js'
import { TextDecoder, TextEncoder } from './text.js'

const sources = { __proto__: null, buffer, hashes, url }
const exported = { __proto__: null, url: undefined }

export function library (name) {
  if (exported[name] === undefined) {
    exported[name] = evaluate(sources[name])(TextEncoder, TextDecoder)
    delete sources[name]
  }
  return exported[name]
}

// The text of a URL object; null for anything else.
export function addressOf (value) {
  const { url } = exported
  return url !== undefined && value instanceof url.URL ? StringClass(value.href) : null
}
