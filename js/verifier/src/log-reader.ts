import type { Hash, Tile } from 'glasshouse-formats'

/**
 * A published log (formats.md, section 13), read from wherever it is. Nothing that comes from here
 * is believed. Methods throw UnreachableError when the source does not answer or withholds something.
 */
export interface LogReader {
  /** The newest checkpoint, a signed note. */
  checkpoint(): Promise<Uint8Array>
  /** The newest checkpoint that a quorum of the log's host has cosigned, a signed note; undefined if there is none. */
  cosigned(): Promise<Uint8Array | undefined>
  /** Entries from an index on: at least one, and as many as the source gives at once below `size`. */
  entries(from: number, size: number): Promise<Uint8Array[]>
  /** The hashes of a tile of a tree whose checkpoint the source has signed. */
  tile(tile: Tile): Promise<readonly Hash[]>
  /** Bytes by a SHA-256 in hex, which whoever reads them hashes; undefined if they are not there. */
  blob(sha256: string): Promise<Uint8Array | undefined>
  /**
   * The names in a directory of the published archive; a directory's name ends in a slash.
   *
   * @param path absolute, ending in a slash
   * @param root the archive as it was when it had this root; undefined for as it is now
   */
  directory(path: string, root: Hash | undefined): Promise<string[]>
  /** The bytes of a file of the published archive. */
  file(path: string, root: Hash | undefined): Promise<Uint8Array>
  /** The indexes of the image entries whose pages the source keeps. */
  images(): Promise<number[]>
  /** The page of an image, by its SHA-256 in hex; undefined if the source does not keep it. */
  page(sha256: string): Promise<Uint8Array | undefined>
  /** Whether this is somebody's copy, which may be behind without anybody's fault. */
  isCopy(): Promise<boolean>
  /** How people name it. */
  readonly name: string
}
