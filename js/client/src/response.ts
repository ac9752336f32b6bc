import { GlasshouseError } from './errors.js'

const PLAIN = /^\{"jsonrpc":"2\.0","id":([0-9]{1,15}),"result":/

/** What a host answers a request with. */
export interface Response {
  /** Of the request; -1 if it is none of ours. */
  readonly id: number
  /** JSON text; of no meaning if there is an error. */
  readonly result: string
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Reads a response, of which the result stays a text: what is signed or hashed in it is read strictly. */
export function parseResponse(text: string): Response {
  const plain = PLAIN.exec(text)
  if (plain !== null && text.endsWith('}')) {
    return { id: Number(plain[1]), result: text.slice(plain[0].length, -1) }
  }
  const response = JSON.parse(text) as Partial<{ id: unknown; result: unknown; error: unknown }>
  const id = typeof response.id === 'number' ? response.id : -1
  if (response.error === undefined || response.error === null) {
    return { id, result: JSON.stringify(response.result ?? null) }
  }
  const { code, message, data } = response.error as { code?: unknown; message?: unknown; data?: unknown }
  if (typeof code !== 'number' || typeof message !== 'string') {
    throw new GlasshouseError('an error without a code or a message')
  }
  return { id, result: 'null', error: { code, message, data } }
}
