// A thenable that resolves to another thenable, for ever.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const make = () => ({ then: f => f(make()) }); return make() }
