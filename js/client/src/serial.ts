/** Runs one thing after the other, in the order in which they are given. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve()

  /** Runs it when all before are done, whatever they came to. */
  run<T>(body: () => Promise<T> | T): Promise<T> {
    const result = this.last.then(body)
    this.last = result.catch(() => undefined)
    return result
  }
}
