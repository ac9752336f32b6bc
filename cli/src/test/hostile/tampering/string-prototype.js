// All of String.prototype is the module's.
// expect: ok "own"
// alone
exports.attack = () => { for (const k of Reflect.ownKeys(String.prototype)) { try { String.prototype[k] = () => 'forged' } catch {} } return 'own' }
exports.innocent = () => 'ok'
