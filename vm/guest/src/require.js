// CommonJS inside the module: require finds the module's own files, which the host has.
import {
  apply, create, fileNameOf, lastIndexOf, put, slice, toWellFormed, TypeErrorClass
} from './captured.js'
import { ask, OP } from './host.js'

// One module for each path, from the moment it begins to load; so that modules in a circle see what the
// others have exported so far, as in Node.
const loaded = create(null)

function resolve (from, specifier) {
  if (typeof specifier !== 'string') {
    throw new TypeErrorClass('require takes the path of a file of the module')
  }
  return ask(OP.resolve, from, toWellFormed(specifier))
}

// The function that a file finds as `require`.
function requireFrom (from) {
  const made = {
    require (specifier) {
      const path = resolve(from, specifier)
      const known = loaded[path]
      return known === undefined ? load(path, ask(OP.source, path)).exports : known.exports
    },
    resolve (specifier) { return resolve(from, specifier) }
  }
  put(made.require, 'resolve', made.resolve, true)
  return made.require
}

// The wrapper is the function whose body the file is (see Script). What throws while it loads is loaded
// anew the next time.
function load (path, wrapper) {
  const slash = lastIndexOf(path, '/')
  const directory = slash < 0 ? '.' : slice(path, 0, slash)
  const exports = {}
  const require = requireFrom(path)
  const module = { id: path, filename: path, path: directory, exports, loaded: false, require }
  loaded[path] = module
  let failed = true
  try {
    apply(wrapper, exports, [exports, require, module, path, directory])
    failed = false
  } finally {
    if (failed) delete loaded[path]
  }
  put(module, 'loaded', true, true)
  return module
}

export function loadMain (wrapper) {
  return load(fileNameOf(wrapper), wrapper)
}
