const DAY_MILLIS = 86_400_000n
// The last second that has a date in Java: 31 December of the year 10^9.
const LAST_SECOND = 31_556_889_864_403_199n

/**
 * A time as ISO 8601 has it, with milliseconds if there are any: as Java's `Instant` writes it, also
 * beyond the year 9999.
 *
 * @param millis since 1970, not negative
 */
export function instantText(millis: bigint): string {
  const [year, month, day] = dateOf(millis / DAY_MILLIS)
  const rest = Number(millis % DAY_MILLIS)
  const two = (value: number | bigint): string => String(value).padStart(2, '0')
  const seconds = Math.floor(rest / 1000)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  const fraction = rest % 1000 === 0 ? '' : `.${String(rest % 1000).padStart(3, '0')}`
  return `${year > 9999n ? '+' : ''}${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}${fraction}Z`
}

/** The same of the time of a cosignature, which may be any. */
export function secondText(seconds: bigint): string {
  return instantText((seconds < LAST_SECOND ? seconds : LAST_SECOND) * 1000n)
}

// Of the calendar that repeats after 400 years, in years that begin in March: the day that leap years
// have more is then the last one.
function dateOf(days: bigint): [year: bigint, month: bigint, day: bigint] {
  const shifted = days + 719_468n
  const era = shifted / 146_097n
  const dayOfEra = shifted % 146_097n
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const fromMarch = (5n * dayOfYear + 2n) / 153n
  const day = dayOfYear - (153n * fromMarch + 2n) / 5n + 1n
  const month = fromMarch < 10n ? fromMarch + 3n : fromMarch - 9n
  return [yearOfEra + era * 400n + (month <= 2n ? 1n : 0n), month, day]
}
