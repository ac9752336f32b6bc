// RegExp.prototype is the module's.
// expect: ok "own"
// alone
exports.attack = () => { for (const k of Reflect.ownKeys(RegExp.prototype)) { try { Object.defineProperty(RegExp.prototype, k, { value: () => { throw new Error('forged') }, configurable: true }) } catch {} } console.log(/x/); return 'own' }
exports.innocent = () => 'ok'
