import { Hash, type Heap, equalBytes, heapRoot } from 'glasshouse-formats'
import { DamagedImageError } from '../errors.js'
import type { HeapImage } from './sandbox.js'

export const PAGE_BYTES = 65_536

/**
 * Cuts heap images into pages and hashes them. Most pages of a heap are as they were in the image
 * before: those are compared and not hashed again.
 */
export class HeapPages {
  private last = new Uint8Array()
  private lastHashes: Hash[] = []

  /** What an image entry says of this heap, and the hashes of its pages. */
  cut(image: HeapImage): { heap: Heap; pages: readonly Hash[]; list: Uint8Array } {
    const { memory, pointers } = image
    const pages: Hash[] = []
    for (let at = 0; at < memory.length; at += PAGE_BYTES) {
      const page = memory.subarray(at, at + PAGE_BYTES)
      const before = this.last.subarray(at, at + PAGE_BYTES)
      pages.push(equalPages(page, before) ? (this.lastHashes[at / PAGE_BYTES] as Hash) : Hash.of(page))
    }
    if (this.last.length === memory.length) {
      this.last.set(memory)
    } else {
      this.last = memory.slice()
    }
    this.lastHashes = pages
    const list = new Uint8Array(pages.length * Hash.BYTES)
    pages.forEach((page, i) => list.set(page.bytes(), i * Hash.BYTES))
    return {
      heap: {
        globals: pointers,
        pages: { sha256: Hash.of(list), length: list.length },
        root: heapRoot(pointers, pages),
      },
      pages,
      list,
    }
  }
}

function equalPages(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) {
    return false
  }
  if (one.byteOffset % 4 !== 0 || other.byteOffset % 4 !== 0) {
    return equalBytes(one, other)
  }
  const words = new Int32Array(one.buffer, one.byteOffset, one.length / 4)
  const others = new Int32Array(other.buffer, other.byteOffset, other.length / 4)
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== others[i]) {
      return false
    }
  }
  return true
}

/**
 * Puts an image together again.
 *
 * @param pages gives the bytes of a page that has been hashed, or undefined
 */
export async function joinPages(
  globals: string,
  hashes: readonly Hash[],
  pages: (hash: Hash) => Promise<Uint8Array | undefined>,
): Promise<HeapImage> {
  let memory = new Uint8Array(Math.min(hashes.length, 64) * PAGE_BYTES)
  let at = 0
  for (const hash of hashes) {
    const page = await pages(hash)
    if (page === undefined || page.length !== PAGE_BYTES) {
      throw new DamagedImageError(`page ${hash} is missing or damaged`)
    }
    if (at === memory.length) {
      // Whoever names many pages and has few of them costs no more than twice what they have.
      const grown = new Uint8Array(Math.min(hashes.length * PAGE_BYTES, 2 * at))
      grown.set(memory)
      memory = grown
    }
    memory.set(page, at)
    at += PAGE_BYTES
  }
  return { memory, pointers: globals }
}
