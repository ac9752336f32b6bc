// Makes an array of an array-like of 2^32 elements.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => Array.from({ length: 2 ** 32 - 1 }).length
