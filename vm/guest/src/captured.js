// What the language gives, as it is before a module can change it. Whatever this script uses after the
// module has loaded comes from here; nothing of it goes through a prototype, an iterator or a global.

export const { parse, stringify } = JSON
export const {
  create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, isExtensible, keys,
  setPrototypeOf
} = Object
export const { isArray } = Array
export const { isView } = ArrayBuffer
export const { apply, ownKeys } = Reflect
export const { imul, trunc, max } = Math
export const { fromCharCode, fromCodePoint } = String
export const now = Date.now
export const evaluate = eval // called by this name it sees the global scope only

export const ArrayBufferClass = ArrayBuffer
export const BigIntClass = BigInt
export const BytesClass = Uint8Array
export const DataViewClass = DataView
export const DateClass = Date
export const DOMExceptionClass = DOMException
export const ErrorClass = Error
export const MapClass = Map
export const NumberClass = Number
export const ObjectClass = Object
export const PromiseClass = Promise
export const RangeErrorClass = RangeError
export const RegExpClass = RegExp
export const SetClass = Set
export const StringClass = String
export const TypeErrorClass = TypeError

// Turns a method into a function that takes its object first.
export const uncurry = Function.prototype.bind.bind(Function.prototype.call)
const getterOf = (prototype, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get)

export const toSource = uncurry(Function.prototype.toString)
export const toWellFormed = uncurry(String.prototype.toWellFormed)
export const isWellFormed = uncurry(String.prototype.isWellFormed)
export const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable)
export const slice = uncurry(String.prototype.slice)
export const indexOf = uncurry(String.prototype.indexOf)
export const lastIndexOf = uncurry(String.prototype.lastIndexOf)
export const charCodeAt = uncurry(String.prototype.charCodeAt)
export const startsWith = uncurry(String.prototype.startsWith)
export const repeat = uncurry(String.prototype.repeat)
export const toLowerCase = uncurry(String.prototype.toLowerCase)
export const toUpperCase = uncurry(String.prototype.toUpperCase)
export const bigIntToString = uncurry(BigInt.prototype.toString)
export const symbolToString = uncurry(Symbol.prototype.toString)
export const dateToIso = uncurry(Date.prototype.toISOString)
export const dateValue = uncurry(Date.prototype.getTime)
export const regExpToString = uncurry(RegExp.prototype.toString)
export const numberValue = uncurry(Number.prototype.valueOf)
export const stringValue = uncurry(String.prototype.valueOf)
export const booleanValue = uncurry(Boolean.prototype.valueOf)
export const bigIntValue = uncurry(BigInt.prototype.valueOf)
export const symbolValue = uncurry(Symbol.prototype.valueOf)

export const toBase64 = uncurry(Uint8Array.prototype.toBase64)
export const fromBase64 = Uint8Array.fromBase64.bind(Uint8Array)
export const toHex = uncurry(Uint8Array.prototype.toHex)
export const fromHex = Uint8Array.fromHex.bind(Uint8Array)
export const subarray = uncurry(Uint8Array.prototype.subarray)
export const setBytes = uncurry(Uint8Array.prototype.set)
const TypedArray = getPrototypeOf(Uint8Array.prototype)
export const typedArrayName = getterOf(TypedArray, Symbol.toStringTag)
export const bufferOf = getterOf(TypedArray, 'buffer')
export const offsetOf = getterOf(TypedArray, 'byteOffset')
export const byteLengthOf = getterOf(TypedArray, 'byteLength')
export const typedLengthOf = getterOf(TypedArray, 'length')
export const bufferLengthOf = getterOf(ArrayBuffer.prototype, 'byteLength')
export const bufferMaxOf = getterOf(ArrayBuffer.prototype, 'maxByteLength')
export const bufferResizable = getterOf(ArrayBuffer.prototype, 'resizable')
export const bufferTransfer = uncurry(ArrayBuffer.prototype.transfer)
export const viewBufferOf = getterOf(DataView.prototype, 'buffer')
export const viewOffsetOf = getterOf(DataView.prototype, 'byteOffset')
export const viewLengthOf = getterOf(DataView.prototype, 'byteLength')
export const mapSize = getterOf(Map.prototype, 'size')
export const setSize = getterOf(Set.prototype, 'size')
export const mapEntries = uncurry(Map.prototype.entries)
export const mapNext = uncurry(getPrototypeOf(new Map().entries()).next)
export const setValues = uncurry(Set.prototype.values)
export const setNext = uncurry(getPrototypeOf(new Set().values()).next)
export const mapGet = uncurry(Map.prototype.get)
export const mapSet = uncurry(Map.prototype.set)
export const mapHas = uncurry(Map.prototype.has)
export const setAdd = uncurry(Set.prototype.add)
export const weakMapHas = uncurry(WeakMap.prototype.has)
export const weakSetHas = uncurry(WeakSet.prototype.has)
export const weakRefDeref = uncurry(WeakRef.prototype.deref)
export const domName = getterOf(DOMException.prototype, 'name')
export const domMessage = getterOf(DOMException.prototype, 'message')
export const errorStack = getterOf(Error.prototype, 'stack')
export const regExpFlags = getterOf(RegExp.prototype, 'flags')
export const regExpSource = getterOf(RegExp.prototype, 'source')
export const fileNameOf = getterOf(Function.prototype, 'fileName')
export const { isError } = Error
export const objectPrototype = Object.prototype
export const tagSymbol = Symbol.toStringTag
export const parseIntOf = parseInt
export const parseFloatOf = parseFloat
export const atobOf = atob
export const btoaOf = btoa
export const decodeUri = decodeURIComponent
export const encodeUri = encodeURIComponent
export const escapeOf = escape
export const unescapeOf = unescape

// An array whose elements can be set and read without a prototype having a say.
export function bareArray () {
  return setPrototypeOf([], null)
}

// Sets an own property, whatever the module has put on the prototypes.
export function put (target, key, value, enumerable) {
  return defineProperty(target, key,
    { __proto__: null, value, writable: true, configurable: true, enumerable })
}

export function named (name, message) {
  return put(new ErrorClass(message), 'name', name, false)
}

export function isObject (value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
