import { Hash, Tile, type TreeHead, MalformedError, rootOf } from 'glasshouse-formats'
import type { AuditedTree } from './audited-tree.js'
import { type DivergenceKind, divergence } from './divergence.js'
import { DivergenceError, UnreachableError } from './errors.js'
import type { LogReader } from './log-reader.js'
import type { Tally } from './tally.js'

const FULL = 256
// Tiles that are asked for at once.
const AT_ONCE = 8

/**
 * Compares the tree of a log's entries with the signed one, and every published tile with what the
 * entries come to. Full tiles are compared once, also when the log grows.
 */
export class TreeCheck {
  private full = 0

  /** @param compared the size of the tree whose tiles were compared earlier */
  constructor(
    private readonly reader: LogReader,
    private readonly tree: AuditedTree,
    private readonly tally: Tally,
    private compared: number,
  ) {}

  async run(signed: TreeHead): Promise<void> {
    const derived = this.tree.head()
    if (derived.root.equals(signed.root)) {
      await this.compareTiles(Number(signed.size), 'TILE')
      return
    }
    try {
      // The tiles may show which entry it is.
      await this.compareTiles(Number(signed.size), 'TREE')
    } catch (error) {
      // Without them it is still not the signed tree.
      if (!(error instanceof UnreachableError || error instanceof MalformedError)) {
        throw error
      }
    }
    throw new DivergenceError(
      divergence(
        'TREE',
        Number(signed.size),
        `root ${derived.root} of ${derived.size} entries`,
        `the signed root ${signed.root}`,
      ),
    )
  }

  private async compareTiles(size: number, finding: DivergenceKind): Promise<void> {
    let partial = 0
    for (let level = 0; hashesOf(level, size) > 0; level++) {
      partial += await this.compareLevel(level, size, finding)
    }
    this.compared = size
    this.tally.tiles = this.full + partial
  }

  // How many partial tiles were compared, none or one.
  private async compareLevel(level: number, size: number, finding: DivergenceKind): Promise<number> {
    const known = hashesOf(level, this.compared)
    const end = hashesOf(level, size)
    for (let from = known - (known % FULL); from < end; from += FULL * AT_ONCE) {
      const tiles: Tile[] = []
      for (let at = from; at < Math.min(end, from + FULL * AT_ONCE); at += FULL) {
        tiles.push(Tile.holding(level, BigInt(at), BigInt(size)))
      }
      const asked = tiles.map((tile) => this.reader.tile(tile))
      asked.forEach((each) => void each.catch(() => undefined))
      for (const [i, tile] of tiles.entries()) {
        await this.compare(tile, await (asked[i] as Promise<readonly Hash[]>), finding)
        if (tile.width < FULL) {
          return 1
        }
        this.full++
      }
    }
    return 0
  }

  private async compare(tile: Tile, published: readonly Hash[], finding: DivergenceKind): Promise<void> {
    const first = Number(tile.index) * FULL
    const span = 2 ** (8 * tile.level)
    const block = tile.width === FULL ? this.tree.known(8 * (tile.level + 1), Number(tile.index)) : undefined
    if (published.length !== tile.width) {
      const expected = `${tile.width} hashes in ${tile.path()}`
      throw new DivergenceError(divergence(finding, first * span, expected, `${published.length} hashes`))
    }
    if (block?.equals(rootOf(published))) {
      return
    }
    const leaves = tile.level === 0 && block !== undefined ? await this.tree.leaves(Number(tile.index)) : []
    for (const [i, hash] of published.entries()) {
      const right = leaves[i] ?? (await this.tree.subtree(8 * tile.level, BigInt(first + i)))
      if (!hash.equals(right)) {
        const expected = `hash ${right} in ${tile.path()}`
        throw new DivergenceError(divergence(finding, (first + i) * span, expected, `hash ${hash}`))
      }
    }
  }
}

function hashesOf(level: number, size: number): number {
  return Math.floor(size / 2 ** (8 * level))
}
