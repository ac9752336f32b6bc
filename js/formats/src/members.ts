import { fromBase64 } from './bytes.js'
import type { Json } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'

/** The longest inclusion or consistency proof. */
export const MAX_PROOF = 63

/** Reads the members of an object, each of the type that its format asks for, and no others. */
export class Members {
  private readonly taken = new Set<string>()

  private constructor(
    private readonly where: string,
    private readonly map: ReadonlyMap<string, Json>,
  ) {}

  /** The members of a value that must be an object; errors call it `where`. */
  static of(where: string, value: Json): Members {
    if (!(value instanceof Map)) {
      throw new MalformedError(`${where} must be an object`)
    }
    return new Members(where, value)
  }

  /** Whether there is a member of this name; it does not count as read. */
  has(name: string): boolean {
    return this.map.has(name)
  }

  any(name: string): Json {
    const value = this.map.get(name)
    if (value === undefined) {
      throw new MalformedError(`${this.where} lacks "${name}"`)
    }
    this.taken.add(name)
    return value
  }

  string(name: string): string {
    const value = this.any(name)
    if (typeof value !== 'string') {
      throw new MalformedError(`${this.where}: "${name}" must be a string`)
    }
    return value
  }

  /** A number from 0 to 2^53. */
  count(name: string): number {
    const value = this.any(name)
    if (typeof value !== 'number') {
      throw new MalformedError(`${this.where}: "${name}" must be an integer`)
    }
    if (value < 0) {
      throw new MalformedError(`${this.where}: "${name}" must not be negative`)
    }
    return value
  }

  /** A hash in hex. */
  hash(name: string): Hash {
    return Hash.parseHex(this.string(name))
  }

  /** Bytes in base64. */
  bytes(name: string): Uint8Array {
    return fromBase64(this.string(name))
  }

  list(name: string, maxItems: number): readonly Json[] {
    const value = this.any(name)
    if (!Array.isArray(value) || value.length > maxItems) {
      throw new MalformedError(`${this.where}.${name} is an array of at most ${maxItems} items`)
    }
    return value
  }

  /** The hashes of a proof, in base64. */
  proof(name: string): Hash[] {
    return this.list(name, MAX_PROOF).map((hash) => {
      if (typeof hash !== 'string') {
        throw new MalformedError(`${this.where}.${name} holds base64 strings`)
      }
      return Hash.parseBase64(hash)
    })
  }

  object(name: string): Members {
    return Members.of(`${this.where}.${name}`, this.any(name))
  }

  /** Throws when there is a member that nobody asked for. */
  end(): void {
    for (const name of this.map.keys()) {
      if (!this.taken.has(name)) {
        throw new MalformedError(`${this.where} has an unknown member "${name}"`)
      }
    }
  }
}
