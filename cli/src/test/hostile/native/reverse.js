// Reverses 2^53 holes.
// expect: abort
exports.attack = () => [].reverse.call({ length: 2 ** 53 - 1 })
