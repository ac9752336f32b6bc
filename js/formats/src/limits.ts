import { MalformedError } from './errors.js'
import type { Members } from './members.js'

const KIB = 2 ** 10
const MIB = 2 ** 20

/** The least and most of each limit of a log (formats.md, section 6). */
export const LIMIT_RANGES = {
  file: [1, 256 * MIB],
  fuel: [1, 2 ** 40],
  heap: [4 * MIB, 2 ** 30],
  request: [KIB, 64 * MIB],
  result: [KIB, 64 * MIB],
  stack: [64 * KIB, 900_000],
  wait: [0, 600_000],
  watchdog: [100, 600_000],
  written: [1, 2 ** 30],
} as const

/** The limits that a log runs under. */
export type Limits = { readonly [name in keyof typeof LIMIT_RANGES]: number }

export function parseLimits(members: Members): Limits {
  const limits: Record<string, number> = {}
  for (const [name, [least, most]] of Object.entries(LIMIT_RANGES)) {
    const value = members.count(name)
    if (value < least || value > most) {
      throw new MalformedError(`the limit ${name} must be from ${least} to ${most}, not ${value}`)
    }
    limits[name] = value
  }
  members.end()
  return limits as Limits
}
