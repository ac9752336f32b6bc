// Reverses 2^53 holes.
// expect: abort
// watchdog: 100
exports.attack = () => [].reverse.call({ length: 2 ** 53 - 1 })
