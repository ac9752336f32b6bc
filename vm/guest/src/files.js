// System.files: the module's archive, with the names and errors of Dat's archives.
import {
  apply, BytesClass, charCodeAt, freeze, fromBase64, fromHex, named, parse, StringClass, stringify,
  toBase64, toHex, toWellFormed
} from './captured.js'
import { ask, OP } from './host.js'
import { bytesOf, format, unformat } from './values.js'

function pathOf (path) {
  if (typeof path !== 'string') throw named('InvalidPathError', 'a path must be a string')
  return toWellFormed(path)
}

function encodingOf (options, otherwise) {
  const encoding = typeof options === 'string' ? options
    : options && typeof options === 'object' ? options.encoding : undefined
  if (encoding === undefined || encoding === null) return otherwise
  switch (encoding) {
    case 'utf8': case 'utf-8': return 'utf8'
    case 'json': case 'base64': case 'hex': case 'binary': return encoding
  }
  throw named('InvalidEncodingError', 'encoding must be utf8, json, base64, hex or binary')
}

// Asks for [operation, path] or [operation, path, more].
function file (operation, path, more, body) {
  const rest = more === undefined ? '' : ',' + stringify(more)
  return ask(OP.file, '["' + operation + '",' + stringify(path) + rest + ']', body)
}

export function decode (bytes) {
  return ask(OP.file, '["decode"]', bytes)
}

function readFile (path, options) {
  const encoding = encodingOf(options, 'utf8')
  const at = pathOf(path)
  if (encoding === 'utf8') return file('readText', at)
  if (encoding === 'json') {
    // The one deviation from Dat: a path that does not exist is null as JSON, so that the
    // tutorial's persistent counter starts.
    const text = file('readJson', at)
    return text === undefined ? null : unformat(text)
  }
  const bytes = file('readBytes', at)
  if (encoding === 'base64') return toBase64(bytes)
  if (encoding === 'hex') return toHex(bytes)
  return bytes
}

export function contentOf (content, encoding) {
  const bytes = bytesOf(content)
  if (bytes !== null) return bytes
  switch (encoding) {
    case 'json': return format(content)
    case 'base64': return fromBase64(StringClass(content))
    case 'hex': return fromHex(StringClass(content))
    case 'binary': {
      const text = StringClass(content)
      const latin = new BytesClass(text.length)
      for (let i = 0; i < text.length; i++) latin[i] = charCodeAt(text, i)
      return latin
    }
  }
  if (encoding === undefined && typeof content !== 'string') return format(content)
  return toWellFormed(StringClass(content))
}

function writeFile (path, content, options) {
  const at = pathOf(path)
  const encoding = encodingOf(options, undefined)
  let body
  try {
    body = contentOf(content, encoding)
  } catch (e) {
    if (encoding === 'base64' || encoding === 'hex') {
      throw named('InvalidEncodingError', 'the content is not ' + encoding)
    }
    throw e
  }
  file('write', at, undefined, body)
}

function stat (path) {
  const found = parse(file('stat', pathOf(path)))
  return {
    type: found.type,
    size: found.size,
    sha256: found.sha256,
    isFile: () => found.type === 'file',
    isDirectory: () => found.type === 'directory'
  }
}

const recursive = (options) => !!(options && options.recursive)

// Every method answers with a promise, as Dat's do; the work itself is done at once, in order.
function promised (operation) {
  return async (...args) => apply(operation, undefined, args)
}

export const files = freeze({
  readFile: promised(readFile),
  writeFile: promised(writeFile),
  stat: promised(stat),
  readdir: promised((path, options) => parse(file('readdir', pathOf(path), recursive(options)))),
  mkdir: promised((path) => { file('mkdir', pathOf(path)) }),
  unlink: promised((path) => { file('unlink', pathOf(path)) }),
  rmdir: promised((path, options) => { file('rmdir', pathOf(path), recursive(options)) }),
  rename: promised((from, to) => { file('rename', pathOf(from), pathOf(to)) }),
  copy: promised((from, to) => { file('copy', pathOf(from), pathOf(to)) })
})
