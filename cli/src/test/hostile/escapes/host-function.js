// The host's own function, looked for by getters and setters on its way.
// expect: ok []
// expect: abort
// alone
exports.attack = async () => { const seen = new Set(); const note = v => { if (typeof v === 'function') seen.add(v.name) }; const p = Object.getPrototypeOf(async function () {}); for (const o of [Object.prototype, Function.prototype, Array.prototype]) for (const k of ['host', 'dispatch', 'call', 'op', 'ask', 'handlers', '0', '1', '2']) { if (Object.hasOwn(o, k)) continue; Object.defineProperty(o, k, { get () { note(this); return undefined }, set (v) { note(this); note(v) }, configurable: true }) } await System.files.writeFile('/f', 'x'); System.oracle(() => 1); Math.random(); console.log('x'); return [...seen].filter(n => /host|dispatch|ask/.test(n)) }
exports.innocent = () => 'ok'
