// Promise.prototype.then never calls back.
// expect: ok "own"
// alone
exports.attack = async () => { Promise.prototype.then = Promise.prototype.finally = Promise.prototype.catch = () => { throw new Error('forged') }; await null; return 'own' }
exports.innocent = async () => { await null; return 'ok' }
