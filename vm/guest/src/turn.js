// The turn that is running: whose it is, and what it has come to.
import { ErrorClass, isObject } from './captured.js'
import { failure, failureWithStack } from './failure.js'
import { answerKind, isOutside } from './oracle.js'
import { unseed } from './random.js'
import { earliest } from './timers.js'

const NEVER = 'the promise never settles: nothing is left that could settle it'

// Characters of an outcome that may stay in the heap until the next turn.
const SHORT = 1024

let number = 0
let outcome = null
let loading = false
let caller = null

export function callerId () {
  return caller
}

export function setCaller (id) {
  caller = id
}

export function begin (isLoad) {
  loading = isLoad
  outcome = null
  number++
  unseed()
}

// The outcome of a turn that nobody waits for, unless it fails.
export function finish () {
  outcome = 'vnull'
}

export function fail (error) {
  outcome = loading ? failureWithStack(error) : failure(error)
}

function fulfil (result, show) {
  try {
    outcome = 'v' + show(result)
  } catch (e) {
    fail(e)
  }
}

// Keeps what the value comes to as this turn's outcome; a promise that settles in a later turn is
// nobody's outcome.
export function settle (value, show) {
  if (!isObject(value)) {
    fulfil(value, show)
    return
  }
  const mine = number
  follow(
    value,
    (result) => { if (mine === number) fulfil(result, show) },
    (error) => { if (mine === number) fail(error) })
}

// A rejection in this turn is its outcome.
export function failIfRejected (promise) {
  const mine = number
  follow(promise, () => {}, (error) => { if (mine === number) fail(error) })
}

// Of all ways to wait for a promise, `await` looks up the least that the module can change.
export async function follow (value, fulfil, reject) {
  let result
  try {
    result = await value
  } catch (error) {
    reject(error)
    return
  }
  fulfil(result)
}

// What the turn has come to; while it has come to nothing and a timer could change that, when that timer
// is due.
export function take () {
  if (outcome === null) {
    const due = earliest()
    if (due !== null) return 'w' + due
    fail(new ErrorClass(NEVER))
  }
  const taken = answer()
  outcome = null
  return taken
}

// As above, if that is known already and the engine finds that no job is left: it then need not ask.
export function outcomeAtOnce () {
  return outcome === null || outcome.length > SHORT ? undefined : answer()
}

function answer () {
  if (isOutside()) return answerKind() + outcome
  const due = earliest()
  return due === null ? outcome : 't' + due + ';' + outcome
}
