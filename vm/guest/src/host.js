// The way to the host. `host` is the parameter of the function that this bundle is (see build.mjs); no
// object that a module can reach leads to it.
import { freeze, indexOf, named, RangeErrorClass, slice } from './captured.js'

// It would be called with the functions on the stack, this script's own among them, and so hand the
// module the way to the host.
delete Error.prepareStackTrace

export const OP = freeze({
  file: 1, oracle: 2, entropy: 3, log: 4, fetch: 5, resolve: 8, source: 9
})

// Calls the host. A refusal comes as a thrown string "Name\nmessage".
export function ask (op, text, body) {
  try {
    return body === undefined ? host(op, text) : host(op, text, body)
  } catch (refusal) {
    if (typeof refusal !== 'string') throw refusal
    const cut = indexOf(refusal, '\n')
    if (cut < 0) throw new RangeErrorClass('out of memory')
    throw named(slice(refusal, 0, cut), slice(refusal, cut + 1))
  }
}
