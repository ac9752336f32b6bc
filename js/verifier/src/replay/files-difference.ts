import {
  type ArchiveValue,
  type BlobReader,
  type Hash,
  MalformedError,
  MissingBlobError,
} from 'glasshouse-formats'
import { ArchiveFiles, sameValue } from '../archive/archive-files.js'
import { type Key, keyText } from '../archive/archive-path.js'
import type { DivergedFile } from '../divergence.js'
import { UnreachableError, WrongBlobError } from '../errors.js'
import { MAX_DIFF_BYTES, lineDiff } from './line-diff.js'
import type { ReplayBlobs } from './replay-blobs.js'

const MAX_NAMED = 10
// Entries of an archive looked at: a liar's archive has no end that its verifier must wait for.
const MAX_ENTRIES = 100_000

/**
 * Which files differ between the archive that a replay came to and the one that the log claims, for
 * people to see: the first of them. Nothing if the claimed archive is not to be had.
 *
 * @param derived what the replay of this entry made
 */
export async function filesDifference(
  right: Hash,
  said: Hash,
  derived: ReadonlyMap<string, Uint8Array>,
  blobs: ReplayBlobs,
): Promise<DivergedFile[]> {
  if (right.equals(said)) {
    return []
  }
  const reader: BlobReader = { get: (sha256) => derived.get(sha256) ?? blobs.get(sha256) }
  try {
    const must = await blobs.with(() => contents(right, reader))
    const is = await blobs.with(() => contents(said, reader))
    return await compare(must, is, derived, blobs)
  } catch (error) {
    if (isWithheld(error)) {
      return []
    }
    throw error
  }
}

/** Whether what was asked of a source is not to be had from it. */
export function isWithheld(error: unknown): boolean {
  return (
    error instanceof MissingBlobError ||
    error instanceof WrongBlobError ||
    error instanceof MalformedError ||
    error instanceof UnreachableError
  )
}

type Contents = ReadonlyMap<Key, ArchiveValue>

function contents(root: Hash, blobs: BlobReader): Contents {
  const found = new Map<Key, ArchiveValue>()
  for (const { key, value } of ArchiveFiles.open(root, blobs).below('')) {
    if (found.size === MAX_ENTRIES) {
      break
    }
    found.set(key, value)
  }
  return found
}

async function compare(
  right: Contents,
  said: Contents,
  derived: ReadonlyMap<string, Uint8Array>,
  blobs: ReplayBlobs,
): Promise<DivergedFile[]> {
  const files: DivergedFile[] = []
  const keys = [...new Set([...right.keys(), ...said.keys()])].sort((one, other) => (one < other ? -1 : 1))
  for (const key of keys) {
    const must = right.get(key)
    const is = said.get(key)
    if (files.length < MAX_NAMED && !sameValue(must, is)) {
      const diff = await diffOf(must, is, derived, blobs)
      files.push({ actual: valueText(is), diff, expected: valueText(must), path: `/${keyText(key)}` })
    }
  }
  return files
}

function valueText(value: ArchiveValue | undefined): string {
  if (value === undefined) {
    return 'absent'
  }
  return value === 'directory' ? 'a directory' : `of ${value.length} bytes with SHA-256 ${value.sha256}`
}

async function diffOf(
  must: ArchiveValue | undefined,
  is: ArchiveValue | undefined,
  derived: ReadonlyMap<string, Uint8Array>,
  blobs: ReplayBlobs,
): Promise<string[]> {
  const texts: Uint8Array[] = []
  for (const value of [must, is]) {
    if (value === 'directory' || (value !== undefined && value.length > MAX_DIFF_BYTES)) {
      return []
    }
    try {
      const sha256 = value?.sha256.hex()
      texts.push(
        sha256 === undefined ? new Uint8Array() : (derived.get(sha256) ?? (await blobs.require(sha256))),
      )
    } catch (error) {
      if (isWithheld(error)) {
        return []
      }
      throw error
    }
  }
  return lineDiff(texts[0] as Uint8Array, texts[1] as Uint8Array)
}
