// Shifts 2^53 holes.
// expect: abort
// watchdog: 100
exports.attack = () => [].shift.call({ length: 2 ** 53 - 1 })
