// Calls a function with 2^32 arguments.
// expect: RangeError
// expect: abort
exports.attack = () => Math.max.apply(null, { length: 2 ** 32 - 1 })
