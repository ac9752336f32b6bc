import { formatJsonText } from 'glasshouse-formats'
import type { Archive } from '../archive/archive.js'
import { FileError } from '../archive/archive-path.js'
import { NONE, bytesReply, errorReply, textReply } from './replies.js'
import type { HostReply } from './sandbox.js'

// Malformed UTF-8 becomes U+FFFD as in the Encoding Standard; a byte order mark stays.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** `System.files` as the guest asks for it: `["operation", …]` and a body. */
export function answerFileCall(archive: Archive, call: string, body: Uint8Array): HostReply {
  try {
    const args = parse(call)
    return perform(archive, text(args, 0), args, body)
  } catch (error) {
    if (error instanceof FileError) {
      return errorReply(error.name, error.message)
    }
    throw error
  }
}

function perform(archive: Archive, operation: string, args: readonly unknown[], body: Uint8Array): HostReply {
  switch (operation) {
    case 'readText':
      return textReply(decoder.decode(archive.readFile(text(args, 1))))
    case 'readJson':
      return readJson(archive, text(args, 1))
    case 'readBytes':
      return bytesReply(archive.readFile(text(args, 1)))
    case 'stat': {
      const file = archive.stat(text(args, 1))
      return textReply(
        formatJsonText(
          file === undefined
            ? { size: 0, type: 'directory' }
            : { sha256: file.sha256.hex(), size: file.length, type: 'file' },
        ),
      )
    }
    case 'readdir':
      return textReply(formatJsonText(archive.readdir(text(args, 1), args[2] === true)))
    case 'decode':
      return textReply(decoder.decode(body))
    default:
      change(archive, operation, args, body)
      return NONE
  }
}

function change(archive: Archive, operation: string, args: readonly unknown[], body: Uint8Array): void {
  switch (operation) {
    case 'write':
      return archive.writeFile(text(args, 1), body.slice())
    case 'mkdir':
      return archive.mkdir(text(args, 1))
    case 'unlink':
      return archive.unlink(text(args, 1))
    case 'rmdir':
      return archive.rmdir(text(args, 1), args[2] === true)
    case 'rename':
      return archive.rename(text(args, 1), text(args, 2))
    case 'copy':
      return archive.copy(text(args, 1), text(args, 2))
    default:
      throw new FileError('TypeError', `there is no file operation ${operation}`)
  }
}

function readJson(archive: Archive, path: string): HostReply {
  try {
    return textReply(decoder.decode(archive.readFile(path)))
  } catch (error) {
    if (error instanceof FileError && error.name === 'NotFoundError') {
      return NONE
    }
    throw error
  }
}

function parse(call: string): readonly unknown[] {
  try {
    const args: unknown = JSON.parse(call)
    return Array.isArray(args) ? args : []
  } catch {
    throw new FileError('TypeError', 'a file operation is malformed')
  }
}

function text(args: readonly unknown[], at: number): string {
  const arg = args[at]
  if (arg === undefined || arg === true) {
    throw new FileError('TypeError', 'a file operation lacks an argument')
  }
  return String(arg)
}
