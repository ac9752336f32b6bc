// console, to the host's own log and never into the call log.
import {
  create, ErrorClass, errorStack, now, repeat, slice, StringClass, toWellFormed
} from './captured.js'
import { textOf } from './console-format.js'
import { table } from './console-table.js'
import { MESSAGE_LIMIT } from './failure.js'
import { ask, OP } from './host.js'
import { DEPTH, inspect, outsideFrames } from './inspect.js'
import { indented } from './layout.js'

const GROUPS = 20
const LABELS = 1000
const UNSHOWN = '[a line that cannot be shown]'

// Groups end with the turn that began them.
let groups = 0
let labels = 0
const counts = create(null)
const starts = create(null)

export function ungroup () {
  groups = 0
}

function write (level, text) {
  const line = groups === 0 ? text : indented(text, repeat('  ', groups))
  ask(OP.log, level, toWellFormed(slice(line, 0, MESSAGE_LIMIT)))
}

// Whatever the values do, one line is written.
function writeValues (level, values, before) {
  let text
  try {
    text = textOf(values)
  } catch (e) {
    text = UNSHOWN
  }
  write(level, before + text)
}

function log (level) {
  return (...values) => writeValues(level, values, '')
}

function labelOf (label) {
  try {
    return label === undefined ? 'default' : slice(StringClass(label), 0, 256)
  } catch (e) {
    return UNSHOWN
  }
}

// A module keeps a bounded number of them.
function keep (where, label, value) {
  if (where[label] === undefined) {
    if (labels >= LABELS) return
    labels++
  }
  where[label] = value
}

function forget (where, label) {
  if (where[label] !== undefined) labels--
  delete where[label]
}

function elapsed (label) {
  return label + ': ' + (now() - starts[label]) + 'ms'
}

// The frames of the caller.
function frames () {
  return outsideFrames(errorStack(new ErrorClass()))
}

// A timer's function that failed while a call was waiting.
export function reportFailure (error) {
  write('error', 'a timer failed: ' + inspect(error, DEPTH))
}

export const console = {
  log: log('info'),
  info: log('info'),
  debug: log('debug'),
  warn: log('warn'),
  error: log('error'),
  dirxml: log('info'),
  trace (...values) {
    let text = UNSHOWN
    try {
      text = textOf(values)
    } catch (e) {}
    write('debug', (text === '' ? 'Trace' : 'Trace: ' + text) + '\n' + frames())
  },
  assert (condition, ...values) {
    if (condition) return
    writeValues('error', values, values.length === 0 ? 'Assertion failed' : 'Assertion failed: ')
  },
  dir (value, options) {
    let depth = DEPTH
    try {
      const wanted = options.depth
      depth = wanted === null ? GROUPS : typeof wanted === 'number' && wanted >= 0 ? wanted : DEPTH
    } catch (e) {}
    write('info', inspect(value, depth < GROUPS ? depth : GROUPS))
  },
  table (value, columns) {
    let text = null
    try {
      text = table(value, columns)
    } catch (e) {
      text = UNSHOWN
    }
    if (text === null) writeValues('info', [value], '')
    else write('info', text)
  },
  group (...values) {
    if (values.length > 0) writeValues('info', values, '')
    if (groups < GROUPS) groups++
  },
  groupCollapsed (...values) {
    if (values.length > 0) writeValues('info', values, '')
    if (groups < GROUPS) groups++
  },
  groupEnd () {
    if (groups > 0) groups--
  },
  count (label) {
    const name = labelOf(label)
    const count = (counts[name] || 0) + 1
    keep(counts, name, count)
    write('info', name + ': ' + count)
  },
  countReset (label) {
    const name = labelOf(label)
    if (counts[name] === undefined) write('warn', "Count for '" + name + "' does not exist")
    forget(counts, name)
  },
  time (label) {
    const name = labelOf(label)
    if (starts[name] !== undefined) write('warn', "Label '" + name + "' already exists for console.time()")
    else keep(starts, name, now())
  },
  timeLog (label, ...values) {
    const name = labelOf(label)
    if (starts[name] === undefined) write('warn', "No such label '" + name + "' for console.timeLog()")
    else writeValues('info', values, elapsed(name) + (values.length === 0 ? '' : ' '))
  },
  timeEnd (label) {
    const name = labelOf(label)
    if (starts[name] === undefined) write('warn', "No such label '" + name + "' for console.timeEnd()")
    else write('info', elapsed(name))
    forget(starts, name)
  }
}
