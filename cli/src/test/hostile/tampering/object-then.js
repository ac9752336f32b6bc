// then on Object.prototype: what a method returns is awaited, so the module answers this.
// expect: ok "forged"
// alone
exports.attack = () => { Object.prototype.then = function (f) { f('forged') }; return { a: 1 } }
exports.innocent = () => 'ok'
