// Prototypes of the built-in prototypes are changed to proxies.
// expect: ok "own"
// alone
exports.attack = () => { const trap = new Proxy({}, { get () { throw new Error('forged') }, has () { return true } }); for (const C of [Array, Function, Promise, String, Uint8Array, Error]) Object.setPrototypeOf(C.prototype, trap); return 'own' }
exports.innocent = () => 'ok'
