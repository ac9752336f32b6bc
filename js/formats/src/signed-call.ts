import { encodeUtf8 } from './bytes.js'
import { MAX_INTEGER } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { Hash } from './hash.js'
import { type MethodCall, formatRequest, parseRequest } from './request.js'
import { TreeHead } from './tree.js'

/** Stands before a request's bytes in the signed message, so that nothing else can be signed. */
export const CALL_DOMAIN = 'glasshouse/call/v1\n'

const HEAD =
  /^\{"v":1,"log":"([0-9a-f]{64})","session":"([0-9a-f]{32})","n":([1-9][0-9]{0,15}),"seen":\{"size":(0|[1-9][0-9]{0,15}),"root":"([0-9a-f]{64})"\},(?="calls":)/

/** What a caller signs (formats.md, section 5). */
export interface SignedCall {
  /** The id of the log that it is meant for. */
  readonly log: Hash
  /** 16 bytes as 32 hex digits, drawn by the caller. */
  readonly session: string
  /** Counts up within a session, from 1. */
  readonly n: number
  /** The newest tree head of the log that the caller has verified. */
  readonly seen: TreeHead
  readonly calls: readonly MethodCall[]
}

/** The text of a request. */
export function formatSignedCall(call: SignedCall): string {
  const head = `{"v":1,"log":"${call.log.hex()}","session":"${call.session}","n":${call.n}`
  const seen = `"seen":{"size":${call.seen.size},"root":"${call.seen.root.hex()}"}`
  return `${head},${seen},${formatRequest(call.calls).slice(1)}`
}

/** Reads the text of a request, and only what {@link formatSignedCall} writes. */
export function parseSignedCall(text: string): SignedCall {
  const head = HEAD.exec(text)
  if (head === null) {
    throw new MalformedError('malformed request: it does not begin as a signed call does')
  }
  const [all, log, session, n, size, root] = head as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return {
    log: Hash.parseHex(log),
    session,
    n: Number(within(n)),
    seen: new TreeHead(within(size), Hash.parseHex(root)),
    calls: parseRequest(`{${text.slice(all.length)}`),
  }
}

/** The message that is signed for the text of a request. */
export function callMessage(request: string): Uint8Array {
  return encodeUtf8(CALL_DOMAIN + request)
}

function within(digits: string): bigint {
  if (BigInt(digits) > BigInt(MAX_INTEGER)) {
    throw new MalformedError('malformed request: a number beyond 2^53')
  }
  return BigInt(digits)
}
