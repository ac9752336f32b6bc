// A result whose text is short and whose JSON is not: each character becomes six.
// expect: RangeError
// expect: abort
exports.attack = () => '\u0001'.repeat(75e4)
