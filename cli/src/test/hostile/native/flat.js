// Flattens 2^53 holes.
// expect: abort
exports.attack = () => [].flat.call({ length: 2 ** 53 - 1 })
