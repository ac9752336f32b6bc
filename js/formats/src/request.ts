import { isUnicode } from './bytes.js'
import { formatString } from './canonical-json.js'
import { MalformedError } from './errors.js'
import { JsonScanner } from './json-scanner.js'

/** Calls that one request may make. */
export const MAX_CALLS = 256
/** Characters of a method's name. */
export const MAX_METHOD = 256

const LIMITS = { depth: 512, digits: 1000, name: 50_000 }
// A call's params are in the call, in the list of calls, in the request.
const PARAMS_DEPTH = 4

/** One call of a method: its name, and the JSON text of an array, as its caller wrote it. */
export interface MethodCall {
  readonly method: string
  readonly params: string
}

/** The text of a request of a caller who does not sign, and the end of every signed call. */
export function formatRequest(calls: readonly MethodCall[]): string {
  return `{"calls":[${calls.map(formatCall).join(',')}]}`
}

function formatCall(call: MethodCall): string {
  return `{"method":${formatString(call.method)},"params":${call.params}}`
}

/** Reads a whole request (formats.md, section 5), and only what {@link formatRequest} writes. */
export function parseRequest(text: string): MethodCall[] {
  requireUnicodeText(text)
  const scanner = new JsonScanner(text, LIMITS)
  const calls: MethodCall[] = []
  scanner.take('{"calls":[')
  do {
    if (calls.length > 0) {
      scanner.take(',')
    }
    if (calls.length === MAX_CALLS) {
      throw malformed(`a request makes at most ${MAX_CALLS} calls`)
    }
    scanner.take('{"method":')
    const from = scanner.position
    const method = scanner.string()
    if (text.slice(from, scanner.position) !== formatString(method)) {
      throw malformed('"method" is not in its canonical form')
    }
    requireMethod(method)
    scanner.take(',"params":')
    calls.push({ method, params: scanner.array(PARAMS_DEPTH) })
    scanner.take('}')
  } while (scanner.isNext(','))
  scanner.take(']}')
  if (scanner.position !== text.length) {
    throw malformed('nothing follows a request')
  }
  return calls
}

/** Throws {@link MalformedError} if no request could make this call. */
export function requireCall(call: MethodCall): void {
  requireUnicodeText(call.method)
  requireUnicodeText(call.params)
  requireMethod(call.method)
  const scanner = new JsonScanner(call.params, LIMITS)
  scanner.array(PARAMS_DEPTH)
  if (scanner.position !== call.params.length) {
    throw malformed('"params" is one array and no more')
  }
}

function requireMethod(method: string): void {
  if (method === '' || method.length > MAX_METHOD) {
    throw malformed(`"method" has 1 to ${MAX_METHOD} characters`)
  }
}

function requireUnicodeText(text: string): void {
  if (!isUnicode(text)) {
    throw malformed('it holds half of a surrogate pair')
  }
}

function malformed(rule: string): MalformedError {
  return new MalformedError(`malformed request: ${rule}`)
}
