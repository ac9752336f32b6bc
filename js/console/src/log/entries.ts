import type { Published } from 'glasshouse-client/host'
import {
  EntryBundle,
  FULL_WIDTH,
  type Hash,
  type HashReader,
  type TreeHead,
  type Tile,
  TileHashReader,
  UnverifiedError,
  inclusionProof,
  leafHash,
  verifyInclusion,
} from 'glasshouse-formats'
import { type Row, rowOf } from './row.js'

/** Bundles that are kept: what a visitor scrolls back to is often there. */
const KEPT = 64
const TREES = 4

interface Bundle {
  readonly width: number
  readonly rows: Promise<readonly Row[]>
  /** The same once they are there. */
  arrived?: readonly Row[]
}

/**
 * The entries of the log, fetched bundle by bundle as they are asked for. Each bundle is shown to be
 * in the newest tree that was verified before anybody sees a line of it.
 */
export class Entries {
  private readonly bundles = new Map<number, Bundle>()
  private readonly trees = new Map<bigint, Map<string, Promise<readonly Hash[]>>>()

  constructor(
    private readonly published: Published,
    private readonly head: () => TreeHead,
  ) {}

  /** An entry's line if it is here already. */
  peek(index: number): Row | undefined {
    return this.bundles.get(Math.floor(index / FULL_WIDTH))?.arrived?.[index % FULL_WIDTH]
  }

  /** The lines of a bundle, as far as the log goes. */
  bundle(number: number): Promise<readonly Row[]> {
    const head = this.head()
    const width = Math.min(FULL_WIDTH, Number(head.size) - number * FULL_WIDTH)
    const kept = this.bundles.get(number)
    if (kept !== undefined && kept.width >= width) {
      this.bundles.delete(number)
      this.bundles.set(number, kept)
      return kept.rows
    }
    const rows = this.fetch(number, width, head)
    const made: Bundle = { width, rows }
    // Those of a smaller bundle stay in sight until these have come.
    if (kept?.arrived !== undefined) {
      made.arrived = kept.arrived
    }
    this.bundles.set(number, made)
    rows.then(
      (arrived) => {
        made.arrived = arrived
      },
      () => {
        if (this.bundles.get(number) === made) {
          this.bundles.delete(number)
        }
      },
    )
    this.forgetOld()
    return rows
  }

  /** One entry's line. */
  async row(index: number): Promise<Row> {
    const rows = await this.bundle(Math.floor(index / FULL_WIDTH))
    const row = rows[index % FULL_WIDTH]
    if (row === undefined) {
      throw new RangeError(`the log has no entry ${index}`)
    }
    return row
  }

  /** The published tree of a head; its tiles are fetched once. */
  tree(head: TreeHead): HashReader {
    return this.treeWith(head, () => undefined)
  }

  private async fetch(number: number, width: number, head: TreeHead): Promise<readonly Row[]> {
    const bundle = new EntryBundle(BigInt(number), width)
    const entries = await this.published.bundle(bundle)
    // Whoever reads a whole log at once leaves the page time between bundles.
    await new Promise((resolve) => setTimeout(resolve))
    const leaves = entries.map((entry) => leafHash(entry))
    // Below the bundle's own subtree the proof is made of these very leaves: if it leads from the first
    // of them to the root, all of them are in the tree.
    const tree = this.treeWith(head, (tile) =>
      tile.level === 0 && tile.index === bundle.index ? leaves : undefined,
    )
    const first = bundle.index * BigInt(FULL_WIDTH)
    const proof = await inclusionProof(first, head.size, tree)
    if (!verifyInclusion(first, leaves[0] as Hash, head, proof)) {
      throw new UnverifiedError(`entries ${first} and following are not those of the tree that the host has signed`)
    }
    return entries.map((entry, i) => rowOf(number * FULL_WIDTH + i, entry))
  }

  private treeWith(head: TreeHead, own: (tile: Tile) => readonly Hash[] | undefined): HashReader {
    const tiles = this.trees.get(head.size) ?? new Map<string, Promise<readonly Hash[]>>()
    this.trees.set(head.size, tiles)
    for (const [size] of [...this.trees].slice(0, -TREES)) {
      this.trees.delete(size)
    }
    return new TileHashReader(head.size, async (tile) => {
      const path = tile.path()
      const mine = own(tile)
      if (mine !== undefined) {
        return mine
      }
      const asked = tiles.get(path) ?? this.fetchTile(tile)
      tiles.set(path, asked)
      asked.catch(() => tiles.delete(path))
      return asked
    })
  }

  private async fetchTile(tile: Tile): Promise<readonly Hash[]> {
    return tile.decode(await this.published.read(`/${tile.path()}`, tile.width * 32))
  }

  private forgetOld(): void {
    for (const [number] of [...this.bundles].slice(0, -KEPT)) {
      this.bundles.delete(number)
    }
  }
}
