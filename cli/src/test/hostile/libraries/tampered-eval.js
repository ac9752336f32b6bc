// eval and Function are replaced before a library is loaded: no source of the bootstrap is handed over.
// expect: TypeError
// alone
exports.attack = () => { const seen = []; globalThis.eval = globalThis.Function = s => { seen.push(s); throw new Error('forged') }; Function.prototype.constructor = globalThis.eval; for (const f of [() => new URL('http://a/'), () => Buffer.from('x'), () => crypto.subtle.digest('SHA-512', new Uint8Array(1))]) { try { f() } catch (e) { seen.push(e.name) } } return seen }
exports.innocent = () => 'ok'
