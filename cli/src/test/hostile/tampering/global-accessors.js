// Every global is a getter that throws.
// expect: ok "own"
// alone
exports.attack = () => { for (const k of Reflect.ownKeys(globalThis)) { try { Object.defineProperty(globalThis, k, { get () { throw 1 } }) } catch {} } return 'own' }
exports.innocent = () => 'ok'
