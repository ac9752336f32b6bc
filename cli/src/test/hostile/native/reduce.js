// Reduces 2^53 holes.
// expect: trap fuel
// fuel: 4
exports.attack = () => [].reduce.call({ length: 2 ** 53 - 1 }, () => 1, 0)
