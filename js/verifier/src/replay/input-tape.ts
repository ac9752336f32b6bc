import { type BlobReader, Hash, type Input, MAX_INPUTS, readText } from 'glasshouse-formats'
import { InputMismatchError } from '../errors.js'

/** The inputs of one entry in order: a replay plays them back, and must ask for exactly those. */
export class InputTape {
  private at = 0

  constructor(
    private readonly recorded: readonly Input[],
    private readonly blobs: BlobReader,
  ) {}

  /** The next answer; what is asked for is named by the text whose hash the input has. */
  next(kind: string, asked: string): string {
    const request = Hash.ofText(asked)
    const input = this.recorded[this.at]
    if (input === undefined) {
      throw new InputMismatchError(
        `the replay asks for ${kind} as input ${this.at}, the entry records only ${this.at}`,
      )
    }
    if (input.kind !== kind || !input.request.equals(request)) {
      throw new InputMismatchError(
        `the replay asks for ${kind} ${request} as input ${this.at}, the entry records ${input.kind} ${input.request}`,
      )
    }
    const answer = readText(input.answer, this.blobs)
    this.at++
    return answer
  }

  /** Whether the limit of inputs of an entry is reached. */
  get isFull(): boolean {
    return this.at >= MAX_INPUTS
  }

  /** How much was consumed so far. */
  get position(): number {
    return this.at
  }

  /** Throws if something is left. */
  requireEnd(): void {
    const left = this.recorded[this.at]
    if (left !== undefined) {
      throw new InputMismatchError(
        `the entry records ${this.recorded.length} inputs, the replay used ${this.at}; the first unused one is ${left.kind}`,
      )
    }
  }
}
