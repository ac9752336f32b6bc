// The bootstrap script of a guest that runs tests: it evaluates the scripts that it is told to and says
// what became of them. The tests may change every global; nothing is used here that they can reach.
(function (host) {
  'use strict'
  const SOURCE = 9
  const apply = Reflect.apply
  const transfer = ArrayBuffer.prototype.transfer
  const StringClass = String
  const slice = String.prototype.slice
  const indexOf = String.prototype.indexOf
  const toWellFormed = String.prototype.toWellFormed
  const defineProperty = Object.defineProperty

  let outcome = 'p'
  let printed = ''

  function define (name, value) {
    defineProperty(globalThis, name, { __proto__: null, value, writable: true, configurable: true, enumerable: false })
  }

  define('print', function print (text) { printed += StringClass(text) + '\n' })
  define('$262', {
    global: globalThis,
    evalScript (text) { return host(SOURCE, 'evalScript', StringClass(text)) },
    detachArrayBuffer (buffer) {
      apply(transfer, buffer, [])
      return null
    },
    gc () { throw new Error('there is no way to collect garbage here') }
  })
  delete Error.prepareStackTrace

  function describe (error) {
    let name = ''
    let text
    try {
      if ((typeof error === 'object' && error !== null) || typeof error === 'function') {
        name = StringClass(error.constructor.name)
      }
    } catch (e) {
      name = ''
    }
    try {
      text = StringClass(error)
    } catch (e) {
      text = 'an error that cannot be shown'
    }
    return 'e' + name + '\n' + text
  }

  // The names of scripts, one on each line.
  function run (names) {
    outcome = 'v'
    for (let at = 0; at < names.length;) {
      const end = apply(indexOf, names, ['\n', at])
      host(SOURCE, apply(slice, names, [at, end]))
      at = end + 1
    }
  }

  async function follow (promise) {
    try {
      await promise
      outcome = 'v'
    } catch (error) {
      outcome = describe(error)
    }
  }

  function take () {
    const taken = outcome + '\n' + printed
    outcome = 'p'
    printed = ''
    return apply(toWellFormed, apply(slice, taken, [0, 2000]), [])
  }

  return function dispatch (kind, value) {
    if (kind === 3) return take()
    if (kind === 4) return describe(value) + '\n' + printed
    if (kind === 1) {
      follow(value)
      return
    }
    try {
      run(value)
    } catch (error) {
      outcome = describe(error)
    }
  }
})
