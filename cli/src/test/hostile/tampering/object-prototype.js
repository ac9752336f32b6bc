// Everything on Object.prototype answers for the module.
// expect: ok "own"
// alone
exports.attack = () => { for (const k of ['toJSON', 'then', 'get', 'set', 'value', 'enumerable', 'name', 'message', 'method', 'params', 'caller', 'id', 'length', '0', '1', 'default', 'encoding', 'recursive', 'due', 'run', 'rest']) Object.defineProperty(Object.prototype, k, { __proto__: null, get () { return undefined }, set () {}, configurable: true }); return 'own' }
exports.innocent = () => 'ok'
