// A toJSON that returns another object with a toJSON.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const make = n => ({ n, toJSON: () => ({ inner: make(n + 1) }) }); return make(0) }
