// Copies the 2^32 holes of an array-like.
// expect: abort
// watchdog: 100
exports.attack = () => [].slice.call({ length: 2 ** 32 - 1 }).length
