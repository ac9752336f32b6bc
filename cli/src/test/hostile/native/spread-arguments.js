// Calls a function with a million arguments.
// expect: RangeError
// expect: abort
exports.attack = () => Math.max(...new Array(1e6).fill(1))
