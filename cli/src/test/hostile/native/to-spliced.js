// Copies 2^53 holes by the methods that copy.
// expect: RangeError
exports.attack = () => [].with.call({ length: 2 ** 32 - 1 }, 0, 1).length
