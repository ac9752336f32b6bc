// Methods under symbols and numbers.
// expect: ok "seven"
// call: 7 []
// alone
exports[Symbol('s')] = () => 1
exports[Symbol.iterator] = function * () { for (;;) yield 1 }
exports[7] = () => 'seven'
exports.innocent = () => 'ok'
