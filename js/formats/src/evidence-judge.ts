import { SignedCheckpoint } from './checkpoint.js'
import { type GenesisEntry, parseEntry } from './entry.js'
import {
  type ParsedEntry,
  endOf,
  requireAdmitted,
  requireAlone,
  requireFollows,
  requireOutcomes,
  requirePlace,
} from './entry-rules.js'
import {
  BrokenRuleError,
  MalformedError,
  MissingBlobError,
  UnknownEntryError,
  UnverifiedError,
} from './errors.js'
import type { Evidence, EvidenceEntry } from './evidence.js'
import type { Hash } from './hash.js'
import type { Note } from './note.js'
import { verifyConsistency, verifyInclusion } from './proofs.js'
import type { PublicKey } from './public-key.js'
import { TreeHead, leafHash } from './tree.js'

/** What a file of evidence comes to: whether it is proved, and a sentence that says why. */
export interface Judgement {
  readonly proved: boolean
  readonly sentence: string
}

/**
 * Judges evidence alone: whoever wrote it may be the liar, so what is not shown by bytes that the
 * log's key signed counts for nothing.
 *
 * @param pinned the log that is meant, or undefined for whichever it is about
 */
export function judgeEvidence(evidence: Evidence, pinned?: Hash): Judgement {
  const log = leafHash(evidence.genesis.entry)
  if (!log.equals(evidence.log)) {
    return { proved: false, sentence: 'the genesis entry is not that of the log it names' }
  }
  if (pinned !== undefined && !pinned.equals(log)) {
    return { proved: false, sentence: `it is about log ${log}, not about ${pinned} as you asked for` }
  }
  try {
    return { proved: true, sentence: new Judge(evidence).contradiction() }
  } catch (error) {
    if (error instanceof UnverifiedError) {
      return { proved: false, sentence: error.message }
    }
    throw error
  }
}

class Judge {
  private readonly genesis: GenesisEntry
  private readonly newer: TreeHead

  constructor(private readonly evidence: Evidence) {
    this.genesis = genesisOf(evidence)
    this.newer = this.signed('newer', evidence.newer)
  }

  /** Throws UnverifiedError with the reason if there is none. */
  contradiction(): string {
    const { claim, genesis, log, older } = this.evidence
    const isShown =
      genesis.proof === null ? claim !== 'entry' : verifyInclusion(0n, log, this.newer, genesis.proof)
    if (!isShown) {
      throw new UnverifiedError('the genesis entry is not shown to be in the tree of the newer checkpoint')
    }
    if (older === null) {
      return this.entry()
    }
    const head = this.signed('older', older)
    return claim === 'fork' ? this.fork(head) : this.rollback(head)
  }

  private fork(older: TreeHead): string {
    const newer = this.newer
    if (older.size > newer.size) {
      throw new UnverifiedError('the older checkpoint is of the larger tree')
    }
    if (older.size === newer.size) {
      if (older.root.equals(newer.root)) {
        throw new UnverifiedError('the two checkpoints are of one tree')
      }
      return `the log's key signed two different trees of ${older.size} entries`
    }
    const prefix = this.evidence.prefix
    if (prefix === null) {
      throw new UnverifiedError(
        'the two checkpoints are of trees of different sizes, and nothing shows what the larger one begins with',
      )
    }
    if (!this.isPrefix(older.size)) {
      throw new UnverifiedError('the proof does not lead to the root of the newer checkpoint')
    }
    if (prefix.root.equals(older.root)) {
      throw new UnverifiedError('the newer tree begins with the older one')
    }
    return `the log's key signed a tree of ${older.size} entries, and a tree of ${newer.size} entries that begins with others`
  }

  private rollback(served: TreeHead): never {
    throw new UnverifiedError(
      served.size < this.newer.size
        ? 'both checkpoints may be true of one log: that the older one was served after the newer one is the word of whoever wrote this'
        : 'the checkpoint that was served is not of a smaller tree',
    )
  }

  private entry(): string {
    for (const leaf of this.evidence.entries) {
      if (!verifyInclusion(leaf.index, leafHash(leaf.entry), this.newer, leaf.proof)) {
        throw new UnverifiedError(`entry ${leaf.index} is not shown to be in the tree of the checkpoint`)
      }
    }
    const accused = this.evidence.entries.at(-1) as EvidenceEntry
    try {
      this.requireRules(accused)
    } catch (error) {
      if (error instanceof BrokenRuleError) {
        return `the log's key signed a tree of ${this.newer.size} entries of which one breaks a rule: ${error.message}`
      }
      if (error instanceof MissingBlobError || error instanceof UnknownEntryError) {
        throw new UnverifiedError(`this cannot be judged: ${error.message}`)
      }
      throw error
    }
    throw new UnverifiedError(`entry ${accused.index} breaks no rule that this file can show`)
  }

  private requireRules(accused: EvidenceEntry): void {
    const parsed = this.alone(accused)
    requirePlace(parsed.index, parsed.entry)
    const before = this.entryAt(accused.index - 1n)
    if (before !== undefined) {
      requireFollows(parsed, leafHash(before), this.end(before))
    }
    requireAdmitted(parsed, this.genesis, this.evidence.log, {
      lastNumber: (key, session) => this.lastNumber(accused.index, key, session),
      // Where the file shows nothing of the log before, all is well.
      rootAt: (size) =>
        this.isPrefix(size)
          ? (this.evidence.prefix as { root: Hash }).root
          : (parsed.signed as { seen: TreeHead }).seen.root,
    })
    requireOutcomes(parsed.index, parsed.entry, parsed.calls)
  }

  private lastNumber(index: bigint, key: PublicKey, session: string): number {
    const numbers = this.evidence.entries
      .filter((leaf) => leaf.index < index)
      .map((leaf) => orUndefined(() => this.alone(leaf)))
      .filter(
        (earlier) =>
          earlier?.caller !== undefined && 'key' in earlier.caller && earlier.caller.key.equals(key),
      )
      .map((earlier) => (earlier?.signed?.session === session ? earlier.signed.n : 0))
    return Math.max(0, ...numbers)
  }

  private alone(leaf: EvidenceEntry): ParsedEntry {
    return requireAlone(leaf.index, leaf.entry, this.genesis.limits, this.evidence.blobs)
  }

  private entryAt(index: bigint): Uint8Array | undefined {
    return index === 0n
      ? this.evidence.genesis.entry
      : this.evidence.entries.find((leaf) => leaf.index === index)?.entry
  }

  // Unknown if it is no entry: whatever it is, it is not the one that this is about.
  private end(entry: Uint8Array): bigint | undefined {
    return orUndefined(() => endOf(parseEntry(entry, this.evidence.blobs)))
  }

  // The empty tree has one root only: a proof about it shows nothing.
  private isPrefix(size: bigint): boolean {
    const { prefix } = this.evidence
    return (
      prefix !== null &&
      size > 0n &&
      verifyConsistency(new TreeHead(size, prefix.root), this.newer, prefix.proof)
    )
  }

  private signed(which: string, note: Note): TreeHead {
    try {
      return SignedCheckpoint.verify(note, this.genesis.origin, this.genesis.host).head
    } catch (error) {
      throw new UnverifiedError(`the ${which} checkpoint proves nothing: ${(error as Error).message}`)
    }
  }
}

function genesisOf(evidence: Evidence): GenesisEntry {
  try {
    const entry = parseEntry(evidence.genesis.entry, evidence.blobs)
    if (entry.kind === 'genesis') {
      return entry
    }
  } catch (error) {
    if (error instanceof MissingBlobError) {
      throw new UnverifiedError(`it lacks what the genesis entry names: ${error.message}`)
    }
    throw new UnverifiedError(`its genesis entry is none: ${(error as Error).message}`)
  }
  throw new UnverifiedError('its genesis entry is an entry of another kind')
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (
      error instanceof BrokenRuleError ||
      error instanceof MalformedError ||
      error instanceof MissingBlobError
    ) {
      return undefined
    }
    throw error
  }
}
