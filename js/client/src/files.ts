import {
  type ArchiveFile,
  type ArchiveValue,
  BrokenRuleError,
  type Entry,
  type Hash,
  MalformedError,
  Receipt,
  type SignedCheckpoint,
  UnknownEntryError,
  UnverifiedError,
  inclusionProof,
  requireAlone,
  requirePlace,
} from 'glasshouse-formats'
import { ProvedArchive, keyOf } from './archive.js'
import type { EntryEvidence } from './entry-evidence.js'
import { CaughtHostError, GlasshouseError, UnverifiableError } from './errors.js'
import type { HostDescription } from './host-description.js'
import { type Blobs, type Published, withBlobs } from './published.js'

/**
 * The files of a module as they were after one entry. All that it gives was verified: the entry is in
 * the tree of a checkpoint that the host has signed, it names the archive's root, and paths, listings
 * and contents are proved from there on. That the root is what the calls come to, only an audit shows.
 *
 * A host that gives something else is a CaughtHostError; one that gives nothing, or no longer has what
 * it takes, an UnverifiableError.
 */
export class Files {
  /** The archive's root, which the entry names. */
  readonly root: Hash
  /** When the entry was made, by the host's clock: milliseconds since 1970. */
  readonly time: number
  /** The checkpoint whose tree has the entry, a C2SP signed note. */
  readonly checkpoint: string
  /** How many entries that tree has. */
  readonly size: bigint
  private readonly archive: ProvedArchive

  /** @param entry which was shown to be at `index` of the signed tree */
  private constructor(
    published: Published,
    /** The id of the log. */
    readonly log: Hash,
    /** The index of the entry. */
    readonly index: bigint,
    entry: Entry,
    signed: SignedCheckpoint,
  ) {
    this.root = entry.root
    this.time = entry.time
    this.checkpoint = signed.note.format()
    this.size = signed.head.size
    this.archive = new ProvedArchive(published, entry.root)
  }

  /**
   * The files after an entry.
   *
   * @param signed which was verified to go with all that were seen
   * @param index below its size
   */
  static async open(
    published: Published,
    host: HostDescription,
    evidence: EntryEvidence,
    signed: SignedCheckpoint,
    index: bigint,
  ): Promise<Files> {
    const { size } = signed.head
    if (index < 0n || index >= size) {
      throw new GlasshouseError(`the log has no entry ${index} yet, it has ${size}`)
    }
    const receipt = await verified(`entry ${index}`, async () => {
      const bytes = await published.entry(index, size)
      const proof = await inclusionProof(index, size, published.tree(size))
      const shown = new Receipt(index, bytes, proof, signed.note)
      shown.requireIncluded(signed)
      return shown
    })
    try {
      const blobs: Blobs = new Map()
      const { limits } = host.start.genesis
      const { entry } = await withBlobs(published, blobs, () =>
        requireAlone(index, receipt.entry, limits, blobs, 'form'),
      )
      requirePlace(index, entry)
      return new Files(published, host.log, index, entry, signed)
    } catch (error) {
      if (!(error instanceof BrokenRuleError)) {
        throw asCaught(`entry ${index}`, error)
      }
      // A host may withhold what it takes to prove it to others.
      const proved = await evidence.caught(receipt, signed, error.message).catch(() => undefined)
      throw proved ?? asCaught(`entry ${index}`, error)
    }
  }

  /** What is directly in a directory, by name; undefined if it is proved that no directory is there. */
  async list(path = '/'): Promise<ReadonlyMap<string, ArchiveValue> | undefined> {
    const name = keyOf(path).replace(/\/$/, '')
    const key = name === '' ? '' : `${name}/`
    const { value } = await verified(`the listing of /${name}`, () => this.archive.listing(key))
    return value && new Map([...value].map(([each, what]) => [each.slice(key.length).replace(/\/$/, ''), what]))
  }

  /** What is at a path; undefined if it is proved that nothing is. */
  async stat(path: string): Promise<ArchiveValue | undefined> {
    const key = keyOf(path).replace(/\/$/, '')
    return (await verified(`/${key}`, () => this.archive.at(key))).value
  }

  /** The bytes of a file at a path; undefined if it is proved that no file is there. */
  async read(path: string): Promise<Uint8Array | undefined> {
    const found = await this.stat(path)
    return typeof found === 'object' ? this.content(found) : undefined
  }

  /** The bytes of a file that a listing has, or {@link stat}. */
  content(file: ArchiveFile): Promise<Uint8Array> {
    return verified(`the file with SHA-256 ${file.sha256}`, () => this.archive.content(file))
  }
}

async function verified<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw asCaught(what, error)
  }
}

// What a host serves does not prove to others what it has served; that it is not what it signed, its
// reader knows.
function asCaught(what: string, error: unknown): unknown {
  if (error instanceof UnknownEntryError) {
    return new UnverifiableError(`this client is too old for ${what}: ${error.message}`, { cause: error })
  }
  const isOther = [MalformedError, UnverifiedError, BrokenRuleError].some((kind) => error instanceof kind)
  // More bytes than what is asked for has are other bytes, too.
  const isTooLong = error instanceof UnverifiableError && error.cause instanceof MalformedError
  if (!isOther && !isTooLong) {
    return error
  }
  const message = `what the host serves as ${what} is not what it has signed: ${(error as Error).message}`
  return new CaughtHostError(message, undefined, false, { cause: error })
}
