import type { RefusedError } from './errors.js'

/** How often one request is sent again. */
export const MAX_REFUSALS = 3
/** A host that names more is not waited for. */
export const MAX_MILLIS = 10_000

/**
 * For how many milliseconds a request that a host refused for now waits before it is sent again: as
 * long as the host named, twice that the next time, and a random part more, so that those who were
 * refused together do not come back together.
 *
 * @param refusals how often it was refused by now, from 1
 * @param random as `Math.random`
 * @returns undefined if it is not sent again
 */
export function backoffMillis(
  refused: RefusedError,
  refusals: number,
  random: () => number = Math.random,
): number | undefined {
  const named = refused.retryMillis
  if (named === undefined || !(named > 0) || named > MAX_MILLIS || refusals > MAX_REFUSALS) {
    return undefined
  }
  const least = Math.min(named * 2 ** (refusals - 1), MAX_MILLIS)
  return least + (random() * least) / 2
}
