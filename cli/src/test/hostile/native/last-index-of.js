// Looks backwards through 2^53 holes.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => [].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)
