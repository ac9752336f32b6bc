import {
  type AdmissionState,
  BrokenRuleError,
  type GenesisEntry,
  Hash,
  type HashReader,
  type ParsedEntry,
  PublicKey,
  TreeHead,
  endOf,
  requireAdmitted,
  requireFollows,
  requirePlace,
} from 'glasshouse-formats'
import { AuditedTree, type ReadLeaves } from './audited-tree.js'
import { type CheckedEntry, brokenRule, methodOf } from './checked-entry.js'
import { divergence } from './divergence.js'
import { DivergenceError } from './errors.js'
import { type Level, includes } from './report.js'
import type { Tally } from './tally.js'
import type { Verified } from './verified.js'

interface Last {
  readonly number: number
  /** The entry that used it; -1 if an earlier audit verified it. */
  readonly entry: number
}

/**
 * The entries of a log that keep every rule that needs no execution: place, chain, time, admission,
 * and the checkpoints that were kept before. Grows entry by entry.
 */
export class History {
  private readonly lastNumbers = new Map<string, Last>()
  private prev = Hash.ZERO
  private root: Hash | undefined
  // What the guest's clock showed last.
  private end = 0n

  private constructor(
    private readonly log: Hash,
    private readonly genesis: GenesisEntry,
    private readonly level: Level,
    // Roots that the log must have at their sizes.
    private readonly required: readonly TreeHead[],
    private readonly tally: Tally,
    readonly tree: AuditedTree,
  ) {}

  /** Begins with no entry. */
  static empty(
    log: Hash,
    genesis: GenesisEntry,
    level: Level,
    required: readonly TreeHead[],
    tally: Tally,
    readLeaves: ReadLeaves,
  ): History {
    return new History(log, genesis, level, required, tally, AuditedTree.empty(readLeaves))
  }

  /**
   * Goes on from what was verified before; undefined if the log does not begin with that.
   *
   * @param earlier the tree that is signed now
   */
  static async resume(
    before: Verified,
    genesis: GenesisEntry,
    level: Level,
    required: readonly TreeHead[],
    tally: Tally,
    earlier: HashReader,
    readLeaves: ReadLeaves,
  ): Promise<History | undefined> {
    const head = new TreeHead(BigInt(before.size), Hash.parseHex(before.root))
    const tree = await AuditedTree.after(head, earlier, readLeaves)
    if (tree === undefined) {
      return undefined
    }
    const history = new History(Hash.parseHex(before.log), genesis, level, required, tally, tree)
    for (const kept of required) {
      if (kept.size <= head.size) {
        history.requireSame(kept, await tree.root(Number(kept.size)))
      }
    }
    history.prev = await tree.subtree(0, head.size - 1n)
    history.end = BigInt(before.time)
    history.root = Hash.parseHex(before.filesRoot)
    for (const [key, session, number] of before.numbers) {
      history.lastNumbers.set(`${key} ${session}`, { number, entry: -1 })
    }
    return history
  }

  /** What there is to remember of the entries so far. */
  verified(): Verified {
    const { size, root } = this.tree.head()
    return {
      log: this.log.hex(),
      level: this.level,
      size: Number(size),
      root: root.hex(),
      time: Number(this.end),
      filesRoot: (this.root as Hash).hex(),
      numbers: Array.from(this.lastNumbers, ([name, { number }]) => {
        const [key, session] = name.split(' ') as [string, string]
        return [key, session, number]
      }),
    }
  }

  get size(): number {
    return this.tree.size
  }

  /** What the guest's clock showed after the last entry. */
  get time(): bigint {
    return this.end
  }

  /** The archive's root as the last entry has it. */
  get filesRoot(): Hash | undefined {
    return this.root
  }

  /** Takes the next entry, or throws what is wrong with it or kept it from being checked. */
  async append(checked: CheckedEntry, isSignatureVerified: boolean): Promise<void> {
    if (checked.failure !== undefined) {
      throw checked.failure
    }
    const parsed = checked.parsed as ParsedEntry
    const seen = parsed.signed?.seen.size
    if (seen !== undefined && seen <= parsed.index && this.tree.knownRoot(Number(seen)) === undefined) {
      await this.tree.root(Number(seen))
    }
    this.requireRules(parsed)
    this.tree.append(checked.leaf)
    this.prev = checked.leaf
    this.end = endOf(parsed.entry)
    this.root = parsed.entry.root
    this.tally.entry(parsed, isSignatureVerified)
    for (const kept of this.required) {
      if (kept.size === BigInt(this.size)) {
        this.requireSame(kept, this.tree.head().root)
      }
    }
  }

  /** The last entry before with a call of the same session, or -1 if there is none or not known. */
  sameSession(key: PublicKey, session: string): number {
    return this.lastNumbers.get(`${key} ${session}`)?.entry ?? -1
  }

  private requireRules(parsed: ParsedEntry): void {
    try {
      requirePlace(parsed.index, parsed.entry)
      requireFollows(parsed, this.prev, this.end)
    } catch (error) {
      throw error instanceof BrokenRuleError ? brokenRule(error, null) : error
    }
    if (!includes(this.level, 'signatures')) {
      return
    }
    const state: AdmissionState = {
      lastNumber: (key, session) => this.lastNumbers.get(`${key} ${session}`)?.number ?? 0,
      rootAt: (size) => this.tree.knownRoot(Number(size)) as Hash,
    }
    try {
      // Of an aborted call no less than of one that was executed: its number is used up, too.
      requireAdmitted(parsed, this.genesis, this.log, state)
    } catch (error) {
      throw error instanceof BrokenRuleError
        ? brokenRule(error, error.rule === 'admission' ? methodOf(parsed) : null)
        : error
    }
    const { signed, caller } = parsed
    if (signed !== undefined && caller !== undefined && 'key' in caller) {
      this.lastNumbers.set(`${caller.key} ${signed.session}`, {
        number: signed.n,
        entry: Number(parsed.index),
      })
    }
  }

  private requireSame(kept: TreeHead, root: Hash): void {
    if (!kept.root.equals(root)) {
      throw new DivergenceError(
        divergence(
          'FORK',
          Number(kept.size) - 1,
          `root ${kept.root} of size ${kept.size}, signed before`,
          `root ${root}`,
        ),
      )
    }
  }
}
