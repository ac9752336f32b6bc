// Looks for NaN in 2^53 holes.
// expect: trap fuel
// fuel: 4
exports.attack = () => [].includes.call({ length: 2 ** 53 - 1 }, NaN)
