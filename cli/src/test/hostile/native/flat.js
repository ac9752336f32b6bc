// Flattens 2^53 holes.
// expect: abort
// watchdog: 100
exports.attack = () => [].flat.call({ length: 2 ** 53 - 1 })
