// Shifts 2^53 holes.
// expect: abort
exports.attack = () => [].shift.call({ length: 2 ** 53 - 1 })
