/** Bytes or a text that are not in their form. Whoever sent them is at fault, not the log's key. */
export class MalformedError extends Error {
  override name = 'MalformedError'
}

/** Well formed, but it does not show what it claims: a signature or a proof that does not hold. */
export class UnverifiedError extends Error {
  override name = 'UnverifiedError'
}

/** An entry of a kind or version that this build does not know: it cannot be judged. */
export class UnknownEntryError extends MalformedError {
  override name = 'UnknownEntryError'
}

/** A blob is needed that was not to be had. No verdict follows from that. */
export class MissingBlobError extends Error {
  override name = 'MissingBlobError'

  constructor(
    /** SHA-256 of the blob, in hex. */
    readonly sha256: string,
  ) {
    super(`blob ${sha256} is missing`)
  }
}

/** The rules of a log that need no execution (formats.md, sections 6, 11 and 16). */
export type Rule = 'form' | 'chain' | 'answer' | 'unsigned' | 'signature' | 'admission' | 'outcomes'

/** An entry that a signed tree holds breaks a rule: the log's key is to blame. */
export class BrokenRuleError extends Error {
  override name = 'BrokenRuleError'

  constructor(
    readonly rule: Rule,
    readonly index: bigint,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`entry ${index} must have ${expected}, and has ${actual}`)
  }
}
