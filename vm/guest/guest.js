// The bootstrap script of the guest: everything a backend module finds beyond the language itself.
//
// It runs inside the sandbox before the module does, on every engine (JVM and browser alike), and its
// SHA-256 is pinned by the genesis entry. The module may change any global it can reach; so whatever is
// used here after the module has loaded is captured first, and nothing the host relies on is left on
// the global object.
(function (host) {
  'use strict'

  // --- What is used later, captured before the module can change it ---
  const { parse, stringify } = JSON
  const { freeze, defineProperty, keys, create } = Object
  const hasOwn = Object.hasOwn
  const { isArray } = Array
  const { isView } = ArrayBuffer
  const uncurry = Function.prototype.bind.bind(Function.prototype.call)
  const PromiseClass = Promise
  const BytesClass = Uint8Array
  const BufferClass = ArrayBuffer
  const ErrorClass = Error
  const TypeErrorClass = TypeError
  const RangeErrorClass = RangeError
  const BigIntClass = BigInt
  const StringClass = String
  const toSource = uncurry(Function.prototype.toString)
  const apply = Reflect.apply
  const toWellFormed = uncurry(String.prototype.toWellFormed)
  const slice = uncurry(String.prototype.slice)
  const indexOf = uncurry(String.prototype.indexOf)
  const charCodeAt = uncurry(String.prototype.charCodeAt)
  const fromCharCode = String.fromCharCode
  const startsWith = uncurry(String.prototype.startsWith)
  const toBase64 = uncurry(Uint8Array.prototype.toBase64)
  const fromBase64 = Uint8Array.fromBase64.bind(Uint8Array)
  const toHex = uncurry(Uint8Array.prototype.toHex)
  const fromHex = Uint8Array.fromHex.bind(Uint8Array)
  const bigIntToString = uncurry(BigInt.prototype.toString)
  const subarray = uncurry(Uint8Array.prototype.subarray)
  const toLowerCase = uncurry(String.prototype.toLowerCase)
  const getter = (name) => uncurry(Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype), name).get)
  const typedArrayName = getter(Symbol.toStringTag)
  const bufferOf = getter('buffer')
  const offsetOf = getter('byteOffset')
  const lengthOf = getter('byteLength')

  // It would be called with the functions on the stack, this script's own among them, and so hand the
  // module the way to the host.
  delete Error.prepareStackTrace

  const OP = freeze({ file: 1, oracle: 2, entropy: 3, log: 4, fetch: 5 })
  const MESSAGE_LIMIT = 4096
  const DOLLAR = 36

  // Reading and writing a big integer takes time with the square of its length, and no fuel: whoever
  // may call must not be able to send one of any length.
  const BIGINT_LIMIT = 1n << 32768n
  const BIGINT_DIGITS = 10000
  const TOO_BIG = 'a BigInt of more than 32768 bits cannot cross'

  // True only inside a fork that runs an oracle's function.
  let outside = false

  // Sets an own property, whatever the module has put on the prototypes.
  function put (target, key, value, enumerable) {
    return defineProperty(target, key, { __proto__: null, value, writable: true, configurable: true, enumerable })
  }

  function named (name, message) {
    return put(new ErrorClass(message), 'name', name, false)
  }

  function isBytes (value) {
    return typedArrayName(value) === 'Uint8Array'
  }

  // Calls the host. A refusal comes as a thrown string "Name\nmessage".
  function ask (op, text, body) {
    try {
      return body === undefined ? host(op, text) : host(op, text, body)
    } catch (refusal) {
      if (typeof refusal !== 'string') throw refusal
      const cut = indexOf(refusal, '\n')
      if (cut < 0) throw new RangeErrorClass('out of memory')
      throw named(slice(refusal, 0, cut), slice(refusal, cut + 1))
    }
  }

  // --- Values that cross: JSON, with bytes and big integers tagged ---

  // The one key that JSON will show of this object if it could be taken for a tag, else undefined.
  function tagOf (value) {
    const own = keys(value)
    let found
    for (let i = 0; i < own.length; i++) {
      if (charCodeAt(own[i], 0) === DOLLAR) {
        if (found !== undefined) return undefined
        found = own[i]
      }
    }
    if (found === undefined) return undefined
    for (let i = 0; i < own.length; i++) {
      if (own[i] !== found && value[own[i]] !== undefined) return undefined
    }
    return found
  }

  function tag (key, value) {
    const raw = this[key]
    if (typeof raw === 'bigint') {
      if (raw > BIGINT_LIMIT || raw < -BIGINT_LIMIT) throw new RangeErrorClass(TOO_BIG)
      return { $bigint: bigIntToString(raw) }
    }
    if (typeof raw === 'function' || typeof raw === 'symbol') {
      throw new TypeErrorClass('a ' + typeof raw + ' cannot be sent: only JSON, Uint8Array and BigInt cross')
    }
    if (isBytes(raw)) return { $bytes: toBase64(raw) }
    if (typeof value === 'object' && value !== null && !isArray(value)) {
      const name = tagOf(value)
      if (name !== undefined) return { ['$' + name]: value[name] }
    }
    return value
  }

  function format (value) {
    switch (typeof value) {
      case 'undefined': return 'null'
      case 'string': case 'number': case 'boolean': return stringify(value)
    }
    const text = stringify(value, tag)
    return text === undefined ? 'null' : text
  }

  function untag (value) {
    if (typeof value !== 'object' || value === null) return value
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = untag(value[i])
      return value
    }
    const own = keys(value)
    if (own.length === 1 && charCodeAt(own[0], 0) === DOLLAR) {
      const name = own[0]
      const content = value[name]
      if (name === '$bytes' && typeof content === 'string') return fromBase64(content)
      if (name === '$bigint' && typeof content === 'string') {
        if (content.length > BIGINT_DIGITS) throw new RangeErrorClass(TOO_BIG)
        return BigIntClass(content)
      }
      if (startsWith(name, '$$')) return { [slice(name, 1)]: untag(content) }
    }
    for (let i = 0; i < own.length; i++) {
      put(value, own[i], untag(value[own[i]]), true)
    }
    return value
  }

  function mayHaveTags (text) {
    return indexOf(text, '"$') >= 0 || indexOf(text, '"\\u0024') >= 0
  }

  function unformat (text) {
    const value = parse(text)
    return mayHaveTags(text) ? untag(value) : value
  }

  // --- System.files ---

  function pathOf (path) {
    if (typeof path !== 'string') throw named('InvalidPathError', 'a path must be a string')
    return toWellFormed(path)
  }

  function encodingOf (options, otherwise) {
    const encoding = typeof options === 'string' ? options
      : options && typeof options === 'object' ? options.encoding : undefined
    if (encoding === undefined || encoding === null) return otherwise
    switch (encoding) {
      case 'utf8': case 'utf-8': return 'utf8'
      case 'json': case 'base64': case 'hex': case 'binary': return encoding
    }
    throw named('InvalidEncodingError', 'encoding must be utf8, json, base64, hex or binary')
  }

  // Asks for [operation, path] or [operation, path, more].
  function file (operation, path, more, body) {
    const rest = more === undefined ? '' : ',' + stringify(more)
    return ask(OP.file, '["' + operation + '",' + stringify(path) + rest + ']', body)
  }

  function readFile (path, options) {
    const encoding = encodingOf(options, 'utf8')
    const at = pathOf(path)
    if (encoding === 'utf8') return file('readText', at)
    if (encoding === 'json') {
      // The one deviation from Dat: a path that does not exist is null as JSON, so that the
      // tutorial's persistent counter starts.
      const text = file('readJson', at)
      return text === undefined ? null : unformat(text)
    }
    const bytes = file('readBytes', at)
    if (encoding === 'base64') return toBase64(bytes)
    if (encoding === 'hex') return toHex(bytes)
    return bytes
  }

  function bytesOf (content) {
    if (isBytes(content)) {
      // A view of a resizable buffer follows its size, which is not seen from outside.
      return new BytesClass(bufferOf(content), offsetOf(content), lengthOf(content))
    }
    if (content instanceof BufferClass) return new BytesClass(content)
    if (isView(content)) return new BytesClass(content.buffer, content.byteOffset, content.byteLength)
    return null
  }

  function contentOf (content, encoding) {
    const bytes = bytesOf(content)
    if (bytes !== null) return bytes
    switch (encoding) {
      case 'json': return format(content)
      case 'base64': return fromBase64(StringClass(content))
      case 'hex': return fromHex(StringClass(content))
      case 'binary': {
        const text = StringClass(content)
        const latin = new BytesClass(text.length)
        for (let i = 0; i < text.length; i++) latin[i] = charCodeAt(text, i)
        return latin
      }
    }
    if (encoding === undefined && typeof content !== 'string') return format(content)
    return toWellFormed(StringClass(content))
  }

  function writeFile (path, content, options) {
    const at = pathOf(path)
    const encoding = encodingOf(options, undefined)
    let body
    try {
      body = contentOf(content, encoding)
    } catch (e) {
      if (encoding === 'base64' || encoding === 'hex') {
        throw named('InvalidEncodingError', 'the content is not ' + encoding)
      }
      throw e
    }
    file('write', at, undefined, body)
  }

  function stat (path) {
    const found = parse(file('stat', pathOf(path)))
    return {
      type: found.type,
      size: found.size,
      sha256: found.sha256,
      isFile: () => found.type === 'file',
      isDirectory: () => found.type === 'directory'
    }
  }

  // Every method answers with a promise, as Dat's do; the work itself is done at once, in order.
  function promised (operation) {
    return async (...args) => apply(operation, undefined, args)
  }

  const files = freeze({
    readFile: promised(readFile),
    writeFile: promised(writeFile),
    stat: promised(stat),
    readdir: promised((path, options) =>
      parse(file('readdir', pathOf(path), !!(options && options.recursive)))),
    mkdir: promised((path) => { file('mkdir', pathOf(path)) }),
    unlink: promised((path) => { file('unlink', pathOf(path)) }),
    rmdir: promised((path, options) => {
      file('rmdir', pathOf(path), !!(options && options.recursive))
    }),
    rename: promised((from, to) => { file('rename', pathOf(from), pathOf(to)) }),
    copy: promised((from, to) => { file('copy', pathOf(from), pathOf(to)) })
  })

  // --- System.oracle ---

  function oracle (fn) {
    if (typeof fn !== 'function') throw new TypeErrorClass('System.oracle takes a function')
    if (outside) throw new ErrorClass('System.oracle cannot be used inside System.oracle')
    const answer = ask(OP.oracle, toWellFormed(toSource(fn)), fn)
    // "s" or "a" for a function that answered at once or by a promise, then the outcome.
    const answered = slice(answer, 1)
    if (startsWith(answer, 's')) return open(answered)
    return new PromiseClass((resolve) => resolve(open(answered)))
  }

  function open (answered) {
    if (startsWith(answered, 'v')) return unformat(slice(answered, 1))
    const error = parse(slice(answered, 1))
    throw named(error[0], error[1])
  }

  function describe (error) {
    let name = 'Error'
    let message
    try {
      if (error instanceof ErrorClass) {
        name = StringClass(error.name)
        message = StringClass(error.message)
      } else {
        message = typeof error === 'object' && error !== null ? format(error) : StringClass(error)
      }
    } catch (e) {
      message = 'an error that cannot be shown'
    }
    return [toWellFormed(slice(name, 0, 256)), toWellFormed(slice(message, 0, MESSAGE_LIMIT))]
  }

  // While the module loads, its author also wants to know where: the stack follows on the next lines.
  let loading = false

  function failure (error) {
    const found = describe(error)
    const text = 'e[' + stringify(found[0]) + ',' + stringify(found[1]) + ']'
    return loading ? text + '\n' + stackOf(error) : text
  }

  function stackOf (error) {
    try {
      return error instanceof ErrorClass ? toWellFormed(StringClass(error.stack)) : ''
    } catch (e) {
      return ''
    }
  }

  // --- Randomness and time ---
  // Math.random is xoshiro128**, seeded on its first use in a call by 128 bits of entropy that the host
  // logs as an input of that call. Date is the interpreter's own: its clock import gives the entry's time.
  let seeded = false
  let s0, s1, s2, s3

  function seed () {
    const bytes = ask(OP.entropy, '')
    const word = (i) => bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | bytes[i + 3] << 24
    s0 = word(0)
    s1 = word(4)
    s2 = word(8)
    s3 = word(12) | 1
    seeded = true
  }

  const imul = Math.imul
  function next () {
    if (!seeded) seed()
    const product = imul(s1, 5)
    const result = imul(product << 7 | product >>> 25, 9)
    const t = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = s3 << 11 | s3 >>> 21
    return result >>> 0
  }

  put(Math, 'random', function random () {
    return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
  }, false)

  // --- console, to the host's own log and never into the call log ---

  function show (value) {
    if (typeof value === 'string') return value
    if (typeof value === 'function') return '[Function ' + (value.name || 'anonymous') + ']'
    if (typeof value === 'bigint') return bigIntToString(value) + 'n'
    if (value instanceof ErrorClass) return StringClass(value.stack || value)
    if (typeof value !== 'object' || value === null) return StringClass(value)
    try {
      return format(value)
    } catch (e) {
      return '[object that cannot be shown]'
    }
  }

  function log (level) {
    return (...values) => {
      let line = ''
      for (let i = 0; i < values.length && line.length < MESSAGE_LIMIT; i++) {
        line += (i === 0 ? '' : ' ') + show(values[i])
      }
      ask(OP.log, level, toWellFormed(slice(line, 0, MESSAGE_LIMIT)))
    }
  }

  // --- fetch, which exists inside an oracle only ---

  function fetchResponse (reply) {
    const length = reply[0] | reply[1] << 8 | reply[2] << 16 | reply[3] << 24
    let head = ''
    for (let i = 0; i < length; i++) head += fromCharCode(reply[4 + i])
    const { url, status, statusText, headers } = parse(head)
    const body = subarray(reply, 4 + length)
    const text = () => ask(OP.file, '["decode"]', body)
    return {
      url,
      status,
      statusText,
      ok: status >= 200 && status < 300,
      headers: {
        get: (name) => {
          const key = toLowerCase(StringClass(name))
          return hasOwn(headers, key) ? headers[key] : null
        }
      },
      text: async () => text(),
      json: async () => parse(text()),
      bytes: async () => new BytesClass(body),
      arrayBuffer: async () => new BytesClass(body).buffer
    }
  }

  async function fetch (resource, options) {
    if (!outside) {
      throw named('OutsideError', 'fetch reaches outside the sandbox: use it inside System.oracle(() => …)')
    }
    const { method = 'GET', headers = {}, body } = options || {}
    const request = create(null)
    request.url = StringClass(resource)
    request.method = StringClass(method)
    request.headers = create(null)
    const sent = keys(headers)
    for (let i = 0; i < sent.length; i++) request.headers[sent[i]] = StringClass(headers[sent[i]])
    const content = body === undefined || body === null ? undefined : contentOf(body, undefined)
    return fetchResponse(ask(OP.fetch, stringify(request), content))
  }

  const caller = { id: null }
  const callerView = freeze(defineProperty({}, 'id', { get: () => caller.id, enumerable: true }))
  const System = freeze({ caller: callerView, files, oracle })
  const global = { System, fetch }
  global.console = {
    log: log('info'),
    info: log('info'),
    debug: log('debug'),
    warn: log('warn'),
    error: log('error'),
    trace: log('debug')
  }
  for (const name of keys(global)) {
    put(globalThis, name, global[name], false)
  }

  // --- Loading and calling the module ---

  let exported = () => undefined
  let methods = create(null)
  let turn = 0
  let outcome = null

  // Keeps what the value comes to as this turn's outcome; a promise that settles in a later turn is
  // nobody's outcome.
  function settle (value, finish) {
    const mine = turn
    const fulfil = (result) => {
      if (mine !== turn) return
      try {
        outcome = 'v' + finish(result)
      } catch (e) {
        outcome = failure(e)
      }
    }
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
      fulfil(value)
      return
    }
    follow(value, fulfil, (error) => { if (mine === turn) outcome = failure(error) })
  }

  // Of all ways to wait for a promise, `await` looks up the least that the module can change.
  async function follow (value, fulfil, reject) {
    let result
    try {
      result = await value
    } catch (error) {
      reject(error)
      return
    }
    fulfil(result)
  }

  // The methods as the module exports them at this moment.
  function collect () {
    const from = exported()
    methods = create(null)
    if (typeof from === 'function') methods.default = from
    if ((typeof from === 'object' && from !== null) || typeof from === 'function') {
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

  function loadCommonjs (wrapper) {
    const module = { exports: {} }
    const require = (name) => {
      throw new ErrorClass('require(' + stringify(name) + '): a module is self-contained, it can require nothing')
    }
    exported = () => module.exports
    apply(wrapper, module.exports, [module.exports, require, module])
    settle(undefined, list)
  }

  function loadModule (namespace) {
    settle(namespace, (ns) => {
      exported = () => ns
      return list()
    })
  }

  function call (text) {
    const request = parse(text)
    caller.id = request.caller
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

  // Runs an oracle's function in a fork; its outcome is taken as a call's is.
  let forkKind = 's'
  function runFork (fn) {
    outside = true
    seeded = false
    const value = fn()
    if (value instanceof PromiseClass) forkKind = 'a'
    settle(value, format)
  }

  function take () {
    const taken = outcome
    outcome = null
    turn++
    seeded = false
    loading = false
    if (taken !== null) return taken
    return failure(new ErrorClass('the promise never settles: nothing is left that could settle it'))
  }

  const handlers = [loadCommonjs, loadModule, call, null, null, runFork]
  return function dispatch (kind, value) {
    if (kind === 3) return outside ? forkKind + take() : take()
    loading = kind < 2 || kind === 4
    if (kind === 4) return failure(value)
    outcome = null
    turn++
    try {
      handlers[kind](value)
    } catch (error) {
      outcome = failure(error)
    }
  }
})
