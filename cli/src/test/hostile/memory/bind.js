// A chain of bound functions, which took gigabytes in another engine.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 200
exports.attack = () => { let f = () => 1; for (;;) f = f.bind(null, 1, 2, 3, 4, 5, 6, 7, 8) }
