import { encodeUtf8 } from './bytes.js'
import type { Writable } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import type { Members } from './members.js'
import { type BlobReader, type BlobReference, formatReference, parseReference, requireBlob } from './texts.js'
import { leafHash, rootOf } from './tree.js'

const MAX_PAGES = 65_536
const MAX_GLOBALS = 1024
const GLOBALS = /^(0|[1-9][0-9]{0,15})( (0|[1-9][0-9]{0,15}))*$/

/** What an image entry says about the guest's heap (formats.md, section 7). */
export interface Heap {
  /** The numbers that are not in linear memory: decimal, separated by one space. */
  readonly globals: string
  /** The blob of the 32-byte SHA-256 of each 64 KiB page. */
  readonly pages: BlobReference
  readonly root: Hash
}

/** The Merkle root of a heap, from its numbers and the SHA-256 of each of its pages. */
export function heapRoot(globals: string, pages: readonly Hash[]): Hash {
  return rootOf([leafHash(encodeUtf8(globals)), ...pages.map((page) => leafHash(page.bytes()))])
}

/** The SHA-256 of each page, in order. */
export function readPages(heap: Heap, blobs: BlobReader): Hash[] {
  const list = requireBlob(blobs, heap.pages.sha256)
  if (list.length !== heap.pages.length) {
    throw new MalformedError('entry.heap.pages names a blob of a wrong length')
  }
  const pages: Hash[] = []
  for (let at = 0; at < list.length; at += Hash.BYTES) {
    pages.push(Hash.fromBytes(list.subarray(at, at + Hash.BYTES)))
  }
  if (!heapRoot(heap.globals, pages).equals(heap.root)) {
    throw new MalformedError('entry.heap.root is not the root of its numbers and pages')
  }
  return pages
}

export function parseHeap(members: Members): Heap {
  const heap = {
    globals: members.string('globals'),
    pages: parseReference(members.object('pages')),
    root: members.hash('root'),
  }
  members.end()
  if (heap.globals.length > MAX_GLOBALS || !GLOBALS.test(heap.globals)) {
    throw new MalformedError(
      `entry.heap.globals are decimal numbers separated by one space, at most ${MAX_GLOBALS} characters`,
    )
  }
  const bytes = heap.pages.length
  if (bytes < Hash.BYTES || bytes > MAX_PAGES * Hash.BYTES || bytes % Hash.BYTES !== 0) {
    throw new MalformedError(`entry.heap.pages are 1 to ${MAX_PAGES} hashes of 32 bytes, not ${bytes}`)
  }
  return heap
}

export function formatHeap(heap: Heap): Writable {
  return { globals: heap.globals, pages: formatReference(heap.pages), root: heap.root.hex() }
}
