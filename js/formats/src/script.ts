import { compareBytes, encodeUtf8 } from './bytes.js'
import type { Json, Writable } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { Members } from './members.js'
import {
  type BlobReader,
  type BlobReference,
  formatList,
  formatReference,
  parseList,
  parseReference,
} from './texts.js'

const MAX_FILES = 1024
const MAX_NAME = 256

/** One file of a script: where it stands in the module, and its source. */
export interface ScriptFile {
  readonly name: string
  readonly source: BlobReference
}

/** The files that a module may load, in the order of their names' bytes, and the first of them. */
export interface Script {
  readonly main: string
  readonly kind: 'commonjs' | 'module'
  readonly files: readonly ScriptFile[]
}

/** Reads what an entry says of a script, and gives what reads its list of files, which may be a blob. */
export function parseScript(members: Members): (blobs: BlobReader) => Script {
  const main = members.string('main')
  const kind = members.string('kind')
  const listed = members.any('files')
  members.end()
  if (kind !== 'commonjs' && kind !== 'module') {
    throw new MalformedError('entry.script.kind is "commonjs" or "module"')
  }
  return (blobs) => parseFiles(main, kind, listed, blobs)
}

function parseFiles(main: string, kind: Script['kind'], listed: Json, blobs: BlobReader): Script {
  const files = parseList('entry.script.files', listed, MAX_FILES, blobs).map(parseFile)
  files.forEach((file, i) => {
    const before = files[i - 1]
    if (before !== undefined && compareBytes(encodeUtf8(before.name), encodeUtf8(file.name)) >= 0) {
      throw new MalformedError("entry.script.files are in the order of their names' bytes, each once")
    }
  })
  if (!files.some((file) => file.name === main)) {
    throw new MalformedError(`entry.script.main is none of its files: ${main}`)
  }
  return { main, kind, files }
}

export function formatScript(script: Script, blobs: Map<string, Uint8Array>): Writable {
  const files = script.files.map((file) => ({ name: file.name, source: formatReference(file.source) }))
  return { files: formatList(files, blobs), kind: script.kind, main: script.main }
}

function parseFile(json: Json): ScriptFile {
  const members = Members.of('entry.script.files', json)
  const file = { name: members.string('name'), source: parseReference(members.object('source')) }
  members.end()
  if (file.name === '' || file.name.length > MAX_NAME) {
    throw new MalformedError(`the name of a script's file has from 1 to ${MAX_NAME} characters`)
  }
  if (file.name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new MalformedError(`the name of a script's file has an empty, "." or ".." segment: ${file.name}`)
  }
  return file
}
