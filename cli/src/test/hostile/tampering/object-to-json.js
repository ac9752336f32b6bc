// toJSON on Object.prototype: the module's own affair.
// expect: ok "forged"
// alone
exports.attack = () => { Object.prototype.toJSON = () => 'forged'; return { a: 1 } }
exports.innocent = () => 'ok'
