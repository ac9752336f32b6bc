// Moves 2^52 holes.
// expect: abort
// watchdog: 100
exports.attack = () => [].splice.call({ length: 2 ** 53 - 3 }, 0, 1, 2, 3)
