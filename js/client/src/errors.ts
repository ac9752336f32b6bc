import type { Evidence } from 'glasshouse-formats'

/** Everything that a client throws of itself. */
export class GlasshouseError extends Error {
  override name = 'GlasshouseError'
}

/**
 * The host could not be reached, or the connection was lost and not to be had again. A call that
 * was on its way may have been executed.
 */
export class ConnectionError extends GlasshouseError {
  override name = 'ConnectionError'
}

/** The host refused a request with a JSON-RPC error (formats.md, section 15). */
export class RefusedError extends GlasshouseError {
  override name = 'RefusedError'

  constructor(
    /** The JSON-RPC error code. */
    readonly code: number,
    message: string,
    /** What the host said besides. */
    readonly data?: unknown,
  ) {
    super(message)
  }

  /** After how many milliseconds the call may be made again, if the host said so. */
  get retryMillis(): number | undefined {
    const millis = (this.data as { retryMillis?: unknown } | null | undefined)?.retryMillis
    return typeof millis === 'number' ? millis : undefined
  }
}

/** A method threw: an outcome like any other, logged and proved. `name` is that of what it threw. */
export class CallError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** A limit stopped a method. Its variables and files are as they were before the call. */
export class TrapError extends Error {
  override name = 'TrapError'

  constructor(
    /** `fuel` or `memory`. */
    readonly limit: string,
  ) {
    super(`the call was stopped: it used too much ${limit}`)
  }
}

/** The host's watchdog ended the call. It left nothing behind; that it took too long is the host's word. */
export class AbortedError extends Error {
  override name = 'AbortedError'

  constructor() {
    super("the host's watchdog ended the call: it took too long")
  }
}

/** Another log than the one that was pinned, or than the one that this place served before. */
export class WrongLogError extends GlasshouseError {
  override name = 'WrongLogError'
}

/** The quorum of witnesses that was demanded has not cosigned the log: that accuses nobody, one may be down. */
export class QuorumError extends GlasshouseError {
  override name = 'QuorumError'
}

/** The host withholds what it takes to verify an answer. The call may have been executed. */
export class UnverifiableError extends GlasshouseError {
  override name = 'UnverifiableError'
}

/** The host contradicts itself or its log. Do not rely on it. */
export class CaughtHostError extends GlasshouseError {
  override name = 'CaughtHostError'

  constructor(
    message: string,
    /** What shows it, in the form of formats.md, section 16: for `glass verify --evidence FILE`. */
    readonly evidence?: Evidence,
    /** Whether the evidence alone proves it to anybody. */
    readonly proved = false,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The host signed two histories, or does not show that two checkpoints are of one. */
export class ForkError extends CaughtHostError {
  override name = 'ForkError'
}

/** The host serves a smaller log than it has signed. */
export class RollbackError extends CaughtHostError {
  override name = 'RollbackError'
}
