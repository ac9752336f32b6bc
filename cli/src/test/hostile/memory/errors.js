// Errors that keep their stacks and causes.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 200
exports.attack = () => { let cause; for (;;) cause = new Error('x'.repeat(10000), { cause }) }
