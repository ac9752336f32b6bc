import { decodeUtf8, encodeUtf8, isUnicode } from './bytes.js'
import { MalformedError } from './errors.js'

/** A value of canonical JSON. What is read has a `Map` for each object: no name is special. */
export type Json = null | boolean | string | number | readonly Json[] | JsonObject

/** An object as it is read. */
export type JsonObject = ReadonlyMap<string, Json>

/** What may be written: as {@link Json}, and plain objects for objects. */
export type Writable =
  | null
  | boolean
  | string
  | number
  | readonly Writable[]
  | ReadonlyMap<string, Writable>
  | { readonly [name: string]: Writable }

/** Arrays and objects within each other. */
export const MAX_DEPTH = 16

/** The largest magnitude of an integer, 2^53. */
export const MAX_INTEGER = 2 ** 53

const MAX_DIGITS = '9007199254740992'
const NAMED = '\b\t\n\f\r'
const NAMES = 'btnfr'

/**
 * Reads one value of canonical JSON: RFC 8785 with integers within ±2^53 as the only numbers
 * (formats.md, section 2). Accepts only what {@link formatJson} writes, in one pass: no character
 * can be another without the value being another.
 */
export function parseJson(bytes: Uint8Array, maxBytes = Number.POSITIVE_INFINITY): Json {
  if (bytes.length > maxBytes) {
    throw new MalformedError(`canonical JSON of ${bytes.length} bytes is over the limit of ${maxBytes}`)
  }
  return new Reader(decodeUtf8(bytes)).read()
}

/** As {@link parseJson}, of a text. */
export function parseJsonText(text: string): Json {
  if (!isUnicode(text)) {
    throw new MalformedError('half of a surrogate pair has no UTF-8 form')
  }
  return new Reader(text).read()
}

/** The canonical form in UTF-8. */
export function formatJson(value: Writable): Uint8Array {
  return encodeUtf8(formatJsonText(value))
}

/** The canonical form as a text. */
export function formatJsonText(value: Writable): string {
  if (value === null || typeof value === 'boolean') {
    return String(value)
  }
  if (typeof value === 'string') {
    return formatString(value)
  }
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER) {
      throw new MalformedError(`${value} is no integer within 2^53`)
    }
    return String(value === 0 ? 0 : value)
  }
  if (Array.isArray(value)) {
    return `[${value.map(formatJsonText).join(',')}]`
  }
  const members: [string, Writable][] =
    value instanceof Map ? [...value] : Object.entries(value as { [name: string]: Writable })
  // By UTF-16 code units, which is how JavaScript compares strings.
  members.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${formatString(name)}:${formatJsonText(member)}`).join(',')}}`
}

/** A string with the shortest escapes, all else as it is. */
export function formatString(text: string): string {
  if (!isUnicode(text)) {
    throw new MalformedError('a string holds half of a surrogate pair')
  }
  // On whole pairs the two agree: RFC 8785 took its escapes from here.
  return JSON.stringify(text)
}

class Reader {
  private at = 0
  private depth = 0

  constructor(private readonly text: string) {}

  read(): Json {
    const value = this.value()
    if (this.at < this.text.length) {
      throw this.refused('the value is followed by something else')
    }
    return value
  }

  private value(): Json {
    switch (this.peek()) {
      case '"':
        return this.string()
      case '{':
        return this.object()
      case '[':
        return this.array()
      case 't':
        return this.literal('true', true)
      case 'f':
        return this.literal('false', false)
      case 'n':
        return this.literal('null', null)
      default:
        return this.integer()
    }
  }

  private object(): JsonObject {
    this.deeper()
    const members = new Map<string, Json>()
    if (this.peek() === '}') {
      this.at++
    } else {
      let last: string | undefined
      do {
        if (this.peek() !== '"') {
          throw this.refused("a member's name is expected")
        }
        const name = this.string()
        if (last !== undefined && last >= name) {
          throw this.refused('members are not in the order of their names, each once')
        }
        if (this.peek() !== ':') {
          throw this.refused('a colon is expected')
        }
        this.at++
        members.set(name, this.value())
        last = name
      } while (this.isContinued('}'))
    }
    this.depth--
    return members
  }

  private array(): Json[] {
    this.deeper()
    const items: Json[] = []
    if (this.peek() === ']') {
      this.at++
    } else {
      do {
        items.push(this.value())
      } while (this.isContinued(']'))
    }
    this.depth--
    return items
  }

  private deeper(): void {
    if (++this.depth > MAX_DEPTH) {
      throw this.refused(`more than ${MAX_DEPTH} arrays and objects within each other`)
    }
    this.at++
  }

  // Takes a comma, or the end of what it would continue.
  private isContinued(end: string): boolean {
    const found = this.peek()
    if (found !== ',' && found !== end) {
      throw this.refused(`a comma or ${end} is expected`)
    }
    this.at++
    return found === ','
  }

  private literal<T>(name: string, value: T): T {
    if (!this.text.startsWith(name, this.at)) {
      throw this.refused('no value begins so')
    }
    this.at += name.length
    return value
  }

  private integer(): number {
    const digits = /-?[0-9]*/y
    digits.lastIndex = this.at
    const found = (digits.exec(this.text) as RegExpExecArray)[0]
    const magnitude = found.startsWith('-') ? found.slice(1) : found
    if (magnitude === '') {
      throw this.refused('no value begins so')
    }
    if (magnitude.startsWith('0') && found !== '0') {
      throw this.refused('an integer has a zero or a sign too many')
    }
    const isLonger = magnitude.length > MAX_DIGITS.length
    if (isLonger || (magnitude.length === MAX_DIGITS.length && magnitude > MAX_DIGITS)) {
      throw this.refused('an integer is beyond 2^53')
    }
    this.at += found.length
    return Number(found)
  }

  private string(): string {
    const plain = /[^"\\\u0000-\u001f]*/y
    let text = ''
    this.at++
    for (;;) {
      plain.lastIndex = this.at
      const run = (plain.exec(this.text) as RegExpExecArray)[0]
      this.at += run.length
      text += run
      const found = this.peek()
      if (found === '"') {
        this.at++
        return text
      }
      if (found !== '\\') {
        throw this.refused('a control character stands in a string')
      }
      text += this.escaped()
    }
  }

  // From the backslash on: the one escape that each of these characters has.
  private escaped(): string {
    const second = this.text.charAt(this.at + 1)
    if (second === '"' || second === '\\') {
      this.at += 2
      return second
    }
    const named = second === '' ? -1 : NAMES.indexOf(second)
    if (named >= 0) {
      this.at += 2
      return NAMED.charAt(named)
    }
    const code = /\\u00([01][0-9a-f])/y
    code.lastIndex = this.at
    const control = String.fromCharCode(Number.parseInt(code.exec(this.text)?.[1] ?? '20', 16))
    if (control === ' ' || NAMED.includes(control)) {
      throw this.refused('a character needs no escape, or has another')
    }
    this.at += 6
    return control
  }

  private peek(): string {
    if (this.at === this.text.length) {
      throw this.refused('it ends early')
    }
    return this.text.charAt(this.at)
  }

  private refused(why: string): MalformedError {
    return new MalformedError(`JSON is not in its canonical form (RFC 8785), character ${this.at}: ${why}`)
  }
}
