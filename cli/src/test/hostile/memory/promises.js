// Promises that wait for each other.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 200
exports.attack = () => { let p = Promise.resolve(); for (;;) p = p.then(() => 1) }
