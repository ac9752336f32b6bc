// The bootstrap script of the prompt: the sandbox evaluates what is typed, and `client` calls the
// backend. Speaks the same messages as a module's bootstrap script does.
(function (host) {
  'use strict'

  const CALL = 7
  const LOG = 4
  const ENTROPY = 3
  let colours = false
  let outcome = null

  const paint = (code, text) => colours ? `\u001b[${code}m${text}\u001b[39m` : text

  // --- Values that cross: tagged as modules tag them, see the module's own bootstrap script ---

  const BIGINT_LIMIT = 1n << 32768n
  const BIGINT_DIGITS = 10000
  const TOO_BIG = 'a BigInt of more than 32768 bits cannot cross'

  // The one key that JSON will show of this object if it could be taken for a tag, else undefined.
  function tagOf (value) {
    const shown = Object.keys(value).filter((key) => key[0] === '$' || value[key] !== undefined)
    return shown.length === 1 && shown[0][0] === '$' ? shown[0] : undefined
  }

  function tag (key, value) {
    const raw = this[key]
    if (typeof raw === 'bigint') {
      if (raw > BIGINT_LIMIT || raw < -BIGINT_LIMIT) throw new RangeError(TOO_BIG)
      return { $bigint: String(raw) }
    }
    if (typeof raw === 'function' || typeof raw === 'symbol') {
      throw new TypeError(`a ${typeof raw} cannot be sent: only JSON, Uint8Array and BigInt cross`)
    }
    if (raw instanceof Uint8Array) return { $bytes: raw.toBase64() }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const name = tagOf(value)
      if (name !== undefined) return { ['$' + name]: value[name] }
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
      if (name === '$bigint' && typeof value[name] === 'string') {
        if (value[name].length > BIGINT_DIGITS) throw new RangeError(TOO_BIG)
        return BigInt(value[name])
      }
      if (name.startsWith('$$')) return { [name.slice(1)]: untag(value[name]) }
    }
    return Object.fromEntries(own.map((name) => [name, untag(value[name])]))
  }

  function mayHaveTags (text) {
    return text.includes('"$') || text.includes('"\\u0024')
  }

  function call (method, params) {
    let reply
    try {
      reply = host(CALL, String(method), JSON.stringify(params, tag))
    } catch (refusal) {
      if (typeof refusal !== 'string') throw refusal
      const cut = refusal.indexOf('\n')
      if (cut < 0) throw new RangeError('out of memory')
      const error = new Error(refusal.slice(cut + 1))
      Object.defineProperty(error, 'name', { value: refusal.slice(0, cut), enumerable: false })
      Object.defineProperty(error, 'stack', { value: '', enumerable: false })
      throw error
    }
    const value = JSON.parse(reply)
    return mayHaveTags(reply) ? untag(value) : value
  }

  const method = (name) => async (...params) => call(name, params)
  globalThis.client = new Proxy(function client () {}, {
    get: (target, name) => typeof name === 'symbol' || name === 'then' ? undefined : method(name),
    apply: (target, that, params) => method('default')(...params)
  })

  Math.random = function random () {
    const [a, b] = new Uint32Array(host(ENTROPY, '8').slice().buffer)
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992
  }

  // --- Showing values ---
  // What comes from a host may hold anything, and must not steer the terminal that shows it: what is
  // not painted here is escaped. (Several scripts and emoji are written with U+200C and U+200D.)

  const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

  function escape (c) {
    if (c === '\u200c' || c === '\u200d') return c
    const code = c.codePointAt(0)
    return code > 0xffff ? `\\u{${code.toString(16)}}` : '\\u' + code.toString(16).padStart(4, '0')
  }

  const word = (text) => String(text).replace(UNSAFE, escape)
  const lines = (text) => String(text).replace(UNSAFE, (c) => c === '\n' || c === '\t' ? c : escape(c))

  function quote (text) {
    const inner = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")
    return paint(32, "'" + word(inner) + "'")
  }

  function name (key) {
    return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
  }

  function list (open, items, close) {
    if (items.length === 0) return open + close
    const line = `${open} ${items.join(', ')} ${close}`
    const width = line.replace(/\u001b\[\d+m/g, '').length
    if (width <= 76 && !line.includes('\n')) return line
    return `${open}\n  ${items.join(',\n').replace(/\n/g, '\n  ')}\n${close}`
  }

  function some (items, show) {
    const shown = items.slice(0, 100).map(show)
    if (items.length > 100) shown.push(`… ${items.length - 100} more`)
    return shown
  }

  // A message's own line breaks stay, set off so that they cannot pass for something else.
  function showError (error) {
    const message = lines(error.message).replace(/\n/g, '\n    ')
    const head = message === '' ? word(error.name) : `${word(error.name)}: ${message}`
    const own = String(error.stack || '').split('\n').filter((line) => line && !line.includes('(native)'))
    return own.length > 0 ? `${head}\n${own.map(word).join('\n')}` : head
  }

  // The class by the prototype: a member called `constructor` may be anything.
  function kindOf (value) {
    const prototype = Object.getPrototypeOf(value)
    if (prototype === null) return '[Object: null prototype]'
    const made = prototype.constructor
    return made === Object || typeof made !== 'function' ? '' : word(made.name)
  }

  function show (value, depth, seen) {
    switch (typeof value) {
      case 'string': return quote(value)
      case 'number': case 'boolean': return paint(33, Object.is(value, -0) ? '-0' : String(value))
      case 'bigint': return paint(33, value + 'n')
      case 'undefined': return paint(90, 'undefined')
      case 'symbol': return paint(32, word(String(value)))
      case 'function':
        if (value === globalThis.client) return paint(36, '[client]')
        return paint(36, `[Function ${word(value.name || '(anonymous)')}]`)
    }
    if (value === null) return 'null'
    if (seen.includes(value)) return paint(36, '[Circular]')
    const inner = (v) => show(v, depth + 1, [...seen, value])
    if (value instanceof Error) return showError(value)
    if (value instanceof Date) return paint(35, isNaN(value) ? 'Invalid Date' : value.toISOString())
    if (value instanceof RegExp) return paint(31, word(value))
    if (depth > 3) return paint(36, Array.isArray(value) ? '[Array]' : '[Object]')
    if (Array.isArray(value)) return list('[', some(value, inner), ']')
    const kind = kindOf(value)
    if (ArrayBuffer.isView(value) && typeof value.length === 'number') {
      return `${kind}(${value.length}) ` + list('[', some(Array.from(value), inner), ']')
    }
    if (value instanceof Map) {
      return `Map(${value.size}) ` + list('{', some([...value], ([k, v]) => `${inner(k)} => ${inner(v)}`), '}')
    }
    if (value instanceof Set) return `Set(${value.size}) ` + list('{', some([...value], inner), '}')
    if (value instanceof Promise) return 'Promise {}'
    const members = some(Object.keys(value), (key) => `${name(key)}: ${inner(value[key])}`)
    return (kind && kind + ' ') + list('{', members, '}')
  }

  const print = (...values) => {
    const shown = values.map((value) => typeof value === 'string' ? lines(value) : show(value, 0, []))
    host(LOG, 'out', shown.join(' '))
  }
  globalThis.console = { log: print, info: print, debug: print, warn: print, error: print, trace: print }

  // --- Messages: 0 a line's value, 2 settings, 3 take the outcome, 4 an error at parsing ---

  // Marked 's' if it did not parse, and so did nothing.
  function failed (error, mark) {
    try {
      outcome = mark + (error instanceof Error ? showError(error) : 'Uncaught ' + show(error, 0, []))
    } catch (e) {
      outcome = mark + 'an error that cannot be shown'
    }
  }

  function settings (text) {
    colours = JSON.parse(text)[0]
    outcome = 'v'
  }

  return function dispatch (kind, value, caller, params) {
    switch (kind) {
      case 0:
        // An evaluation that may await gives a promise of { value }; the value may be a promise too.
        Promise.resolve(value)
          .then((line) => line.value)
          .then((result) => {
            if (result !== undefined) globalThis._ = result
            outcome = result === undefined ? 'u' : 'v' + plainOrShown(result)
          })
          .catch((error) => failed(error, 'e'))
        return
      case 2:
        settings(params)
        return
      case 3: {
        const taken = outcome === null ? 'eThe promise never settles.' : outcome
        outcome = null
        return taken
      }
      case 4:
        failed(value, 's')
        return outcome
    }
  }

  // What a script reads from standard output is bare; what a person sees at the prompt is quoted.
  function plainOrShown (value) {
    const shown = show(value, 0, [])
    return JSON.stringify([typeof value === 'string' ? value.toWellFormed() : shown, shown])
  }
})
