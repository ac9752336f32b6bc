// Fills an array of 2^32 elements.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => Array(2 ** 32 - 1).fill(0).length
