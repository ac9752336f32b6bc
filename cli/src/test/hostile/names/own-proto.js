// A method that is really called __proto__.
// expect: ok "own"
// call: __proto__ []
// alone
Object.defineProperty(exports, '__proto__', { value: () => 'own', enumerable: true })
exports.innocent = () => 'ok'
