import { encodeUtf8, equalBytes, toBase64 } from './bytes.js'
import { type Json, formatJson, parseJson } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import { Members } from './members.js'
import { Note } from './note.js'

const MAX_BYTES = 16 * 2 ** 20
const MAX_ENTRIES = 16
const MAX_BLOBS = 4096
const MAX_TEXT = 4096

/** What a host is said to have done. */
export type Claim = 'fork' | 'entry' | 'rollback'

/** An entry with its inclusion proof in the newer tree. */
export interface EvidenceEntry {
  readonly index: bigint
  readonly entry: Uint8Array
  readonly proof: readonly Hash[]
}

/**
 * What somebody holds against a host: a file of `glasshouse/evidence/v1` (formats.md, section 16).
 * Well formed, and no more than that: `judgeEvidence` says what it proves.
 */
export interface Evidence {
  readonly claim: Claim
  /** The log's id. */
  readonly log: Hash
  /** Entry 0, with its proof in the newer tree, or null if the host withheld it. */
  readonly genesis: { readonly entry: Uint8Array; readonly proof: readonly Hash[] | null }
  /** Of a fork, the smaller tree; of a rollback, the one that was served; null for an entry. */
  readonly older: Note | null
  /** The checkpoint of the larger tree, or the one that commits to an entry. */
  readonly newer: Note
  /** What the newer tree really begins with, and the consistency proof from there to it. */
  readonly prefix: { readonly root: Hash; readonly proof: readonly Hash[] } | null
  /** For an entry: the accused one last, before it those that it contradicts. */
  readonly entries: readonly EvidenceEntry[]
  /** Long texts that the entries name, by their SHA-256 in hex. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
  /** What the writer says to people; it proves nothing. */
  readonly text: string
}

/** The bytes of a file; refuses what breaks a rule of its form, or is longer than 16 MiB. */
export function formatEvidence(evidence: Evidence): Uint8Array {
  requireForm(evidence)
  const blobs = [...evidence.blobs].sort(([one], [other]) => (one < other ? -1 : 1))
  const bytes = formatJson({
    blobs: blobs.map(([, blob]) => toBase64(blob)),
    claim: evidence.claim,
    entries: evidence.entries.map((leaf) => ({
      entry: toBase64(leaf.entry),
      index: Number(leaf.index),
      proof: formatProof(leaf.proof),
    })),
    genesis: {
      entry: toBase64(evidence.genesis.entry),
      proof: evidence.genesis.proof === null ? null : formatProof(evidence.genesis.proof),
    },
    log: evidence.log.hex(),
    newer: evidence.newer.format(),
    older: evidence.older === null ? null : evidence.older.format(),
    prefix:
      evidence.prefix === null
        ? null
        : { proof: formatProof(evidence.prefix.proof), root: evidence.prefix.root.hex() },
    text: evidence.text,
    v: 1,
  })
  expect(bytes.length <= MAX_BYTES, `at most ${MAX_BYTES} bytes`)
  return bytes
}

/** Reads the bytes of a file, and only what {@link formatEvidence} writes. */
export function parseEvidence(bytes: Uint8Array): Evidence {
  const members = Members.of('evidence', parseJson(bytes, MAX_BYTES))
  expect(members.count('v') === 1, '"v" is 1')
  const claim = members.string('claim')
  if (claim !== 'fork' && claim !== 'entry' && claim !== 'rollback') {
    throw new MalformedError('evidence.claim is "fork", "entry" or "rollback"')
  }
  const evidence: Evidence = {
    claim,
    log: members.hash('log'),
    genesis: parseGenesis(members.object('genesis')),
    older: members.any('older') === null ? null : parseNote(members.string('older')),
    newer: parseNote(members.string('newer')),
    prefix: members.any('prefix') === null ? null : parsePrefix(members.object('prefix')),
    entries: members.list('entries', MAX_ENTRIES).map(parseLeaf),
    blobs: new Map(members.list('blobs', MAX_BLOBS).map(parseBlob)),
    text: members.string('text'),
  }
  members.end()
  requireForm(evidence)
  // Blobs in another order, or twice.
  expect(equalBytes(formatEvidence(evidence), bytes), 'one form, its blobs in order of their hashes')
  return evidence
}

function requireForm(evidence: Evidence): void {
  const isEntry = evidence.claim === 'entry'
  expect(isEntry === (evidence.older === null), 'an older checkpoint goes with a fork or a rollback')
  expect(isEntry === evidence.entries.length > 0, 'entries go with the claim "entry"')
  expect(evidence.prefix === null || evidence.claim !== 'rollback', 'a rollback has no prefix')
  expect(evidence.entries.length <= MAX_ENTRIES, `at most ${MAX_ENTRIES} entries`)
  expect(evidence.blobs.size <= MAX_BLOBS, `at most ${MAX_BLOBS} blobs`)
  expect(evidence.text.length <= MAX_TEXT, `a text of at most ${MAX_TEXT} characters`)
  let before = 0n
  for (const { index } of evidence.entries) {
    expect(index > before, 'entries stand in the order of their indexes, from 1 on')
    before = index
  }
}

function parseGenesis(members: Members): Evidence['genesis'] {
  const proof = members.any('proof') === null ? null : members.proof('proof')
  const genesis = { entry: members.bytes('entry'), proof }
  members.end()
  return genesis
}

function parsePrefix(members: Members): Evidence['prefix'] {
  const prefix = { root: members.hash('root'), proof: members.proof('proof') }
  members.end()
  return prefix
}

function parseLeaf(json: Json): EvidenceEntry {
  const members = Members.of('evidence.entries', json)
  const leaf = {
    index: BigInt(members.count('index')),
    entry: members.bytes('entry'),
    proof: members.proof('proof'),
  }
  members.end()
  return leaf
}

function parseBlob(json: Json): [string, Uint8Array] {
  const blob = Members.of('evidence.blobs', new Map([['blob', json]])).bytes('blob')
  return [Hash.of(blob).hex(), blob]
}

function parseNote(text: string): Note {
  return Note.parse(encodeUtf8(text))
}

function formatProof(proof: readonly Hash[]): string[] {
  return proof.map((hash) => hash.base64())
}

function expect(isTrue: boolean, what: string): void {
  if (!isTrue) {
    throw new MalformedError(`evidence is not in its form: ${what}`)
  }
}
