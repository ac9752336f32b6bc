// Fills an array of 2^32 elements.
// expect: InternalError
// expect: abort
exports.attack = () => Array(2 ** 32 - 1).fill(0).length
