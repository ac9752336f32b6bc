import { secondText } from 'glasshouse-formats'

/** A witness that has cosigned a checkpoint. */
export interface WitnessTime {
  /** What the policy calls it. */
  readonly name: string
  /** Its key, as policies have it. */
  readonly key: string
  /** POSIX seconds by its clock. */
  readonly time: number
  /** Whether the quorum asks for it. */
  readonly counts: boolean
}

/**
 * Which witnesses have cosigned how much of a log, for people, as `glass` says it.
 *
 * @param size entries of the cosigned tree
 * @param newest entries of the newest tree
 */
export function quorumText(
  isMet: boolean,
  size: bigint,
  newest: bigint,
  witnesses: readonly WitnessTime[],
): string {
  const all = size > newest ? size : newest
  const entries = size === all ? `all ${all} entries` : `${size} of ${all} entries`
  const who = witnesses.map(
    ({ name, counts, time }) => `${name}${counts ? '' : ' (does not count)'} ${secondText(BigInt(time))}`,
  )
  const named = who.length === 0 ? 'no cosignatures' : who.join(', ')
  return `quorum ${isMet ? '' : 'not '}met for ${entries}: ${named}`
}

/** How long ago, or apart, in the unit that fits. */
export function ageText(seconds: number): string {
  if (seconds < 120) {
    return `${seconds} s`
  }
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}
