// A call through 20,000 bound functions.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => { let f = () => 1; for (let i = 0; i < 2e4; i++) f = f.bind(null); return f() }
