// Promise is no constructor any more.
// expect: TypeError
// then: TypeError
// alone
exports.attack = async () => { Promise.resolve = Promise.reject = () => 'forged'; Promise.prototype.constructor = null; globalThis.Promise = function () {}; await null; return 'own' }
exports.innocent = async () => { await System.files.writeFile('/f', 'x'); return 'ok' }
