// A Symbol.unscopables getter that never ends, looked up by `with`.
// expect: trap fuel
// fuel: 4
exports.attack = () => new Function('o', 'with (o) { return x }')({ x: 1, get [Symbol.unscopables] () { for (;;); } })
