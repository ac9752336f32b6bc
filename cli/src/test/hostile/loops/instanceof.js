// A Symbol.hasInstance that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => ({}) instanceof { [Symbol.hasInstance] () { for (;;); } }
