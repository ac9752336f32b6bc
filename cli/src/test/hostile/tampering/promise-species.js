// Promise's species throws.
// expect: ok "own"
// alone
exports.attack = async () => { Object.defineProperty(Promise, Symbol.species, { get () { throw new Error('forged') } }); await null; return 'own' }
exports.innocent = async () => { await null; return 'ok' }
