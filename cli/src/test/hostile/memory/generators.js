// Generators that are all suspended.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 200
exports.attack = () => { const a = []; for (;;) { const g = (function * (x) { yield x })(new Uint8Array(1e4)); g.next(); a.push(g) } }
