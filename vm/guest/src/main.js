// The bootstrap script of the guest: everything a backend module finds beyond the language itself.
//
// It runs inside the sandbox before the module does, on every engine (JVM and browser alike), and its
// SHA-256 is pinned by the genesis entry. The module may change any global it can reach; so whatever is
// used here after the module has loaded is captured first (captured.js), and nothing the host relies on
// is left on the global object.
import { defineProperty, freeze, keys, PromiseClass, put } from './captured.js'
import { console, reportFailure, ungroup } from './console.js'
import { failureWithStack } from './failure.js'
import { fetch } from './fetch.js'
import { files } from './files.js'
import { call, loadCommonjs, loadModule } from './modules.js'
import { oracle, runOutside } from './oracle.js'
import * as timers from './timers.js'
import {
  begin, callerId, fail, failIfRejected, finish, follow, outcomeAtOnce, setCaller, settle, take
} from './turn.js'
import { format } from './values.js'
import * as web from './web.js'

const caller = freeze(defineProperty({}, 'id', { get: () => callerId(), enumerable: true }))
const System = freeze({ caller, files, oracle })
const globals = { System, fetch, console, ...timers.globals, ...web.globals }
for (const name of keys(globals)) put(globalThis, name, globals[name], false)

// Who calls when a timer does.
const SELF = 'module:self'

// Runs an oracle's function in a fork; its outcome is taken as a call's is.
function runFork (fn) {
  timers.forget()
  settle(runOutside(fn), format)
}

// A timer's function runs while a call waits: what becomes of it is not the call's outcome.
function fireWhileWaiting () {
  if (!timers.isDue()) return
  const waiting = callerId()
  setCaller(SELF)
  try {
    const value = timers.fire()
    if (value instanceof PromiseClass) follow(value, () => {}, reportFailure)
  } catch (error) {
    reportFailure(error)
  } finally {
    setCaller(waiting)
  }
}

function fireAlone () {
  setCaller(SELF)
  finish()
  if (!timers.isDue()) return
  const value = timers.fire()
  if (value instanceof PromiseClass) failIfRejected(value)
}

function drop () {
  timers.drop()
  finish()
}

// The messages of the engine, by their numbers: 0 commonjs, 1 module, 2 call, 3 take, 4 describe, 5 fork,
// 6 fire, 7 timer, 8 drop.
const CALL = 2
const TAKE = 3
const DESCRIBE = 4
const FIRE = 6
const handlers = freeze([
  loadCommonjs, loadModule, call, null, null, runFork, null, fireAlone, drop
])

// The function that this bundle comes to (see build.mjs). Only a call has more than one value.
dispatch = (kind, value, caller, params) => {
  if (kind === TAKE) return take()
  if (kind === DESCRIBE) return failureWithStack(value)
  if (kind === FIRE) {
    fireWhileWaiting()
    return
  }
  begin(kind < CALL)
  ungroup()
  try {
    handlers[kind](value, caller, params)
  } catch (error) {
    fail(error)
  }
  return outcomeAtOnce()
}
