// Stands in for the package tr46 under whatwg-url, whose Unicode tables are larger than all else here:
// internationalised host names by the interpreter's own normalisation instead (UTS #46, processing without
// transition, approximately: what the standard maps or ignores by its table is done for what occurs).
import { decode, encode } from 'punycode/punycode.es6.js'

const IGNORED = /[\u00ad\u034f\u180b-\u180d\u200b\u2060\u2064\ufe00-\ufe0f\ufeff]/gu
// A literal would be compiled before anything of the library runs; this one is large.
let notAllowed
const ASCII = /^[\0-\x7f]*$/

// Letter by letter: the lower case of a word may be another.
function mapped (text) {
  const folded = [...text.normalize('NFKC')].map((letter) => letter.toLowerCase()).join('')
  return folded.replace(IGNORED, '').normalize('NFC').replaceAll('\u3002', '.')
}

function isValid (label) {
  notAllowed ??= new RegExp(
    '[\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zs}\\p{Zl}\\p{Zp}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufffd]', 'u')
  return !notAllowed.test(label) && !new RegExp('^\\p{M}', 'u').test(label)
}

function labelToAscii (label) {
  if (label.startsWith('xn--')) {
    const shown = decode(label.slice(4))
    if (shown === '' || ASCII.test(shown) || mapped(shown) !== shown || !isValid(shown)) throw new RangeError()
    return label
  }
  if (ASCII.test(label)) return label
  if (!isValid(label)) throw new RangeError()
  return 'xn--' + encode(label)
}

// The ASCII form of a host name; null if it has none.
export function toASCII (domain) {
  try {
    return mapped(domain).split('.').map(labelToAscii).join('.')
  } catch {
    return null
  }
}
