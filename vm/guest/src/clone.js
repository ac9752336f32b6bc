// structuredClone (HTML Standard, 2.7).
import {
  ArrayBufferClass, bareArray, bufferLengthOf, bufferMaxOf, bufferOf, bufferResizable, bufferTransfer,
  BytesClass, create, DataViewClass, dateValue, DateClass, DOMExceptionClass, ErrorClass, errorStack,
  getOwnPropertyDescriptor, hasOwn, isArray, isError, isObject, keys, mapEntries, mapGet, mapHas,
  mapNext, mapSet, mapSize, MapClass, ObjectClass, booleanValue, bigIntValue, numberValue, offsetOf,
  PromiseClass, put, regExpFlags, regExpSource, RegExpClass, setAdd, setBytes, setNext, setSize, setValues,
  SetClass, stringValue, StringClass, symbolValue, typedArrayName, typedLengthOf, viewBufferOf, viewLengthOf,
  viewOffsetOf, weakMapHas, weakRefDeref, weakSetHas
} from './captured.js'
import { has } from './inspect.js'

const TYPED = create(null)
for (const Class of [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array,
  BigUint64Array, Float16Array, Float32Array, Float64Array
]) TYPED[Class.name] = Class

const ERRORS = create(null)
for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  ERRORS[Class.name] = Class
}

function refuse (what) {
  throw new DOMExceptionClass(what + ' could not be cloned.', 'DataCloneError')
}

export function structuredClone (value, options) {
  const moved = transferred(options)
  const copies = new MapClass()
  const copy = clone(value, copies)
  for (let i = 0; i < moved.length; i++) bufferTransfer(moved[i])
  return copy
}

// What is moved is copied as well; then its own bytes go.
function transferred (options) {
  const moved = bareArray()
  const given = isObject(options) ? options.transfer : undefined
  if (given === undefined) return moved
  for (let i = 0; i < given.length; i++) {
    if (!has(bufferLengthOf, given[i])) refuse('a value that is no ArrayBuffer')
    moved[i] = given[i]
  }
  return moved
}

function clone (value, copies) {
  if (!isObject(value)) return typeof value === 'symbol' ? refuse('a symbol') : value
  if (mapHas(copies, value)) return mapGet(copies, value)
  if (typeof value === 'function') refuse('a function')
  const whole = leaf(value, copies)
  if (whole !== undefined) {
    mapSet(copies, value, whole)
    return whole
  }
  if (has(mapSize, value)) return cloneMap(value, copies)
  if (has(setSize, value)) return cloneSet(value, copies)
  if (isError(value)) return cloneError(value, copies)
  if (isForeign(value)) refuse('an object of this kind')
  const copy = isArray(value) ? [] : {}
  if (isArray(value)) copy.length = value.length
  mapSet(copies, value, copy)
  const own = keys(value)
  for (let i = 0; i < own.length; i++) {
    if (hasOwn(value, own[i])) put(copy, own[i], clone(value[own[i]], copies), true)
  }
  return copy
}

// What holds no other values but bytes; undefined for the rest.
function leaf (value, copies) {
  const kind = typedArrayName(value)
  if (kind !== undefined) {
    return new TYPED[kind](clone(bufferOf(value), copies), offsetOf(value), typedLengthOf(value))
  }
  if (has(bufferLengthOf, value)) return cloneBuffer(value)
  if (has(viewLengthOf, value)) {
    return new DataViewClass(clone(viewBufferOf(value), copies), viewOffsetOf(value), viewLengthOf(value))
  }
  if (isArray(value)) return undefined
  if (has(dateValue, value)) return new DateClass(dateValue(value))
  if (has(regExpSource, value)) return new RegExpClass(regExpSource(value), regExpFlags(value))
  if (has(booleanValue, value)) return ObjectClass(booleanValue(value))
  if (has(numberValue, value)) return ObjectClass(numberValue(value))
  if (has(stringValue, value)) return ObjectClass(stringValue(value))
  if (has(bigIntValue, value)) return ObjectClass(bigIntValue(value))
  return undefined
}

function cloneBuffer (value) {
  const length = bufferLengthOf(value)
  const options = bufferResizable(value) ? { __proto__: null, maxByteLength: bufferMaxOf(value) } : undefined
  const from = new BytesClass(value)
  const copy = new ArrayBufferClass(length, options)
  setBytes(new BytesClass(copy), from)
  return copy
}

function cloneMap (value, copies) {
  const copy = new MapClass()
  mapSet(copies, value, copy)
  const pairs = bareArray()
  const each = mapEntries(value)
  for (let next = mapNext(each); !next.done; next = mapNext(each)) pairs[pairs.length] = next.value
  for (let i = 0; i < pairs.length; i++) mapSet(copy, clone(pairs[i][0], copies), clone(pairs[i][1], copies))
  return copy
}

function cloneSet (value, copies) {
  const copy = new SetClass()
  mapSet(copies, value, copy)
  const members = bareArray()
  const each = setValues(value)
  for (let next = setNext(each); !next.done; next = setNext(each)) members[members.length] = next.value
  for (let i = 0; i < members.length; i++) setAdd(copy, clone(members[i], copies))
  return copy
}

function cloneError (value, copies) {
  const message = getOwnPropertyDescriptor(value, 'message')
  if (value instanceof DOMExceptionClass) {
    const copy = new DOMExceptionClass(value.message, value.name)
    mapSet(copies, value, copy)
    return copy
  }
  const Class = ERRORS[StringClass(value.name)] || ErrorClass
  const copy = message === undefined ? new Class() : new Class(StringClass(value.message))
  mapSet(copies, value, copy)
  const stack = errorStack(value)
  if (typeof stack === 'string') put(copy, 'stack', stack, false)
  const cause = getOwnPropertyDescriptor(value, 'cause')
  if (cause !== undefined) put(copy, 'cause', clone(value.cause, copies), false)
  return copy
}

function isForeign (value) {
  const key = {}
  return has((v) => weakMapHas(v, key), value) || has((v) => weakSetHas(v, key), value) ||
    has(weakRefDeref, value) || has(symbolValue, value) || value instanceof PromiseClass
}
