import { isUnicode } from './bytes.js'
import { MalformedError } from './errors.js'

/** What a scanned text may hold at most. */
export interface ScanLimits {
  /** Arrays and objects within each other. */
  readonly depth: number
  /** Digits of one number, those of its exponent included. */
  readonly digits: number
  /** UTF-16 code units of a member's name, after unescaping. */
  readonly name: number
}

/**
 * Walks over JSON of RFC 8259 of whatever form, and refuses everything else: a member twice in one
 * object too, which `JSON.parse` lets pass.
 */
export class JsonScanner {
  constructor(
    private readonly text: string,
    private readonly limits: ScanLimits,
    private at = 0,
  ) {}

  /** Where the scanner is. */
  get position(): number {
    return this.at
  }

  /** The array that begins here: its text, white space within it and all. */
  array(depth: number): string {
    const from = this.at
    if (this.text[from] !== '[') {
      throw this.refused('an array is expected')
    }
    this.value(depth)
    return this.text.slice(from, this.at)
  }

  /** The string that begins here, unescaped. */
  string(): string {
    const from = this.at
    if (this.text[from] !== '"') {
      throw this.refused('a string is expected')
    }
    this.at++
    for (;;) {
      // Not all of a string in one expression: a long one would take too much of a stack.
      this.match(/[^"\\\u0000-\u001f]*/y)
      if (this.text[this.at] === '"') {
        this.at++
        return JSON.parse(this.text.slice(from, this.at)) as string
      }
      if (this.match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y) === undefined) {
        throw this.refused('a character that no string has, or no end of it')
      }
    }
  }

  /** Takes what must stand here. */
  take(expected: string): void {
    if (!this.isNext(expected)) {
      throw this.refused(`${expected} is expected`)
    }
    this.at += expected.length
  }

  /** Whether this stands here. */
  isNext(expected: string): boolean {
    return this.text.startsWith(expected, this.at)
  }

  // `depth` is that of a value which is an array or an object.
  private value(depth: number): void {
    const first = this.text[this.at]
    if (first === '[' || first === '{') {
      if (depth > this.limits.depth) {
        throw this.refused(`more than ${this.limits.depth} arrays and objects within each other`)
      }
      this.at++
      if (first === '[') {
        this.items(depth)
      } else {
        this.members(depth)
      }
    } else if (first === '"') {
      this.string()
    } else if (this.match(/true|false|null/y) === undefined) {
      this.number()
    }
  }

  private items(depth: number): void {
    if (this.isEnd(']')) {
      return
    }
    do {
      this.space()
      this.value(depth + 1)
    } while (this.isContinued(']'))
  }

  private members(depth: number): void {
    if (this.isEnd('}')) {
      return
    }
    const names = new Set<string>()
    do {
      this.space()
      const name = this.string()
      if (name.length > this.limits.name) {
        throw this.refused(`a name of more than ${this.limits.name} characters`)
      }
      if (!isUnicode(name)) {
        throw this.refused('a name holds half of a surrogate pair')
      }
      if (names.size === names.add(name).size) {
        throw this.refused('a member stands twice in one object')
      }
      this.space()
      this.take(':')
      this.space()
      this.value(depth + 1)
    } while (this.isContinued('}'))
  }

  private number(): void {
    const number = this.match(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y)
    if (number === undefined) {
      throw this.refused('a value is expected')
    }
    if (number.length > this.limits.digits && number.replace(/[^0-9]/g, '').length > this.limits.digits) {
      throw this.refused(`a number of more than ${this.limits.digits} digits`)
    }
  }

  private isEnd(bracket: string): boolean {
    this.space()
    const isEnd = this.isNext(bracket)
    if (isEnd) {
      this.at++
    }
    return isEnd
  }

  private isContinued(bracket: string): boolean {
    if (this.isEnd(bracket)) {
      return false
    }
    this.take(',')
    return true
  }

  private space(): void {
    this.match(/[ \t\n\r]*/y)
  }

  private match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  private refused(why: string): MalformedError {
    return new MalformedError(`not JSON as a request has it, character ${this.at}: ${why}`)
  }
}
