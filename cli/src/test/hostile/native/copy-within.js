// Copies 2^52 holes within an array-like.
// expect: abort
// watchdog: 100
exports.attack = () => [].copyWithin.call({ length: 2 ** 53 - 1 }, 0, 2 ** 52)
