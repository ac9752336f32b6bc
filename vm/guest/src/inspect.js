// Values as text for people, in the form of Node's util.inspect. No getter is invoked; a value that
// throws when it is looked at is shown as such. Depth, width and length are bounded.
import {
  bareArray, bigIntToString, booleanValue, bufferLengthOf, charCodeAt, dateToIso, domMessage, domName,
  errorStack, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, indexOf, isArray, isError, keys, mapEntries,
  mapNext, mapSize, numberValue, objectPrototype, ownKeys, regExpSource, regExpToString, setNext, setSize,
  setValues, slice, startsWith, StringClass, stringify, stringValue, symbolToString, symbolValue, tagSymbol,
  toSource, typedArrayName, typedLengthOf, viewLengthOf
} from './captured.js'
import { braced, bracketed } from './layout.js'
import { addressOf } from './libraries.js'

const ELEMENTS = 100
const PROTOTYPES = 100
const TEXT = 4096
export const DEPTH = 2

// What is being shown: the objects around the value, and how deep it may go.
function sightOf (depth) {
  return { __proto__: null, depth, around: bareArray(), circular: bareArray(), written: 0 }
}

export function inspect (value, depth) {
  return show(value, sightOf(depth))
}

function show (value, sight) {
  try {
    const text = isPrimitive(value) ? primitive(value) : object(value, sight)
    sight.written += text.length
    return text
  } catch (e) {
    return '[object that cannot be shown]'
  }
}

export function isPrimitive (value) {
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
}

function primitive (value) {
  switch (typeof value) {
    case 'string': return quote(value)
    case 'number': return value === 0 && 1 / value < 0 ? '-0' : StringClass(value)
    case 'bigint': return bigInt(value)
    case 'symbol': return symbolToString(value)
  }
  return StringClass(value)
}

// Writing a big integer takes time with the square of its length.
const BIGINT_LIMIT = 1n << 4096n

export function bigInt (value) {
  if (value > BIGINT_LIMIT || value < -BIGINT_LIMIT) return '[BigInt of more than 4096 bits]'
  return bigIntToString(value) + 'n'
}

// In single quotes, unless the text has some.
function quote (text) {
  const json = stringify(slice(text, 0, TEXT))
  if (indexOf(json, "'") >= 0) return json
  const inside = slice(json, 1, -1)
  if (indexOf(inside, '"') < 0) return "'" + inside + "'"
  let unescaped = ''
  let from = 0
  for (let i = 0; i < inside.length; i++) {
    if (charCodeAt(inside, i) !== 92) continue
    i++
    if (charCodeAt(inside, i) !== 34) continue
    unescaped += slice(inside, from, i - 1)
    from = i
  }
  return "'" + unescaped + slice(inside, from) + "'"
}

// What an own or inherited property holds, unless it is a getter.
export function look (value, key) {
  let at = value
  for (let i = 0; i < PROTOTYPES && at !== null; i++) {
    const found = getOwnPropertyDescriptor(at, key)
    if (found !== undefined) return hasOwn(found, 'value') ? found.value : undefined
    at = getPrototypeOf(at)
  }
  return undefined
}

// Whether a getter that only one kind of object has answers for this one.
export function has (getter, value) {
  try {
    getter(value)
    return true
  } catch (e) {
    return false
  }
}

function object (value, sight) {
  for (let i = 0; i < sight.around.length; i++) {
    if (sight.around[i] === value) return '[Circular *' + reference(value, sight) + ']'
  }
  if (sight.around.length > sight.depth && !isError(value)) return summary(value)
  const { around } = sight
  around[around.length] = value
  const text = content(value, sight)
  around.length--
  for (let i = 0; i < sight.circular.length; i++) {
    if (sight.circular[i] === value) return '<ref *' + (i + 1) + '> ' + text
  }
  return text
}

function reference (value, sight) {
  const { circular } = sight
  for (let i = 0; i < circular.length; i++) {
    if (circular[i] === value) return i + 1
  }
  circular[circular.length] = value
  return circular.length
}

// The name of the constructor; null without one.
function className (value) {
  let at = value
  for (let i = 0; i < PROTOTYPES && at !== null; i++) {
    const found = getOwnPropertyDescriptor(at, 'constructor')
    if (found !== undefined && typeof found.value === 'function') {
      const name = look(found.value, 'name')
      if (typeof name === 'string' && name !== '') return slice(name, 0, 256)
    }
    at = getPrototypeOf(at)
  }
  return null
}

function titled (value, usual) {
  const name = className(value)
  const tag = look(value, tagSymbol)
  const shown = name === null ? '[' + usual + ': null prototype]' : name
  const other = typeof tag === 'string' && tag !== '' && tag !== name && tag !== usual
  return other ? shown + ' [' + slice(tag, 0, 256) + ']' : shown
}

function summary (value) {
  if (isArray(value)) return '[Array]'
  if (typeof value === 'function') return functionTitle(value)
  return '[' + titled(value, 'Object') + ']'
}

function content (value, sight) {
  if (typeof value === 'function') return withProperties(functionTitle(value), value, sight)
  if (isArray(value)) return array(value, sight)
  const prototype = getPrototypeOf(value)
  if (prototype === objectPrototype || prototype === null) {
    if (!isError(value)) return plain(value, sight)
  }
  const typed = typedArrayName(value)
  if (typed !== undefined) return typedArray(value, typed, sight)
  if (isError(value)) return error(value, sight)
  if (has(mapSize, value)) return map(value, sight)
  if (has(setSize, value)) return set(value, sight)
  if (has(dateToIso, value)) return withProperties(dateToIso(value), value, sight)
  if (has(regExpSource, value)) return withProperties(regExpToString(value), value, sight)
  if (has(bufferLengthOf, value)) {
    return titled(value, 'ArrayBuffer') + ' { byteLength: ' + bufferLengthOf(value) + ' }'
  }
  if (has(viewLengthOf, value)) {
    return titled(value, 'DataView') + ' { byteLength: ' + viewLengthOf(value) + ' }'
  }
  if (has(domName, value)) return 'DOMException [' + domName(value) + ']: ' + domMessage(value)
  const address = addressOf(value)
  if (address !== null) return 'URL { href: ' + quote(address) + ' }'
  const boxed = unboxed(value)
  if (boxed !== null) return boxed
  return plain(value, sight)
}

function unboxed (value) {
  if (has(numberValue, value)) return '[Number: ' + primitive(numberValue(value)) + ']'
  if (has(stringValue, value)) return '[String: ' + quote(stringValue(value)) + ']'
  if (has(booleanValue, value)) return '[Boolean: ' + booleanValue(value) + ']'
  if (has(symbolValue, value)) return '[Symbol: ' + symbolToString(symbolValue(value)) + ']'
  return null
}

function functionTitle (value) {
  const name = look(value, 'name')
  const shown = typeof name === 'string' && name !== '' ? slice(name, 0, 256) : ''
  if (startsWith(slice(toSource(value), 0, 6), 'class')) {
    const parent = getPrototypeOf(value)
    const above = typeof parent === 'function' ? look(parent, 'name') : ''
    const extended = typeof above === 'string' && above !== '' ? ' extends ' + slice(above, 0, 256) : ''
    return '[class ' + (shown || '(anonymous)') + extended + ']'
  }
  return '[' + (className(value) || 'Function') + (shown ? ': ' + shown : ' (anonymous)') + ']'
}

function plain (value, sight) {
  const title = titled(value, 'Object')
  return braced(title === 'Object' ? '' : title + ' ', properties(value, sight, null))
}

function withProperties (title, value, sight) {
  const entries = properties(value, sight, null)
  return entries.length === 0 ? title : braced(title + ' ', entries)
}

// The enumerable own properties as "key: value"; of an array those that are no elements.
function properties (value, sight, length) {
  const entries = bareArray()
  const names = ownKeys(value)
  let more = 0
  for (let i = 0; i < names.length; i++) {
    const name = names[i]
    if (length !== null && isIndex(name, length)) continue
    if (entries.length >= ELEMENTS || sight.written > TEXT) {
      more = names.length - i
      break
    }
    const found = getOwnPropertyDescriptor(value, name)
    if (found !== undefined && found.enumerable) {
      entries[entries.length] = keyText(name) + ': ' + property(found, sight)
    }
  }
  if (more > 0) entries[entries.length] = remaining(more)
  return entries
}

function remaining (count) {
  return '... ' + count + ' more item' + (count === 1 ? '' : 's')
}

function property (found, sight) {
  if (hasOwn(found, 'value')) return show(found.value, sight)
  if (found.get === undefined) return '[Setter]'
  return found.set === undefined ? '[Getter]' : '[Getter/Setter]'
}

function keyText (name) {
  if (typeof name === 'symbol') return '[' + symbolToString(name) + ']'
  return isIdentifier(name) ? name : quote(name)
}

function isIdentifier (name) {
  if (name.length === 0 || name.length > 256) return false
  for (let i = 0; i < name.length; i++) {
    const c = charCodeAt(name, i)
    const letter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 36 || c === 95
    if (!letter && (i === 0 || c < 48 || c > 57)) return false
  }
  return true
}

function isIndex (name, length) {
  if (typeof name !== 'string' || name.length > 10) return false
  const first = charCodeAt(name, 0)
  return first >= 48 && first <= 57 && name >>> 0 < length && StringClass(name >>> 0) === name
}

function array (value, sight) {
  const length = look(value, 'length')
  const entries = elements(value, length, sight)
  if (length <= ELEMENTS) append(entries, properties(value, sight, length))
  const title = titled(value, 'Array')
  return bracketed(title === 'Array' ? '' : title + '(' + length + ') ', entries)
}

// Holes are counted as Node does.
function elements (value, length, sight) {
  const entries = bareArray()
  let own = null
  let next = 0
  let at = 0
  while (at < length) {
    if (entries.length >= ELEMENTS || sight.written > TEXT) {
      entries[entries.length] = remaining(length - at)
      break
    }
    const found = getOwnPropertyDescriptor(value, at)
    if (found !== undefined) {
      entries[entries.length] = property(found, sight)
      at++
      continue
    }
    if (own === null) own = keys(value)
    while (next < own.length && +own[next] < at) next++
    const end = next < own.length && isIndex(own[next], length) ? +own[next] : length
    const holes = end - at
    entries[entries.length] = '<' + holes + ' empty item' + (holes === 1 ? '' : 's') + '>'
    at = end
  }
  return entries
}

function typedArray (value, kind, sight) {
  const length = typedLengthOf(value)
  const entries = bareArray()
  for (let i = 0; i < length && i < ELEMENTS; i++) entries[i] = primitive(value[i])
  if (length > ELEMENTS) entries[ELEMENTS] = remaining(length - ELEMENTS)
  return bracketed(titled(value, kind) + '(' + length + ') ', entries)
}

function map (value, sight) {
  const entries = bareArray()
  const size = mapSize(value)
  const each = mapEntries(value)
  for (let i = 0; i < size; i++) {
    if (i >= ELEMENTS || sight.written > TEXT) {
      entries[i] = remaining(size - i)
      break
    }
    const pair = mapNext(each).value
    entries[i] = show(pair[0], sight) + ' => ' + show(pair[1], sight)
  }
  append(entries, properties(value, sight, null))
  return braced(titled(value, 'Map') + '(' + size + ') ', entries)
}

function set (value, sight) {
  const entries = bareArray()
  const size = setSize(value)
  const each = setValues(value)
  for (let i = 0; i < size; i++) {
    if (i >= ELEMENTS || sight.written > TEXT) {
      entries[i] = remaining(size - i)
      break
    }
    entries[i] = show(setNext(each).value, sight)
  }
  append(entries, properties(value, sight, null))
  return braced(titled(value, 'Set') + '(' + size + ') ', entries)
}

function append (entries, more) {
  for (let i = 0; i < more.length; i++) entries[entries.length] = more[i]
}

// As Node does: its name and message, its stack, its other properties, and what caused it.
function error (value, sight) {
  const title = errorTitle(value)
  const stack = stackOf(value)
  const lines = typeof stack === 'string' ? outsideFrames(slice(stack, 0, TEXT)) : ''
  let text = title + (lines === '' ? '' : '\n' + lines)
  const entries = properties(value, sight, null)
  const cause = getOwnPropertyDescriptor(value, 'cause')
  if (cause !== undefined) entries[entries.length] = '[cause]: ' + property(cause, sight)
  const errors = getOwnPropertyDescriptor(value, 'errors')
  if (errors !== undefined) entries[entries.length] = '[errors]: ' + property(errors, sight)
  if (lines === '' && sight.around.length > 1) text = '[' + text + ']'
  return entries.length === 0 ? text : braced(text + ' ', entries)
}

// The interpreter's own getter, or what stands in its place.
function stackOf (value) {
  const own = getOwnPropertyDescriptor(value, 'stack')
  return own === undefined ? errorStack(value) : own.value
}

export function errorTitle (value) {
  const name = look(value, 'name')
  const message = look(value, 'message')
  const shown = typeof name === 'string' ? slice(name, 0, 256) : className(value) || 'Error'
  if (typeof message !== 'string' || message === '') return shown
  return shown + ': ' + slice(message, 0, TEXT)
}

// The frames of a stack but those of this script, which tell a module's author nothing.
export function outsideFrames (stack) {
  let text = ''
  let from = 0
  while (from < stack.length) {
    const end = indexOf(stack, '\n', from)
    const line = end < 0 ? slice(stack, from) : slice(stack, from, end)
    const ours = indexOf(line, '(bootstrap:') >= 0 || indexOf(line, '(native)') >= 0
    if (!ours) text += (text === '' ? '' : '\n') + line
    if (end < 0) break
    from = end + 1
  }
  return text
}
