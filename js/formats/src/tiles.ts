import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import type { HashReader } from './proofs.js'
import { nodeHash } from './tree.js'

/** What a full tile or bundle holds. */
export const FULL_WIDTH = 256

/** Bytes of an entry, as two bytes can say. */
export const MAX_ENTRY_BYTES = 65_535

const LEVELS = 8
const MAX_LEVEL = 63
const MAX_INDEX = 2n ** 63n - 1n
const SHAPE = /^((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** Where a tile or bundle is among those of its level, and how much of it there is. */
class Place {
  constructor(
    readonly index: bigint,
    readonly width: number,
  ) {
    if (index < 0n || index > MAX_INDEX) {
      throw new MalformedError(`the index of a tile is from 0 to 2^63 - 1, not ${index}`)
    }
    if (!Number.isInteger(width) || width < 1 || width > FULL_WIDTH) {
      throw new MalformedError(`a tile has 1 to 256 hashes or entries, not ${width}`)
    }
  }

  static holding(position: bigint, count: bigint): Place {
    if (position < 0n || position >= count) {
      throw new RangeError(`${position} is not below ${count}`)
    }
    const index = position / BigInt(FULL_WIDTH)
    const left = count - index * BigInt(FULL_WIDTH)
    return new Place(index, left < BigInt(FULL_WIDTH) ? Number(left) : FULL_WIDTH)
  }

  static parse(path: string): Place {
    const shape = SHAPE.exec(path)
    if (shape === null) {
      throw new MalformedError('not the path of a tile')
    }
    const [, groups = '', width] = shape
    const place = new Place(
      BigInt(groups.replace(/[x/]/g, '')),
      width === undefined ? FULL_WIDTH : Number(width),
    )
    if (place.format() !== path) {
      throw new MalformedError('the path of a tile is not in its canonical form')
    }
    return place
  }

  format(): string {
    const digits = this.index.toString()
    const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) as string[]
    const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
    return this.width === FULL_WIDTH ? path : `${path}.p/${this.width}`
  }

  isWithin(count: bigint): boolean {
    return this.index * BigInt(FULL_WIDTH) + BigInt(this.width) <= count
  }
}

/** The name of a tile of C2SP tlog-tiles: up to 256 hashes of every eighth level of the tree. */
export class Tile {
  private readonly place: Place

  constructor(
    readonly level: number,
    index: bigint,
    width: number,
  ) {
    if (!Number.isInteger(level) || level < 0 || level > MAX_LEVEL) {
      throw new MalformedError(`a tile level is 0 to 63, not ${level}`)
    }
    this.place = new Place(index, width)
  }

  get index(): bigint {
    return this.place.index
  }

  get width(): number {
    return this.place.width
  }

  /** How many hashes a tile level of a tree of `size` leaves has. */
  static hashes(level: number, size: bigint): bigint {
    return size >> BigInt(level * LEVELS)
  }

  /** The tile that holds a hash of a tile level at a tree size. */
  static holding(level: number, hash: bigint, size: bigint): Tile {
    const place = Place.holding(hash, Tile.hashes(level, size))
    return new Tile(level, place.index, place.width)
  }

  /** The partial tiles of a tree, lowest level first. */
  static partials(size: bigint): Tile[] {
    const partials: Tile[] = []
    for (let level = 0; Tile.hashes(level, size) > 0n; level++) {
      const hashes = Tile.hashes(level, size)
      if (hashes % BigInt(FULL_WIDTH) !== 0n) {
        partials.push(Tile.holding(level, hashes - 1n, size))
      }
    }
    return partials
  }

  /** Reads `tile/<L>/<N>[.p/<W>]`, and only what {@link path} writes. */
  static parse(path: string): Tile {
    const found = /^tile\/(0|[1-9][0-9]?)\/(.*)$/s.exec(path)
    if (found === null) {
      throw new MalformedError('the path of a tile starts with tile/<level>/')
    }
    const place = Place.parse(found[2] as string)
    return new Tile(Number(found[1]), place.index, place.width)
  }

  /** The path below the log's address: `tile/0/x001/x234/067.p/8`. */
  path(): string {
    return `tile/${this.level}/${this.place.format()}`
  }

  /** Whether a tree of `size` leaves has all hashes of this tile. */
  isWithin(size: bigint): boolean {
    return this.place.isWithin(Tile.hashes(this.level, size))
  }

  /** The bytes of a tile: its hashes one after another. */
  static encode(hashes: readonly Hash[]): Uint8Array {
    const bytes = new Uint8Array(hashes.length * Hash.BYTES)
    hashes.forEach((hash, i) => bytes.set(hash.bytes(), i * Hash.BYTES))
    return bytes
  }

  /** The hashes in the bytes of this tile, which must be exactly its width. */
  decode(bytes: Uint8Array): Hash[] {
    if (bytes.length !== this.width * Hash.BYTES) {
      throw new MalformedError(`${this.path()} has ${this.width * Hash.BYTES} bytes, not ${bytes.length}`)
    }
    return Array.from({ length: this.width }, (_, i) =>
      Hash.fromBytes(bytes.subarray(i * Hash.BYTES, (i + 1) * Hash.BYTES)),
    )
  }
}

/** The name of an entry bundle of C2SP tlog-tiles: up to 256 entries. */
export class EntryBundle {
  private readonly place: Place

  constructor(index: bigint, width: number) {
    this.place = new Place(index, width)
  }

  get index(): bigint {
    return this.place.index
  }

  get width(): number {
    return this.place.width
  }

  /** The bundle that holds an entry of a log of `size` entries. */
  static holding(entry: bigint, size: bigint): EntryBundle {
    const place = Place.holding(entry, size)
    return new EntryBundle(place.index, place.width)
  }

  /** Reads `tile/entries/<N>[.p/<W>]`, and only what {@link path} writes. */
  static parse(path: string): EntryBundle {
    const prefix = 'tile/entries/'
    if (!path.startsWith(prefix)) {
      throw new MalformedError(`the path of an entry bundle starts with ${prefix}`)
    }
    const place = Place.parse(path.slice(prefix.length))
    return new EntryBundle(place.index, place.width)
  }

  path(): string {
    return `tile/entries/${this.place.format()}`
  }

  /** Whether a log of `size` entries has all of this bundle. */
  isWithin(size: bigint): boolean {
    return this.place.isWithin(size)
  }

  /** The bytes of a bundle: each entry led by its length, two bytes, big-endian. */
  static encode(entries: readonly Uint8Array[]): Uint8Array {
    if (entries.length < 1 || entries.length > FULL_WIDTH) {
      throw new RangeError(`a bundle has 1 to 256 entries, not ${entries.length}`)
    }
    const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
    const view = new DataView(bytes.buffer)
    let at = 0
    for (const entry of entries) {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes, not ${entry.length}`)
      }
      view.setUint16(at, entry.length)
      bytes.set(entry, at + 2)
      at += 2 + entry.length
    }
    return bytes
  }

  /** The entries in the bytes of this bundle, which must be exactly its width. */
  decode(bytes: Uint8Array): Uint8Array[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const entries: Uint8Array[] = []
    let at = 0
    for (let i = 0; i < this.width; i++) {
      if (bytes.length - at < 2) {
        throw new MalformedError(`${this.path()} ends after ${i} of ${this.width} entries`)
      }
      const end = at + 2 + view.getUint16(at)
      if (end > bytes.length) {
        throw new MalformedError(`${this.path()} ends inside its entry ${i}`)
      }
      entries.push(bytes.slice(at + 2, end))
      at = end
    }
    if (at !== bytes.length) {
      throw new MalformedError(`${this.path()} goes on after its ${this.width} entries`)
    }
    return entries
  }
}

/** A tree as it is published: tiles of every eighth level, and what follows from them between. */
export class TileHashReader implements HashReader {
  private readonly tiles = new Map<string, Promise<readonly Hash[]>>()

  /**
   * @param size of the tree
   * @param fetchTile gives the hashes of a tile; each is asked for once
   */
  constructor(
    private readonly size: bigint,
    private readonly fetchTile: (tile: Tile) => Promise<readonly Hash[]>,
  ) {}

  async subtree(level: number, index: bigint): Promise<Hash> {
    if (level % LEVELS !== 0) {
      const left = await this.subtree(level - 1, 2n * index)
      return nodeHash(left, await this.subtree(level - 1, 2n * index + 1n))
    }
    const tile = Tile.holding(level / LEVELS, index, this.size)
    const path = tile.path()
    let hashes = this.tiles.get(path)
    if (hashes === undefined) {
      hashes = this.fetchTile(tile)
      this.tiles.set(path, hashes)
    }
    const found = (await hashes)[Number(index % BigInt(FULL_WIDTH))]
    if (found === undefined) {
      throw new MalformedError(`${path} has too few hashes`)
    }
    return found
  }
}
