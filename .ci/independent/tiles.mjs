// Reads a published log as C2SP tlog-tiles has it, and makes proofs of its tiles. It judges nothing.
import { createHash } from 'node:crypto'

const HASH_BYTES = 32
const TILE = 256 // hashes

const node = (left, right) =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()

// The last part of the path of tile n of width hashes: groups of three digits.
function place (n, width) {
  let groups = String(n % 1000).padStart(3, '0')
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups = `x${String(rest % 1000).padStart(3, '0')}/${groups}`
  }
  return width === TILE ? groups : `${groups}.p/${width}`
}

// The largest power of two below n, which is at least 2.
function half (n) {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

// A tree of size entries, published at url.
export class Tiles {
  #url
  #size
  #tiles = new Map()

  constructor (url, size) {
    this.#url = url
    this.#size = size
  }

  // The entries, in their order.
  async entries () {
    const entries = []
    for (let n = 0; n * TILE < this.#size; n++) {
      const width = Math.min(TILE, this.#size - n * TILE)
      const bundle = await read(`${this.#url}/tile/entries/${place(n, width)}`)
      for (let at = 0; at < bundle.length;) {
        const end = at + 2 + bundle.readUInt16BE(at)
        entries.push(bundle.subarray(at + 2, end))
        at = end
      }
    }
    return entries
  }

  // The root of the first size entries.
  root (size) {
    return this.#range(0, size)
  }

  // The inclusion proof of RFC 6962 section 2.1.1, the leaf's sibling first.
  async inclusion (index, size) {
    const proof = []
    for (let start = 0, end = size; end - start > 1;) {
      const middle = start + half(end - start)
      if (index < middle) {
        proof.unshift(await this.#range(middle, end))
        end = middle
      } else {
        proof.unshift(await this.#range(start, middle))
        start = middle
      }
    }
    return proof
  }

  // The consistency proof of RFC 6962 section 2.1.2.
  async consistency (older, newer) {
    const proof = []
    let start = 0
    let end = newer
    while (end !== older) {
      const middle = start + half(end - start)
      if (older <= middle) {
        proof.unshift(await this.#range(middle, end))
        end = middle
      } else {
        proof.unshift(await this.#range(start, middle))
        start = middle
      }
    }
    if (start > 0) proof.unshift(await this.#range(start, end))
    return proof
  }

  // The hash over the entries from start to end, which are a node of a tree: start is a multiple of
  // the power of two that is not below their count.
  async #range (start, end) {
    const count = end - start
    if (Number.isInteger(Math.log2(count))) return this.#perfect(Math.log2(count), start / count)
    const middle = start + half(count)
    return node(await this.#range(start, middle), await this.#range(middle, end))
  }

  // Node n of a level of the tree; leaf hashes are level 0.
  async #perfect (level, n) {
    if (level % 8 !== 0) {
      return node(await this.#perfect(level - 1, 2 * n), await this.#perfect(level - 1, 2 * n + 1))
    }
    const tile = Math.floor(n / TILE)
    const width = Math.min(TILE, Math.floor(this.#size / 2 ** level) - tile * TILE)
    const path = `${this.#url}/tile/${level / 8}/${place(tile, width)}`
    if (!this.#tiles.has(path)) this.#tiles.set(path, await read(path))
    const at = (n % TILE) * HASH_BYTES
    return this.#tiles.get(path).subarray(at, at + HASH_BYTES)
  }
}

// What is published at an address.
export async function read (url) {
  const response = await fetch(url)
  if (response.status !== 200) throw new Error(`${url}: status ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
