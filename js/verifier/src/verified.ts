import { MalformedError, Members, PublicKey, TreeHead, equalBytes, formatJson, parseJson } from 'glasshouse-formats'
import { LEVELS, type Level } from './report.js'

/**
 * What an audit has verified of a log, so that the next one can go on where it ended. It can be
 * cloned to another thread, and written as JSON.
 */
export interface Verified {
  /** The log's id in hex. */
  readonly log: string
  /** How much was checked. */
  readonly level: Level
  /** The tree that was verified, its root in hex. */
  readonly size: number
  readonly root: string
  /** What the guest's clock showed last, in milliseconds since 1970. */
  readonly time: number
  /** The archive's root after the last entry, in hex. */
  readonly filesRoot: string
  /** The last number that each key has used in each of its sessions. */
  readonly numbers: readonly (readonly [key: string, session: string, number: number])[]
  /** The signed checkpoint of that tree, a note: what shows a fork to others. */
  readonly checkpoint?: string
}

/** The bytes that `glass verify` keeps as `verified.json`, which have no checkpoint. */
export function formatVerified(verified: Verified): Uint8Array {
  const { filesRoot, level, log, numbers, root, size, time } = verified
  return formatJson({ filesRoot, level, log, numbers, root, size, time, v: 1 })
}

/** Reads what {@link formatVerified} wrote. */
export function parseVerified(bytes: Uint8Array): Verified {
  const members = Members.of('verified', parseJson(bytes))
  if (members.count('v') !== 1) {
    throw new MalformedError('of another version')
  }
  const level = LEVELS.find((each) => each === members.string('level'))
  const numbers = members.list('numbers', Number.POSITIVE_INFINITY).map((item) => {
    const [key, session, number] = Array.isArray(item) ? item : []
    if (typeof key !== 'string' || typeof session !== 'string' || typeof number !== 'number') {
      throw new MalformedError('verified.numbers are keys, sessions and numbers')
    }
    return [PublicKey.parse(key).format(), session, number] as const
  })
  if (level === undefined) {
    throw new MalformedError('verified.level is none')
  }
  const head = new TreeHead(BigInt(members.count('size')), members.hash('root'))
  const verified: Verified = {
    log: members.hash('log').hex(),
    level,
    size: Number(head.size),
    root: head.root.hex(),
    time: members.count('time'),
    filesRoot: members.hash('filesRoot').hex(),
    numbers,
  }
  members.end()
  if (!equalBytes(formatVerified(verified), bytes)) {
    throw new MalformedError('not in its one form')
  }
  return verified
}
