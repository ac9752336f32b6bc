// Timers. The queue lives here, so that heap images carry it; the host learns when the earliest timer is
// due and tells the guest to fire it. Ordered by the time due, then by the order of creation.
import {
  apply, bareArray, create, now, RangeErrorClass, trunc, TypeErrorClass
} from './captured.js'

const LIMIT = 10000
const LONGEST = 2147483647

// A binary heap; each timer knows its place in it.
let heap = bareArray()
let byId = create(null)
let lastId = 0

// The timer whose function is running, if it is to come again.
let running = null

function before (a, b) {
  return a.due < b.due || (a.due === b.due && a.id < b.id)
}

function place (timer, at) {
  heap[at] = timer
  timer.at = at
}

function rise (timer) {
  let at = timer.at
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!before(timer, heap[parent])) break
    place(heap[parent], at)
    at = parent
  }
  place(timer, at)
}

function sink (timer) {
  let at = timer.at
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++
    if (!before(heap[child], timer)) break
    place(heap[child], at)
    at = child
  }
  place(timer, at)
}

function add (timer) {
  if (heap.length + (running === null ? 0 : 1) >= LIMIT) {
    throw new RangeErrorClass('more than ' + LIMIT + ' timers are outstanding')
  }
  place(timer, heap.length)
  rise(timer)
  byId[timer.id] = timer
}

function remove (timer) {
  delete byId[timer.id]
  const last = heap[heap.length - 1]
  heap.length--
  if (last === timer) return
  place(last, timer.at)
  rise(last)
  sink(last)
}

function start (run, wait, repeat, rest) {
  if (typeof run !== 'function') {
    throw new TypeErrorClass('a timer takes a function, not ' + (run === null ? 'null' : typeof run))
  }
  const id = ++lastId
  add({ __proto__: null, id, due: now() + wait, at: 0, run, rest, wait, repeat })
  return id
}

// As in Node: what is no delay is the shortest.
function waitOf (delay) {
  const wait = +delay
  return wait >= 1 && wait <= LONGEST ? trunc(wait) : 1
}

function clear (id) {
  if (typeof id !== 'number' && typeof id !== 'string') return
  if (running !== null && running.id === +id) running = null
  const timer = byId[id]
  if (timer !== undefined) remove(timer)
}

// Milliseconds since 1970 at which the earliest timer is due; null if there is none.
export function earliest () {
  return heap.length === 0 ? null : heap[0].due
}

export function isDue () {
  return heap.length > 0 && heap[0].due <= now()
}

// Runs the earliest timer and gives what its function returned.
export function fire () {
  const timer = heap[0]
  remove(timer)
  if (timer.repeat) running = timer
  try {
    return apply(timer.run, undefined, timer.rest)
  } finally {
    const again = running
    running = null
    if (again !== null) {
      again.due = now() + again.wait
      add(again)
    }
  }
}

// Removes the earliest timer without running it.
export function drop () {
  if (heap.length > 0) remove(heap[0])
}

// A fork starts without timers: those of the module are the module's.
export function forget () {
  heap = bareArray()
  byId = create(null)
}

export const globals = {
  setTimeout (run, delay, ...rest) { return start(run, waitOf(delay), false, rest) },
  setInterval (run, delay, ...rest) { return start(run, waitOf(delay), true, rest) },
  setImmediate (run, ...rest) { return start(run, 0, false, rest) },
  clearTimeout (id) { clear(id) },
  clearInterval (id) { clear(id) },
  clearImmediate (id) { clear(id) }
}
