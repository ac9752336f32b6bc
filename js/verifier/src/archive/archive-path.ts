import { decodeUtf8, encodeUtf8 } from 'glasshouse-formats'

/**
 * The key of a file or directory (formats.md, section 9): the UTF-8 bytes of its path, each as one
 * character, so that they compare and part as bytes do. That of the root directory is empty.
 */
export type Key = string

export const SLASH = '/'
const MAX_SEGMENT = 255
const MAX_PATH = 1024

/** A file operation that a backend asked for and that cannot be done; the archive is as before. */
export class FileError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }

  static invalidPath(message: string): FileError {
    return new FileError('InvalidPathError', message)
  }

  static notFound(): FileError {
    return new FileError('NotFoundError', 'File not found')
  }

  static alreadyExists(message: string): FileError {
    return new FileError('EntryAlreadyExistsError', message)
  }

  static quotaExceeded(message: string): FileError {
    return new FileError('QuotaExceededError', message)
  }
}

/** Bytes as characters. */
export function bytesKey(bytes: Uint8Array): Key {
  let key = ''
  for (const byte of bytes) {
    key += String.fromCharCode(byte)
  }
  return key
}

/** Characters as the bytes that they stand for. */
export function keyBytes(key: Key): Uint8Array {
  const bytes = new Uint8Array(key.length)
  for (let i = 0; i < key.length; i++) {
    bytes[i] = key.charCodeAt(i)
  }
  return bytes
}

/** A key as a text, with the trailing slash of a directory. */
export function keyText(key: Key): string {
  return decodeUtf8(keyBytes(key))
}

export function isDirectoryKey(key: Key): boolean {
  return key === '' || key.endsWith(SLASH)
}

/** The key of the directory that holds this one; the root's is the root. */
export function parentKey(key: Key): Key {
  return key.slice(0, key.lastIndexOf(SLASH, key.length - 2) + 1)
}

/** A path as a backend writes it, normalised: absolute, single slashes, none at the end. */
export class ArchivePath {
  private constructor(
    /** The path without its leading slash: a file's key; empty for the root. */
    private readonly bytes: Key,
    /** Whether it was written with a slash at its end. */
    readonly hasTrailingSlash: boolean,
  ) {}

  static parse(path: string): ArchivePath {
    let utf8: Uint8Array
    try {
      utf8 = encodeUtf8(path)
    } catch {
      throw FileError.invalidPath('Path contains an unpaired surrogate')
    }
    const written = bytesKey(utf8)
    const collapsed = written.replace(/\/+/g, SLASH).replace(/^\//, '').replace(/\/$/, '')
    return ArchivePath.checked(collapsed, written.endsWith(SLASH))
  }

  private static checked(bytes: Key, trailingSlash: boolean): ArchivePath {
    if (bytes !== '') {
      const fault = faultOf(bytes)
      if (fault !== undefined) {
        throw FileError.invalidPath(fault)
      }
    }
    return new ArchivePath(bytes, trailingSlash)
  }

  get isRoot(): boolean {
    return this.bytes === ''
  }

  /** The key of a file at this path. Not for the root. */
  get fileKey(): Key {
    return this.bytes
  }

  /** The key of a directory at this path. */
  get directoryKey(): Key {
    return this.isRoot ? '' : this.bytes + SLASH
  }

  /** The directory that holds this path; the root's is the root. */
  parent(): ArchivePath {
    return new ArchivePath(this.bytes.slice(0, Math.max(0, this.bytes.lastIndexOf(SLASH))), false)
  }

  /** Whether this is `other` or a path below it. */
  isWithin(other: ArchivePath): boolean {
    return this.directoryKey.startsWith(other.directoryKey)
  }

  /** This path followed by what a key has beyond its first `from` bytes. */
  resolve(key: Key, from: number): ArchivePath {
    const end = isDirectoryKey(key) ? key.length - 1 : key.length
    return ArchivePath.checked(this.directoryKey + key.slice(from, end), false)
  }

  toString(): string {
    return `/${keyText(this.bytes)}`
  }
}

// What is wrong with a path given without leading and trailing slash, in the order of its bytes.
function faultOf(path: Key): string | undefined {
  if (path.length + 1 > MAX_PATH) {
    return `Path is longer than ${MAX_PATH} bytes`
  }
  let start = 0
  for (let i = 0; i <= path.length; i++) {
    if (i === path.length || path[i] === SLASH) {
      const segment = path.slice(start, i)
      if (segment === '') {
        return 'Path contains an empty segment'
      }
      if (segment.length > MAX_SEGMENT) {
        return `Path has a segment longer than ${MAX_SEGMENT} bytes`
      }
      if (segment === '.' || segment === '..') {
        return 'Path contains . or ..'
      }
      start = i + 1
    } else if (path.charCodeAt(i) < 0x20) {
      return 'Path contains invalid characters'
    }
  }
  return undefined
}
