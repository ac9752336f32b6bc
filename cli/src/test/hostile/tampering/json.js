// JSON answers what the module wants.
// expect: ok {"a":"own"}
// alone
exports.attack = () => { JSON.parse = JSON.stringify = () => 'forged'; globalThis.JSON = null; return { a: 'own' } }
exports.innocent = () => 'ok'
