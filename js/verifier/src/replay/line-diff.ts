import { MalformedError, decodeUtf8 } from 'glasshouse-formats'
import { cut } from './diverged-call.js'

/** Bytes of a text that is compared. */
export const MAX_DIFF_BYTES = 64 * 1024
const MAX_LINES = 40
const MAX_LINE = 200
const CONTEXT = 3
// Of the table of common subsequences; a larger difference is shown as one change.
const MAX_CELLS = 2 ** 20

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/**
 * The difference between two short texts, line by line, in the unified format of `diff -u` without
 * its first two lines; nothing if one of them is no text or too long.
 */
export function lineDiff(old: Uint8Array, now: Uint8Array): string[] {
  const before = textOf(old)
  const after = textOf(now)
  return before === undefined || after === undefined ? [] : hunks(compared(split(before), split(after)))
}

function compared(old: string[], now: string[]): Line[] {
  let first = 0
  let oldEnd = old.length
  let nowEnd = now.length
  while (first < Math.min(oldEnd, nowEnd) && old[first] === now[first]) {
    first++
  }
  while (first < Math.min(oldEnd, nowEnd) && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd--
    nowEnd--
  }
  return [
    ...signed(' ', old.slice(0, first)),
    ...between(old.slice(first, oldEnd), now.slice(first, nowEnd)),
    ...signed(' ', old.slice(oldEnd)),
  ]
}

function between(old: string[], now: string[]): Line[] {
  if (old.length * now.length > MAX_CELLS) {
    return [...signed('-', old), ...signed('+', now)]
  }
  const width = now.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] as number
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ sign: ' ', text: old[i++] as string })
      j++
    } else if (j === now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old[i++] as string })
    } else {
      lines.push({ sign: '+', text: now[j++] as string })
    }
  }
  return lines
}

function signed(sign: Line['sign'], texts: readonly string[]): Line[] {
  return texts.map((text) => ({ sign, text }))
}

function hunks(lines: readonly Line[]): string[] {
  const next = (from: number): number => {
    const found = lines.findIndex((line, i) => i >= from && line.sign !== ' ')
    return found < 0 ? lines.length : found
  }
  const out: string[] = []
  let from = next(0)
  while (from < lines.length) {
    const begin = Math.max(0, from - CONTEXT)
    let end = from + 1
    // Changes with less than twice the context between them are one hunk.
    for (let at = next(end); at < lines.length && at - end <= 2 * CONTEXT; at = next(end)) {
      end = at + 1
    }
    from = next(end)
    out.push(...hunk(lines, begin, Math.min(lines.length, end + CONTEXT)))
  }
  return out.length <= MAX_LINES
    ? out
    : [...out.slice(0, MAX_LINES), `\u2026 and ${out.length - MAX_LINES} more lines`]
}

function hunk(lines: readonly Line[], begin: number, end: number): string[] {
  const within = lines.slice(begin, end)
  const before = lines.slice(0, begin)
  const out = [`@@ -${range(before, within, '-')} +${range(before, within, '+')} @@`]
  for (const { sign, text } of within) {
    const isEnded = text.endsWith('\n')
    out.push(sign + cut(isEnded ? text.slice(0, -1) : text, MAX_LINE))
    if (!isEnded) {
      out.push('\\ No newline at end of file')
    }
  }
  return out
}

function range(before: readonly Line[], within: readonly Line[], sign: string): string {
  const count = countOf(within, sign)
  // An empty range is named by the line before it.
  const first = countOf(before, sign) + (count === 0 ? 0 : 1)
  return count === 1 ? `${first}` : `${first},${count}`
}

function countOf(lines: readonly Line[], sign: string): number {
  return lines.filter((line) => line.sign === ' ' || line.sign === sign).length
}

// Each with the newline that ends it.
function split(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? []
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_DIFF_BYTES) {
    return undefined
  }
  try {
    const text = decodeUtf8(bytes)
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) ? undefined : text
  } catch (error) {
    if (error instanceof MalformedError) {
      return undefined
    }
    throw error
  }
}
