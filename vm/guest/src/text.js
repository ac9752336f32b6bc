// TextEncoder and TextDecoder (Encoding Standard). UTF-8 goes through the interpreter's own URI functions,
// which are native and know UTF-8: much faster than a loop here. The loop is for malformed bytes only.
import {
  atobOf, bareArray, btoaOf, BytesClass, charCodeAt, create, decodeUri, encodeUri, escapeOf, fromBase64,
  fromCharCode, fromCodePoint, isWellFormed, put, RangeErrorClass, setBytes, slice, StringClass, subarray,
  tagSymbol, toBase64, toLowerCase, toWellFormed, TypeErrorClass, unescapeOf
} from './captured.js'
import { bytesOf } from './values.js'

const CHUNK = 32768
const REPLACEMENT = '\ufffd'
const BOM = '\ufeff'
const NO_BYTES = new BytesClass(0)

const LABELS = create(null)
function labelled (encoding, labels) {
  for (const label of labels) LABELS[label] = encoding
}
labelled('utf-8', [
  'utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'
])
labelled('utf-16le', [
  'utf-16le', 'utf-16', 'ucs-2', 'iso-10646-ucs-2', 'csunicode', 'unicode', 'unicodefeff'
])
labelled('utf-16be', ['utf-16be', 'unicodefffe'])
labelled('windows-1252', [
  'windows-1252', 'cp1252', 'x-cp1252', 'latin1', 'l1', 'iso-8859-1', 'iso8859-1', 'iso88591',
  'iso_8859-1', 'iso_8859-1:1987', 'iso-ir-100', 'csisolatin1', 'ascii', 'us-ascii', 'ansi_x3.4-1968',
  'cp819', 'ibm819'
])

// 0x80 to 0x9f of windows-1252; the rest is Latin-1.
const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d' +
  '\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'

// --- UTF-8 ---

function encodeUtf8 (text) {
  const wellFormed = toWellFormed(text)
  const chunks = bareArray()
  let length = 0
  for (let from = 0; from < wellFormed.length;) {
    let to = from + CHUNK
    // Not between the halves of a pair.
    if (to < wellFormed.length && (charCodeAt(wellFormed, to) & 0xfc00) === 0xdc00) to--
    const chunk = fromBase64(btoaOf(unescapeOf(encodeUri(slice(wellFormed, from, to)))))
    chunks[chunks.length] = chunk
    length += chunk.length
    from = to
  }
  if (chunks.length === 1) return chunks[0]
  const bytes = new BytesClass(length)
  for (let i = 0, at = 0; i < chunks.length; i++) {
    setBytes(bytes, chunks[i], at)
    at += chunks[i].length
  }
  return bytes
}

// Bytes at the end of bytes[0, end) that begin a character without finishing it.
function unfinished (bytes, end) {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back]
    if ((byte & 0xc0) === 0x80) continue
    return lengthFrom(byte) > back ? back : 0
  }
  return 0
}

// Bytes of the character that begins with this one.
function lengthFrom (byte) {
  if (byte < 0xc2 || byte > 0xf4) return 1
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

// Null for malformed bytes if they are an error.
function decodeUtf8 (bytes, fatal) {
  let text = ''
  for (let from = 0; from < bytes.length;) {
    let to = from + CHUNK
    if (to >= bytes.length) to = bytes.length
    else to -= unfinished(bytes, to)
    const chunk = subarray(bytes, from, to)
    try {
      text += decodeUri(escapeOf(latin1(chunk)))
    } catch (e) {
      if (fatal) return null
      text += repaired(chunk)
    }
    from = to
  }
  return text
}

// Malformed bytes replaced as the Encoding Standard says: one replacement for each maximal part.
function repaired (bytes) {
  let text = ''
  let code = 0
  let needed = 0
  let lower = 0x80
  let upper = 0xbf
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (needed === 0) {
      if (byte < 0x80) {
        text += fromCharCode(byte)
      } else if (byte >= 0xc2 && byte < 0xe0) {
        needed = 1
        code = byte & 0x1f
      } else if (byte >= 0xe0 && byte < 0xf0) {
        if (byte === 0xe0) lower = 0xa0
        if (byte === 0xed) upper = 0x9f
        needed = 2
        code = byte & 0xf
      } else if (byte >= 0xf0 && byte < 0xf5) {
        if (byte === 0xf0) lower = 0x90
        if (byte === 0xf4) upper = 0x8f
        needed = 3
        code = byte & 0x7
      } else {
        text += REPLACEMENT
      }
      continue
    }
    const fits = byte >= lower && byte <= upper
    lower = 0x80
    upper = 0xbf
    if (!fits) {
      needed = 0
      text += REPLACEMENT
      i--
      continue
    }
    code = code << 6 | (byte & 0x3f)
    needed--
    if (needed === 0) text += fromCodePoint(code)
  }
  return needed === 0 ? text : text + REPLACEMENT
}

// --- The others ---

function latin1 (bytes) {
  return atobOf(toBase64(bytes))
}

function decodeWindows1252 (bytes) {
  const plain = latin1(bytes)
  let text = ''
  let from = 0
  for (let i = 0; i < plain.length; i++) {
    const code = charCodeAt(plain, i)
    if (code < 0x80 || code > 0x9f) continue
    text += slice(plain, from, i) + WINDOWS_1252[code - 0x80]
    from = i + 1
  }
  return text + slice(plain, from)
}

function decodeUtf16 (bytes, high, fatal) {
  let text = ''
  const even = bytes.length - bytes.length % 2
  for (let i = 0; i < even; i += 2) text += fromCharCode(bytes[i + high] << 8 | bytes[i + 1 - high])
  if (even < bytes.length) text += '\ud800'
  if (isWellFormed(text)) return text
  return fatal ? null : toWellFormed(text)
}

// Bytes at the end that the next ones may continue.
function unfinishedUtf16 (bytes, high) {
  const odd = bytes.length % 2
  const last = bytes.length - odd - 2 + high
  return odd + (last >= 0 && (bytes[last] & 0xfc) === 0xd8 ? 2 : 0)
}

function joined (first, second) {
  if (first.length === 0) return second
  const bytes = new BytesClass(first.length + second.length)
  setBytes(bytes, first)
  setBytes(bytes, second, first.length)
  return bytes
}

function trimmed (label) {
  let from = 0
  let to = label.length
  const isSpace = (at) => {
    const code = charCodeAt(label, at)
    return code === 32 || (code >= 9 && code <= 13 && code !== 11)
  }
  while (from < to && isSpace(from)) from++
  while (to > from && isSpace(to - 1)) to--
  return slice(label, from, to)
}

export class TextDecoder {
  #encoding
  #fatal
  #ignoreBOM
  #streaming = false
  #begun = false
  #rest = NO_BYTES

  constructor (label = 'utf-8', options = {}) {
    const name = StringClass(label)
    const encoding = LABELS[toLowerCase(trimmed(name))]
    if (encoding === undefined) {
      const known = 'utf-8, utf-16le, utf-16be and windows-1252'
      throw new RangeErrorClass('TextDecoder knows ' + known + ', not ' + slice(name, 0, 64))
    }
    this.#encoding = encoding
    this.#fatal = !!(options && options.fatal)
    this.#ignoreBOM = !!(options && options.ignoreBOM)
  }

  get encoding () { return this.#encoding }

  get fatal () { return this.#fatal }

  get ignoreBOM () { return this.#ignoreBOM }

  decode (input, options) {
    const more = input === undefined ? NO_BYTES : bytesOf(input)
    if (more === null) throw new TypeErrorClass('decode takes an ArrayBuffer or a view of one')
    if (!this.#streaming) {
      this.#begun = false
      this.#rest = NO_BYTES
    }
    this.#streaming = !!(options && options.stream)
    let bytes = joined(this.#rest, more)
    this.#rest = NO_BYTES
    if (this.#streaming) {
      const whole = bytes.length - this.#unfinished(bytes)
      this.#rest = new BytesClass(subarray(bytes, whole))
      bytes = subarray(bytes, 0, whole)
    }
    return this.#withoutBom(this.#decoded(bytes))
  }

  #unfinished (bytes) {
    switch (this.#encoding) {
      case 'utf-8': return unfinished(bytes, bytes.length)
      case 'utf-16le': return unfinishedUtf16(bytes, 1)
      case 'utf-16be': return unfinishedUtf16(bytes, 0)
    }
    return 0
  }

  #decoded (bytes) {
    const fatal = this.#fatal
    let text
    switch (this.#encoding) {
      case 'utf-8': text = decodeUtf8(bytes, fatal); break
      case 'utf-16le': text = decodeUtf16(bytes, 1, fatal); break
      case 'utf-16be': text = decodeUtf16(bytes, 0, fatal); break
      default: text = decodeWindows1252(bytes)
    }
    if (text !== null) return text
    this.#streaming = false
    throw new TypeErrorClass('the bytes are not ' + this.#encoding)
  }

  #withoutBom (text) {
    if (this.#begun || text === '') return text
    this.#begun = true
    const skip = !this.#ignoreBOM && this.#encoding !== 'windows-1252' && text[0] === BOM
    return skip ? slice(text, 1) : text
  }
}

export class TextEncoder {
  get encoding () { return 'utf-8' }

  encode (text = '') {
    return encodeUtf8(StringClass(text))
  }

  encodeInto (source, destination) {
    const room = bytesOf(destination)
    if (room === null) throw new TypeErrorClass('encodeInto takes a Uint8Array')
    const text = StringClass(source)
    // No character takes less than a byte.
    const bytes = encodeUtf8(slice(text, 0, room.length))
    let written = bytes.length
    if (written > room.length) {
      written = room.length
      while (written > 0 && (bytes[written] & 0xc0) === 0x80) written--
    }
    const fitting = subarray(bytes, 0, written)
    setBytes(room, fitting)
    return { read: decodeUtf8(fitting, false).length, written }
  }
}

put(TextDecoder.prototype, tagSymbol, 'TextDecoder', false)
put(TextEncoder.prototype, tagSymbol, 'TextEncoder', false)
