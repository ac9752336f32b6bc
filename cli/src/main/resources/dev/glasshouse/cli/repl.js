// The bootstrap script of the prompt: the sandbox evaluates what is typed, and `client` calls the
// backend. Speaks the same messages as a module's bootstrap script does.
(function (host) {
  'use strict'

  const CALL = 7
  const LOG = 4
  let colours = false
  let outcome = null

  const paint = (code, text) => colours ? `\u001b[${code}m${text}\u001b[39m` : text

  // --- Values that cross, as modules write them ---

  function tag (key, value) {
    const raw = this[key]
    if (typeof raw === 'bigint') return { $bigint: String(raw) }
    if (typeof raw === 'function' || typeof raw === 'symbol') {
      throw new TypeError(`a ${typeof raw} cannot be sent: only JSON, Uint8Array and BigInt cross`)
    }
    if (raw instanceof Uint8Array) return { $bytes: raw.toBase64() }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const own = Object.keys(value)
      if (own.length === 1 && own[0][0] === '$') return { ['$' + own[0]]: value[own[0]] }
    }
    return value
  }

  function untag (value) {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(untag)
    const own = Object.keys(value)
    if (own.length === 1) {
      const [name] = own
      if (name === '$bytes' && typeof value[name] === 'string') return Uint8Array.fromBase64(value[name])
      if (name === '$bigint' && typeof value[name] === 'string') return BigInt(value[name])
      if (name.startsWith('$$')) return { [name.slice(1)]: untag(value[name]) }
    }
    return Object.fromEntries(own.map((name) => [name, untag(value[name])]))
  }

  function call (method, params) {
    let reply
    try {
      reply = host(CALL, method, JSON.stringify(params, tag))
    } catch (refusal) {
      const text = String(refusal)
      const cut = text.indexOf('\n')
      const error = new Error(text.slice(cut + 1))
      Object.defineProperty(error, 'name', { value: text.slice(0, cut), enumerable: false })
      Object.defineProperty(error, 'stack', { value: '', enumerable: false })
      throw error
    }
    return untag(JSON.parse(reply))
  }

  const method = (name) => async (...params) => call(name, params)
  globalThis.client = new Proxy(function client () {}, {
    get: (target, name) => typeof name === 'symbol' || name === 'then' ? undefined : method(name),
    apply: (target, that, params) => method('default')(...params)
  })

  // --- Showing values ---

  function quote (text) {
    return paint(32, "'" + JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'") + "'")
  }

  function name (key) {
    return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
  }

  function list (open, items, close) {
    if (items.length === 0) return open + close
    const line = `${open} ${items.join(', ')} ${close}`
    if (line.length <= 76 && !line.includes('\n')) return line
    return `${open}\n  ${items.join(',\n').replace(/\n/g, '\n  ')}\n${close}`
  }

  function some (items, show) {
    const shown = items.slice(0, 100).map(show)
    if (items.length > 100) shown.push(`… ${items.length - 100} more`)
    return shown
  }

  function showError (error) {
    const head = `${error.name}: ${error.message}`
    const own = String(error.stack || '').split('\n').filter((line) => line && !line.includes('(native)'))
    return own.length > 0 ? `${head}\n${own.join('\n')}` : head
  }

  function show (value, depth, seen) {
    switch (typeof value) {
      case 'string': return quote(value)
      case 'number': case 'boolean': return paint(33, Object.is(value, -0) ? '-0' : String(value))
      case 'bigint': return paint(33, value + 'n')
      case 'undefined': return paint(90, 'undefined')
      case 'symbol': return paint(32, String(value))
      case 'function': return paint(36, `[Function ${value.name || '(anonymous)'}]`)
    }
    if (value === null) return 'null'
    if (value === globalThis.client) return paint(36, '[client]')
    if (seen.includes(value)) return paint(36, '[Circular]')
    const inner = (v) => show(v, depth + 1, [...seen, value])
    if (value instanceof Error) return showError(value)
    if (value instanceof Date) return paint(35, isNaN(value) ? 'Invalid Date' : value.toISOString())
    if (value instanceof RegExp) return paint(31, String(value))
    if (depth > 3) return paint(36, Array.isArray(value) ? '[Array]' : '[Object]')
    if (Array.isArray(value)) return list('[', some(value, inner), ']')
    if (ArrayBuffer.isView(value) && typeof value.length === 'number') {
      return `${value.constructor.name}(${value.length}) ` + list('[', some(Array.from(value), inner), ']')
    }
    if (value instanceof Map) {
      return `Map(${value.size}) ` + list('{', some([...value], ([k, v]) => `${inner(k)} => ${inner(v)}`), '}')
    }
    if (value instanceof Set) return `Set(${value.size}) ` + list('{', some([...value], inner), '}')
    if (value instanceof Promise) return 'Promise {}'
    const kind = value.constructor && value.constructor !== Object ? value.constructor.name + ' ' : ''
    return kind + list('{', some(Object.keys(value), (key) => `${name(key)}: ${inner(value[key])}`), '}')
  }

  const plain = (value) => typeof value === 'string' ? value : show(value, 0, [])
  const print = (...values) => { host(LOG, 'out', values.map(plain).join(' ')) }
  globalThis.console = { log: print, info: print, debug: print, warn: print, error: print }

  // --- Messages: 0 a line's value, 2 settings, 3 take the outcome, 4 an error at parsing ---

  function failed (error) {
    const text = error instanceof Error ? showError(error) : 'Uncaught ' + show(error, 0, [])
    const kind = error instanceof SyntaxError ? 's' : 'e'
    outcome = kind + text
  }

  function settings (text) {
    colours = JSON.parse(text).params[0]
    outcome = 'v'
  }

  return function dispatch (kind, value) {
    switch (kind) {
      case 0:
        // An evaluation that may await gives a promise of { value }; the value may be a promise too.
        Promise.resolve(value)
          .then((line) => line.value)
          .then((result) => {
            if (result !== undefined) globalThis._ = result
            outcome = result === undefined ? 'u' : 'v' + plainOrShown(result)
          })
          .catch(failed)
        return
      case 2:
        settings(value)
        return
      case 3: {
        const taken = outcome === null ? 'eThe promise never settles.' : outcome
        outcome = null
        return taken
      }
      case 4:
        failed(value)
        return outcome
    }
  }

  // What a script reads from standard output is bare; what a person sees at the prompt is quoted.
  function plainOrShown (value) {
    return JSON.stringify([plain(value), show(value, 0, [])])
  }
})
