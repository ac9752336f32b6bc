// A getter that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => ({ get x () { for (;;); } }).x
