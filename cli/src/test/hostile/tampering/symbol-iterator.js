// Every built-in iterator yields what the module wants.
// expect: ok "own"
// alone
exports.attack = () => { for (const p of [Array.prototype, String.prototype, Map.prototype, Set.prototype]) p[Symbol.iterator] = function * () { for (;;) yield 'forged' }; Object.getPrototypeOf([].values()).next = () => ({ done: false, value: 'forged' }); return 'own' }
exports.innocent = () => 'ok'
