// The module: loading it, and the methods it exports.
import {
  apply, create, getOwnPropertyDescriptor, hasOwn, isExtensible, isObject, keys, named, parse, stringify,
  tagSymbol, toWellFormed, TypeErrorClass
} from './captured.js'
import { loadMain } from './require.js'
import { setCaller, settle } from './turn.js'
import { format, mayHaveTags, untag } from './values.js'

let exported = () => undefined
let methods = create(null)

// The methods as the module exports them at this moment.
function collect () {
  const from = exported()
  methods = create(null)
  if (typeof from === 'function') methods.default = from
  if (isObject(from)) {
    const names = keys(from)
    for (let i = 0; i < names.length; i++) {
      const method = from[names[i]]
      if (typeof method === 'function') methods[names[i]] = method
    }
  }
  return from
}

function list () {
  collect()
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

const THEN = 'an ES module cannot export a function named then: whoever imports it would call it'

function isNamespace (value) {
  const tag = isObject(value) ? getOwnPropertyDescriptor(value, tagSymbol) : undefined
  return tag !== undefined && tag.value === 'Module' && !isExtensible(value)
}

export function call (text) {
  const request = parse(text)
  setCaller(request.caller)
  const name = request.method
  const params = mayHaveTags(text) ? untag(request.params) : request.params
  const from = collect()
  if (!hasOwn(methods, name)) {
    throw named('MethodNotFoundError', 'the module exports no method ' + stringify(name))
  }
  // As in `require(module).name(…)`, `this` is what the method was found on.
  const that = methods[name] === from ? undefined : from
  settle(apply(methods[name], that, params), format)
}
