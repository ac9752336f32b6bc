// The module: loading it, and the methods it exports.
import {
  apply, bareArray, create, getOwnPropertyDescriptor, isEnumerable, isExtensible, isObject, keys, named,
  parse, stringify, tagSymbol, toWellFormed, TypeErrorClass
} from './captured.js'
import { loadMain } from './require.js'
import { setCaller, settle } from './turn.js'
import { format, mayHaveTags, untag } from './values.js'

let exported = () => undefined

// A module that is a function is called by this name, unless it has a method that is.
const DEFAULT = 'default'

// The method that the module exports by this name at this moment, or undefined.
function methodOf (from, name) {
  if (isObject(from) && isEnumerable(from, name)) {
    const method = from[name]
    if (typeof method === 'function') return method
  }
  return name === DEFAULT && typeof from === 'function' ? from : undefined
}

function list () {
  const from = exported()
  const methods = create(null)
  if (typeof from === 'function') methods[DEFAULT] = from
  if (isObject(from)) {
    const names = keys(from)
    for (let i = 0; i < names.length; i++) {
      const method = from[names[i]]
      if (typeof method === 'function') methods[names[i]] = method
    }
  }
  const names = keys(methods)
  let found = '['
  for (let i = 0; i < names.length; i++) {
    const { length } = methods[names[i]]
    const parameters = typeof length === 'number' && length >= 0 && length < 256 ? length | 0 : 0
    found += (i === 0 ? '[' : ',[') + stringify(toWellFormed(names[i])) + ',' + parameters + ']'
  }
  return found + ']'
}

export function loadCommonjs (wrapper) {
  const module = loadMain(wrapper)
  exported = () => module.exports
  settle(undefined, list)
}

// What an ES module exports comes as a promise of its namespace; if it exports a function `then`, that
// promise has asked it for another value.
export function loadModule (promise) {
  settle(promise, (namespace) => {
    if (!isNamespace(namespace)) throw new TypeErrorClass(THEN)
    exported = () => namespace
    return list()
  })
}

// Nobody gets to see it: what a function finds in `arguments` is a copy.
const NONE = bareArray()

const THEN = 'an ES module cannot export a function named then: whoever imports it would call it'

function isNamespace (value) {
  const tag = isObject(value) ? getOwnPropertyDescriptor(value, tagSymbol) : undefined
  return tag !== undefined && tag.value === 'Module' && !isExtensible(value)
}

// Only what is no primitive can hold a tag; to look for one takes longer than many a call.
function mayNeedUntag (params) {
  for (let i = 0; i < params.length; i++) {
    if (typeof params[i] === 'object' && params[i] !== null) return true
  }
  return false
}

function parameters (text) {
  if (text === '[]') return NONE
  const parsed = parse(text)
  return mayNeedUntag(parsed) && mayHaveTags(text) ? untag(parsed) : parsed
}

export function call (name, caller, text) {
  setCaller(caller === undefined ? null : caller)
  const params = parameters(text)
  const from = exported()
  const method = methodOf(from, name)
  if (method === undefined) {
    throw named('MethodNotFoundError', 'the module exports no method ' + stringify(name))
  }
  // As in `require(module).name(…)`, `this` is what the method was found on.
  settle(apply(method, method === from ? undefined : from, params), format)
}
