import {
  type ArchiveFile,
  ArchiveProof,
  type ArchiveValue,
  type Hash,
  MalformedError,
} from 'glasshouse-formats'
import type { Published } from './published.js'

const MAX_PROOF = 64 * 2 ** 20

/** What is at a path, and the proof of it under a root (formats.md, section 9). */
export interface Proved<T> {
  readonly value: T
  readonly proof: Uint8Array
}

/**
 * The files under an archive's root, which its reader knows from a signed tree. Whatever it gives is
 * proved from the root on; what does not hold is thrown, as MalformedError or UnverifiedError, and
 * what is withheld as UnverifiableError.
 *
 * A key is a path without a slash before it; that of a directory has one after it, and that of the
 * root directory is empty.
 */
export class ProvedArchive {
  constructor(
    private readonly published: Published,
    readonly root: Hash,
  ) {}

  /** All that is directly in a directory, by key; undefined if it is proved that there is none. */
  async listing(key: string): Promise<Proved<ReadonlyMap<string, ArchiveValue> | undefined>> {
    const proof = await this.read(key)
    return { value: ArchiveProof.parse(proof).showListing(this.root, key), proof }
  }

  /** What is at a path; undefined if it is proved that nothing is. */
  async at(key: string): Promise<Proved<ArchiveValue | undefined>> {
    const proof = await this.read(key)
    return { value: ArchiveProof.parse(proof).showPath(this.root, key), proof }
  }

  /** The bytes of a file: those that its hash names, all of them or none. */
  async content({ sha256, length }: ArchiveFile): Promise<Uint8Array> {
    const bytes = await this.published.blob(sha256.hex(), length)
    if (bytes.length !== length) {
      throw new MalformedError(`a file of ${length} bytes has ${bytes.length}`)
    }
    return bytes
  }

  private read(key: string): Promise<Uint8Array> {
    const path = key.split('/').map(encodeURIComponent).join('/')
    return this.published.read(`/files/${path}?proof&root=${this.root}`, MAX_PROOF)
  }
}

/** The key of a path that a person or a program has written: without a slash before it, each slash once. */
export function keyOf(path: string): string {
  const key = path.replace(/^\/+/, '').replace(/\/{2,}/g, '/')
  if (/[\u0000-\u001f]/.test(key)) {
    throw new MalformedError('a path has no control characters')
  }
  return key
}
