import {
  type Hash,
  type HashReader,
  Tile,
  TileHashReader,
  type TreeHead,
  UnverifiedError,
  rootOf,
  treeRoot,
} from 'glasshouse-formats'
import { divergence } from './divergence.js'
import { DivergenceError } from './errors.js'
import type { LogReader } from './log-reader.js'

const FULL = 256

/**
 * The hashes of a tree whose head is known, from tiles of a source that nobody trusts. The partial
 * tiles, at the tree's right edge, together have its root; every other tile has the hash that stands
 * for it in the tile above.
 */
export class ProvedTiles {
  private readonly edge = new Map<string, readonly Hash[]>()
  private readonly full = new Map<number, { path: string; hashes: readonly Hash[] }>()

  private constructor(
    private readonly source: LogReader,
    private readonly head: TreeHead,
  ) {}

  /** @throws UnverifiedError if the tiles at its edge do not have its root */
  static async open(source: LogReader, head: TreeHead): Promise<ProvedTiles> {
    const tiles = new ProvedTiles(source, head)
    for (const tile of Tile.partials(head.size)) {
      tiles.edge.set(tile.path(), await source.tile(tile))
    }
    const edge = new TileHashReader(head.size, async (tile) => tiles.edge.get(tile.path()) ?? [])
    if (!(await treeRoot(head.size, edge)).equals(head.root)) {
      throw new UnverifiedError(
        `the tiles of ${source.name} are not those of the tree of ${head.size} entries that it signed`,
      )
    }
    return tiles
  }

  /** The tree; a tile that does not fit below the signed root is a finding. */
  reader(): HashReader {
    return new TileHashReader(this.head.size, (tile) => this.tile(tile))
  }

  private async tile(tile: Tile): Promise<readonly Hash[]> {
    const path = tile.path()
    const known = this.edge.get(path) ?? this.full.get(tile.level)
    if (known !== undefined && (!('path' in known) || known.path === path)) {
      return 'path' in known ? known.hashes : known
    }
    const hashes = await this.source.tile(tile)
    const above = Tile.holding(tile.level + 1, tile.index, this.head.size)
    const right = (await this.tile(above))[Number(tile.index % BigInt(FULL))]
    if (!right?.equals(rootOf(hashes))) {
      const actual = `${path} of ${this.source.name} is not in the tree that was signed`
      const first = Number(tile.index) * FULL * 2 ** (8 * tile.level)
      throw new DivergenceError(divergence('TILE', first, 'the tiles of the signed tree', actual))
    }
    this.full.set(tile.level, { path, hashes })
    return hashes
  }
}
