// System.oracle: a function that runs in a copy of the whole guest, and of which only the answer stays.
import {
  ErrorClass, named, parse, PromiseClass, slice, startsWith, toSource, toWellFormed, TypeErrorClass
} from './captured.js'
import { ask, OP } from './host.js'
import { unformat } from './values.js'

// True only inside such a copy.
let outside = false

// How the function answered, as its caller will: "s" at once, "a" by a promise.
let kind = 's'

export function isOutside () {
  return outside
}

export function answerKind () {
  return kind
}

// Runs the function in the copy.
export function runOutside (fn) {
  outside = true
  const value = fn()
  if (value instanceof PromiseClass) kind = 'a'
  return value
}

export function oracle (fn) {
  if (typeof fn !== 'function') throw new TypeErrorClass('System.oracle takes a function')
  if (outside) throw new ErrorClass('System.oracle cannot be used inside System.oracle')
  const answer = ask(OP.oracle, toWellFormed(toSource(fn)), fn)
  const answered = slice(answer, 1)
  if (startsWith(answer, 's')) return open(answered)
  return new PromiseClass((resolve) => resolve(open(answered)))
}

function open (answered) {
  if (startsWith(answered, 'v')) return unformat(slice(answered, 1))
  const error = parse(slice(answered, 1))
  throw named(error[0], error[1])
}
