// A toJSON that never ends, called while the result is taken.
// expect: trap fuel
// fuel: 4
exports.attack = () => ({ toJSON () { for (;;); } })
