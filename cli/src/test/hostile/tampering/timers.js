// The timer functions are replaced, and ids are no numbers.
// expect: ok "own"
// alone
exports.attack = () => { clearTimeout({ valueOf () { throw 1 } }); clearInterval(NaN); clearImmediate('__proto__'); clearTimeout('constructor'); setTimeout(() => {}, { valueOf: () => 1e6 }); globalThis.setTimeout = null; return 'own' }
exports.innocent = () => 'ok'
