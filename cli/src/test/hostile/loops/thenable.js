// A thenable whose then never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => ({ then () { for (;;); } })
