import { encodeUtf8, formatString, concat } from 'glasshouse-formats'
import { type HostReply, REPLY } from './sandbox.js'
import { errorReply, textReply } from './replies.js'
import { commonJs } from './script-text.js'

// As require does in Node: the path itself, then with each of these.
const ENDINGS = ['', '.js', '.cjs', '.mjs', '.json', '/index.js', '/index.json']

/** The files of a module, as its own imports find them. Nothing else can be imported. */
export class ModuleFiles {
  constructor(private readonly files: ReadonlyMap<string, string>) {}

  /** The path of the file that a specifier means in the file `from`. */
  resolve(from: string, specifier: string): HostReply {
    const path = pathOf(from, specifier)
    if (path === undefined) {
      return errorReply(
        'ModuleNotFoundError',
        `cannot find "${specifier}": a module can import only its own files, by a path that begins with ./ or ../ and stays inside it; bundle what it needs from elsewhere`,
      )
    }
    for (const ending of ENDINGS) {
      const candidate = path === '' && ending.startsWith('/') ? ending.slice(1) : path + ending
      if (this.files.has(candidate)) {
        return textReply(candidate)
      }
    }
    return errorReply(
      'ModuleNotFoundError',
      `cannot find "${specifier}" from ${from}: the module has no file ${path}`,
    )
  }

  /** A file for `import`: the text of an ES module. */
  imported(path: string): HostReply {
    const source = this.files.get(path)
    if (source === undefined) {
      return missing(path)
    }
    return textReply(path.endsWith('.json') ? `export default ${json(source)}` : source)
  }

  /** A file for `require`: a function whose body the file is. */
  required(path: string): HostReply {
    const source = this.files.get(path)
    if (source === undefined) {
      return missing(path)
    }
    if (path.endsWith('.mjs')) {
      return errorReply('Error', `cannot require ${path}: it is an ES module; use import(\u2026)`)
    }
    const name = encodeUtf8(path)
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, name.length, true)
    const body = path.endsWith('.json') ? `module.exports = ${json(source)}` : source
    return { kind: REPLY.script, content: concat(length, name, encodeUtf8(commonJs(body))) }
  }
}

// Parsed as JSON, not read as a script: "__proto__" is a member like any other.
function json(source: string): string {
  return `JSON.parse(${formatString(source)})`
}

function missing(path: string): HostReply {
  return errorReply('ModuleNotFoundError', `the module has no file ${path}`)
}

// Undefined for what is no relative path, or leads outside.
function pathOf(from: string, specifier: string): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) {
    return undefined
  }
  const segments: string[] = []
  for (const segment of (from.slice(0, from.lastIndexOf('/') + 1) + specifier).split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) {
        return undefined
      }
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment)
    }
  }
  return segments.join('/')
}
