// Function.prototype.call called by itself.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => { let f = Function.prototype.call; for (let i = 0; i < 1e5; i++) f = f.bind(Function.prototype.call); return f(() => 1) }
