/** How numbers, sizes and times are written for people. */

const WHOLE = new Intl.NumberFormat('en')
const SECONDS = 1000

export function count(number: number | bigint): string {
  return WHOLE.format(number)
}

export function plural(number: number | bigint, noun: string, nouns = `${noun}s`): string {
  return `${count(number)} ${number === 1 || number === 1n ? noun : nouns}`
}

/** 1,234 bytes as `1.2 kB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return unit === 0 ? plural(bytes, 'byte') : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** A power of two as it is meant: 67,108,864 as `64 MiB`. */
export function binarySize(bytes: number): string {
  const units: [number, string][] = [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ]
  const fit = units.find(([unit]) => bytes >= unit && bytes % unit === 0)
  return fit === undefined ? plural(bytes, 'byte') : `${count(bytes / fit[0])} ${fit[1]}`
}

export function duration(millis: number): string {
  const seconds = Math.round(millis / SECONDS)
  if (seconds < 60) {
    const isExact = millis >= 9950 || millis % SECONDS === 0
    return millis < SECONDS ? `${Math.round(millis)} ms` : `${(millis / SECONDS).toFixed(isExact ? 0 : 1)} s`
  }
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `2026-11-22 22:20:02`, in the visitor's own time zone. */
export function localTime(millis: number): string {
  const date = new Date(millis)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** The time alone, if the day is today's. */
export function briefTime(millis: number): string {
  const text = localTime(millis)
  return text.slice(0, 10) === localTime(Date.now()).slice(0, 10) ? text.slice(11) : text.slice(5, 16)
}

/** The beginning of a hash or key, for where the whole has no room. */
export function brief(text: string, characters = 12): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`
}

/** A file's name as a word of a command that people copy into a shell. */
export function shellWord(name: string): string {
  const word = name.startsWith('-') ? `./${name}` : name
  return /^[\w./+@%:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** JSON as people read it; what is none stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
