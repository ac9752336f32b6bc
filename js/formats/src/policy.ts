import { decodeUtf8 } from './bytes.js'
import { MalformedError, UnverifiedError } from './errors.js'
import { type Note, NoteKey } from './note.js'
import type { PublicKey } from './public-key.js'
import { type MlDsaVerifier, WitnessKey, verifyCosignature } from './witness.js'

const MAX_BYTES = 2 ** 20
const MAX_LOGS = 1024
const MAX_WITNESSES = 64
const MAX_GROUPS = 64
const NONE = 'none'

export interface PolicyLog {
  readonly key: NoteKey
  readonly url: string | undefined
}

export interface PolicyWitness {
  /** What the file calls it, for people; the name of its key may be another. */
  readonly name: string
  readonly key: WitnessKey
  readonly url: string | undefined
}

/** A witness that cosigned. */
export interface Cosigned {
  readonly witness: PolicyWitness
  /** POSIX seconds by its clock; the newest if it cosigned more than once. */
  readonly time: bigint
  /** Whether the quorum asks for it, directly or in a group. */
  readonly counts: boolean
}

/** What a policy finds under a note. */
export class Quorum {
  constructor(
    /** Whether the policy's quorum has cosigned; true if it wants none. */
    readonly isMet: boolean,
    /** In the policy's order. */
    readonly cosigned: readonly Cosigned[],
  ) {}

  /** The oldest time among the witnesses that count; undefined if none of them cosigned. */
  get oldest(): bigint | undefined {
    return this.times().reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined)
  }

  /** The newest time among the witnesses that count; undefined if none of them cosigned. */
  get newest(): bigint | undefined {
    return this.times().reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined)
  }

  private times(): bigint[] {
    return this.cosigned.filter(({ counts }) => counts).map(({ time }) => time)
  }
}

type Member = PolicyWitness | { readonly needed: number; readonly members: readonly Member[] }

/** Whom a user believes: logs, witnesses, and how many of these must have cosigned (C2SP tlog-policy). */
export class Policy {
  private readonly counted = new Set<PolicyWitness>()

  private constructor(
    readonly logs: readonly PolicyLog[],
    readonly witnesses: readonly PolicyWitness[],
    private readonly wanted: Member | undefined,
  ) {
    if (wanted !== undefined) {
      addWitnesses(wanted, this.counted)
    }
  }

  /** Reads a file; errors name the line. */
  static parse(bytes: Uint8Array): Policy {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedError(`a policy has at most ${MAX_BYTES} bytes`)
    }
    const file = new PolicyFile()
    // Names are octets, of which only keys and addresses must be UTF-8: a character for each.
    let octets = ''
    for (const byte of bytes) {
      octets += String.fromCharCode(byte)
    }
    octets.split('\n').forEach((line, i) => {
      try {
        file.read(line)
      } catch (error) {
        throw new MalformedError(`line ${i + 1}: ${(error as Error).message}`)
      }
    })
    if (file.quorum === undefined) {
      throw new MalformedError('a policy has one line "quorum NAME" or "quorum none"')
    }
    return new Policy(file.logs, file.witnesses, file.quorum === NONE ? undefined : file.quorum)
  }

  /**
   * Finds the cosignatures of this policy's witnesses under a checkpoint; those of others are passed
   * over, and the log's own signature is not looked at.
   *
   * @param origin the log that is expected
   * @throws UnverifiedError if the note is of another log, or a line with the name and id of one of
   *     the witnesses does not hold: such a note is to be rejected whole
   */
  quorum(note: Note, origin: string, mlDsa?: MlDsaVerifier): Quorum {
    if (!note.text.startsWith(`${origin}\n`)) {
      throw new UnverifiedError(`the checkpoint is not one of ${origin}`)
    }
    const times = new Map<PolicyWitness, bigint>()
    for (const line of note.signatures) {
      for (const witness of this.witnesses.filter(({ key }) => key.isNamedBy(line))) {
        const time = verifyCosignature(witness.key, note.text, line, mlDsa)
        const before = times.get(witness)
        times.set(witness, before === undefined || time > before ? time : before)
      }
    }
    const cosigned = this.witnesses
      .filter((witness) => times.has(witness))
      .map((witness) => ({ witness, time: times.get(witness) as bigint, counts: this.counted.has(witness) }))
    return new Quorum(this.wanted === undefined || isMet(this.wanted, times), cosigned)
  }

  /** Whether this log with this key is believed; a policy that names no logs leaves that open. */
  allows(origin: string, key: PublicKey): boolean {
    return this.logs.length === 0 || this.logs.some((log) => log.key.name === origin && log.key.key.equals(key))
  }

  /** Whether it takes an {@link MlDsaVerifier} to count all its witnesses. */
  get hasMlDsa(): boolean {
    return this.witnesses.some(({ key }) => key.isMlDsa)
  }
}

// A member is in one group at most, so this looks at each once.
function isMet(member: Member, cosigned: { has(witness: PolicyWitness): boolean }): boolean {
  return 'key' in member
    ? cosigned.has(member)
    : member.members.filter((each) => isMet(each, cosigned)).length >= member.needed
}

function addWitnesses(member: Member, to: Set<PolicyWitness>): void {
  if ('key' in member) {
    to.add(member)
  } else {
    member.members.forEach((each) => addWitnesses(each, to))
  }
}

class PolicyFile {
  readonly logs: PolicyLog[] = []
  readonly witnesses: PolicyWitness[] = []
  quorum: Member | typeof NONE | undefined
  private readonly named = new Map<string, Member>()
  private readonly grouped = new Set<string>()
  private groups = 0

  read(line: string): void {
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) {
      const ending = 'it ends in a carriage return; lines end in a newline alone'
      throw new MalformedError(line.endsWith('\r') ? ending : 'a control character')
    }
    const [first, ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
    if (first === undefined || first.startsWith('#')) {
      return
    }
    switch (first) {
      case 'log':
        return this.log(words)
      case 'witness':
        return this.witness(words)
      case 'group':
        return this.group(words)
      case 'quorum':
        return this.readQuorum(words)
      default:
        throw new MalformedError(`a line starts with log, witness, group, quorum or #, not ${quoted(first)}`)
    }
  }

  private log([vkey, url, ...more]: string[]): void {
    if (vkey === undefined || more.length > 0) {
      throw new MalformedError('a log is written as "log VKEY [URL]"')
    }
    if (this.logs.length === MAX_LOGS) {
      throw new MalformedError(`a policy has at most ${MAX_LOGS} logs`)
    }
    const key = NoteKey.parse(utf8(vkey))
    if (this.logs.some((log) => log.key.key.equals(key.key))) {
      throw new MalformedError('a log with this public key is listed already')
    }
    this.logs.push({ key, url: url === undefined ? undefined : utf8(url) })
  }

  private witness([name, vkey, url, ...more]: string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) {
      throw new MalformedError('a witness is written as "witness NAME VKEY [URL]"')
    }
    if (this.witnesses.length === MAX_WITNESSES) {
      throw new MalformedError(`a policy has at most ${MAX_WITNESSES} witnesses`)
    }
    const key = WitnessKey.parse(utf8(vkey))
    if (this.witnesses.some((each) => each.key.hasSameKey(key))) {
      throw new MalformedError('a witness with this public key is listed already')
    }
    const witness = { name: shown(name), key, url: url === undefined ? undefined : utf8(url) }
    this.define(name, witness)
    this.witnesses.push(witness)
  }

  private group([name, count, ...names]: string[]): void {
    if (name === undefined || count === undefined || names.length === 0) {
      throw new MalformedError('a group is written as "group NAME all|any|K MEMBER..."')
    }
    if (++this.groups > MAX_GROUPS) {
      throw new MalformedError(`a policy has at most ${MAX_GROUPS} groups`)
    }
    const members = names.map((each) => {
      const member = this.find(each)
      if (this.grouped.has(each)) {
        throw new MalformedError(`${quoted(each)} is a member of a group already`)
      }
      this.grouped.add(each)
      return member
    })
    this.define(name, { needed: neededOf(count, members.length), members })
  }

  private readQuorum([name, ...more]: string[]): void {
    if (name === undefined || more.length > 0) {
      throw new MalformedError('a quorum is written as "quorum NAME" or "quorum none"')
    }
    if (this.quorum !== undefined) {
      throw new MalformedError('a policy has one quorum, and this is the second')
    }
    this.quorum = name === NONE ? NONE : this.find(name)
  }

  private define(name: string, member: Member): void {
    if (name === NONE) {
      throw new MalformedError('"none" is no name for a witness or a group')
    }
    if (this.named.has(name)) {
      throw new MalformedError(`${quoted(name)} is defined already`)
    }
    this.named.set(name, member)
  }

  private find(name: string): Member {
    const found = this.named.get(name)
    if (found === undefined) {
      throw new MalformedError(`${quoted(name)} is no witness or group of the lines before`)
    }
    return found
  }
}

function neededOf(word: string, count: number): number {
  const needed =
    word === 'all' ? count : word === 'any' ? 1 : /^[1-9][0-9]{0,5}$/.test(word) ? Number(word) : 0
  if (needed < 1 || needed > count) {
    throw new MalformedError(`a group needs all, any, or a number from 1 to ${count} of its members`)
  }
  return needed
}

function bytesOf(octets: string): Uint8Array {
  return Uint8Array.from(octets, (octet) => octet.charCodeAt(0))
}

// A key name or an address must be UTF-8: it is compared with what others write.
function utf8(octets: string): string {
  return decodeUtf8(bytesOf(octets))
}

function shown(octets: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(octets))
}

function quoted(octets: string): string {
  return `"${shown(octets)}"`
}
