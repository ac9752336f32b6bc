// Reduces 2^53 holes.
// expect: trap fuel
exports.attack = () => [].reduce.call({ length: 2 ** 53 - 1 }, () => 1, 0)
